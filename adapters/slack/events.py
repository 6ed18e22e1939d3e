"""Handles events: messages and mentions, reactions, the Home tab, and the end of our installation."""

import logging

from adapters.fields import Fields
from adapters.slack.home import help_message
from adapters.slack.inbound import Identity, Said, admitted, follows_up, heard, reaction, uninstalled
from adapters.slack.outbound import SlackMessage, reason_offer
from adapters.slack.reception import Reception
from adapters.slack.review_presses import home_of
from adapters.slack.speaker import Ear
from bot.desk import Taken
from bot.types import Flag, FlagSource, Kind
from router.types import Visibility

FLAGGED = "Flagged, thanks. What is wrong with the answer?"

_log = logging.getLogger(__name__)


class EventHandlers:
    """One method per kind of event. Each commits before it returns and raises StoreUnavailable when it could not."""

    def __init__(self, reception: Reception) -> None:
        self._at = reception

    async def message(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Take a question, an edit or a deletion."""
        said = heard(body, me, self._at.options)
        if said is None or not (said.addressed or await self._is_follow_up(said)):
            return None
        if said.kind is Kind.ASK and not said.text:
            self._offer_help(body, said)
            return None
        visibility = await self._at.channels.visibility(said.channel, said.channel_type, external=said.external)
        question = said.question(self._at.new_id(), self._at.clock(), visibility)
        taken = await self._at.desk.take(question)
        _log.info("%s question=%s kind=%s", taken.value, question.id, question.kind.value)
        return None

    async def reaction(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Put a flag on an answer, or take it back."""
        seen = reaction(body, me, self._at.options)
        question_id = await self._at.desk.question_at(seen.at) if seen else None
        if seen is None or question_id is None:
            return None
        if not seen.added:
            await self._at.desk.retract(question_id, seen.user)
            return None
        flag = Flag(question_id, seen.user, FlagSource.REACTION, None, "", self._at.clock())
        if await self._at.desk.flag(flag) is Taken.NEW:
            await self._ask_for_reason(question_id, seen.user, seen.at.channel)
        return None

    async def home(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Show a person's Home tab."""
        user, team = body.text("event", "user"), body.text("team_id") or me.team
        if body.text("event", "tab") != "home" or not user or not admitted((team,), me, self._at.options):
            return None
        self._at.speaker.publish(user, await home_of(self._at, user, team))
        return None

    async def revoked(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Tell the operators that Slack does not accept our token any more: answers wait for a new one."""
        _log.error("Slack revoked our access team=%s", body.text("team_id") or me.team)
        return None

    async def uninstalled(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Have everything of a workspace deleted that took us out."""
        team = body.text("team_id") or me.team
        _log.error("Slack uninstalled us team=%s: everything of it is deleted", team)
        await self._at.desk.take(uninstalled(body, team, self._at.new_id(), self._at.clock()))
        return None

    async def ignore(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Take note of an event that nobody subscribed to; an error would make Slack send it again."""
        _log.debug("ignored event=%s team=%s", body.text("event", "type"), me.team)
        return None

    async def _is_follow_up(self, said: Said) -> bool:
        if self._at.options.follow_ups == "mention" or said.thread == said.ts:
            return False
        askers = await self._at.desk.askers(said.conversation(Visibility.PRIVATE))
        return follows_up(said, askers, self._at.options.follow_ups)

    def _offer_help(self, body: Fields, said: Said) -> None:
        """Say how to ask, once: a mention in a channel comes as two events, of which the mention counts."""
        if body.text("event", "type") == "app_mention" or said.channel_type == "im":
            self._at.speaker.whisper(Ear(said.user, said.channel, said.thread), help_message())

    async def _ask_for_reason(self, question_id: str, user: str, channel: str) -> None:
        record = await self._at.desk.record(question_id)
        thread = record.question.conversation.thread if record else ""
        self._at.speaker.whisper(Ear(user, channel, thread), reason_offer(question_id, FLAGGED))
