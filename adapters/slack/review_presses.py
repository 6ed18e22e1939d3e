"""Handles the review in Slack: the button in the Home tab, and each verdict."""

import logging

from slack_sdk.models.views import View

from adapters.fields import Fields
from adapters.slack.home import SHOWN, home_view
from adapters.slack.inbound import Identity
from adapters.slack.reception import Mistake, Reception
from adapters.slack.review_form import CONTRADICTION, NOTHING_LEFT, done_view, fault_block, review, review_view, reviewer
from bot.reviewing import Graded
from bot.types import Platform

NOT_REVIEWER = "You are not one of the reviewers whom the policy names, so nothing is shown or saved."
NOT_OPENED = "The dialog could not be opened in time. Please press the button again."
NO_VERDICT = "That form had no verdict, so nothing was saved."
SAID = {
    Graded.FIRST: "Saved.",
    Graded.REPLACED: "Saved. It takes the place of what you had said of that answer before.",
    Graded.SECOND: "Saved. Somebody else graded that answer in the meantime; yours is kept as a second opinion.",
    Graded.GONE: "That answer is not there any more, so nothing was saved.",
    Graded.HIDDEN: "That answer is not open to you any more, so nothing was saved.",
    Graded.NOT_ALLOWED: NOT_REVIEWER,
}

_log = logging.getLogger(__name__)


class ReviewHandlers:
    """Both ask the bot each time whether this person reviews. They raise StoreUnavailable when nothing could be kept."""

    def __init__(self, reception: Reception) -> None:
        self._at = reception

    async def open(self, body: Fields, me: Identity) -> None:
        """Open the dialog with the next answer."""
        who = reviewer(body, me, self._at.options)
        if who is None:
            return
        view = await self._next(who.user)
        self._at.speaker.open_over_home(who.trigger, view, who.user, await home_of(self._at, who.user, who.tenant, NOT_OPENED))

    async def submit(self, body: Fields, me: Identity) -> View | Mistake | None:
        """Keep a verdict, show the next answer in the same dialog, and how the queue stands in the Home tab."""
        who = reviewer(body, me, self._at.options)
        if who is None:
            return None
        try:
            said = review(body, who.user, self._at.clock())
        except ValueError:
            return Mistake(fault_block(body), CONTRADICTION)
        note = NO_VERDICT
        if said is not None:
            graded = await self._at.reviewing.grade(said) if self._at.reviewing else Graded.NOT_ALLOWED
            _log.info("%s review question=%s", graded.value, said.question_id)
            note = SAID[graded]
        view = await self._next(who.user, note)
        self._at.speaker.publish(who.user, await home_of(self._at, who.user, who.tenant))
        return view

    async def _next(self, user: str, note: str = "") -> View:
        reviewing = self._at.reviewing
        queue = await reviewing.queue(user) if reviewing else None
        if reviewing is None or queue is None:
            return done_view(NOT_REVIEWER)
        shown = await reviewing.reveal_next(user)
        return review_view(shown, queue, note) if shown else done_view(note, NOTHING_LEFT)


async def home_of(at: Reception, user: str, tenant: str, note: str = "") -> View:
    """Return a person's Home tab as it is now. Raises StoreUnavailable."""
    queue = await at.reviewing.queue(user) if at.reviewing else None
    return home_view(await at.desk.recent(Platform.SLACK, tenant, user, SHOWN), queue, note)
