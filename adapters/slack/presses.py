"""Handles the slash command, the buttons under answers, and the flag form."""

import logging
from dataclasses import replace

from adapters.fields import Fields
from adapters.slack.home import help_message
from adapters.slack.inbound import Identity
from adapters.slack.interactions import Press, command, form, press
from adapters.slack.outbound import SlackMessage, reason_offer, remark
from adapters.slack.reception import Reception
from adapters.slack.reply_url import Manner
from adapters.slack.speaker import Ear
from adapters.slack.views import flag_view, why_view
from bot.desk import Record, Taken
from bot.types import FlagReason

HELPFUL = "Thanks, noted as helpful."
FLAGGED = "Flagged, thanks. It goes to the quality review."
ADD_REASON = "Flagged, thanks. You can add a reason."
ALREADY_ASKED = "The frontier model was asked already; its answer is in this conversation or on its way."
ALREADY_LIVE = "A model was asked this question already; its answer is in this conversation or on its way."
MISMATCHED = "Thanks, noted. That earlier answer is not served again before a review, and a model is asked your question now."
MISMATCHED_TOO = "Thanks, noted. That earlier answer is not served again before a review. A model was asked your question already."
ALREADY_AGAIN = "I am answering this question already."
WILL_TELL = "I will tell you, once, in a direct message when it is back."
WILL_TELL_ALREADY = "You are on the list already: I will tell you in a direct message when it is back."
REQUESTED = "Asked: the operators see your request in their channel."
REQUESTED_ALREADY = "The operators were asked for this already."
FORGOTTEN = "I do not have this answer any more. Please ask again."
NOT_OPENED = "The dialog could not be opened in time. Please press the button again."

_log = logging.getLogger(__name__)


class PressHandlers:
    """One method per command, button and form. Each commits before it returns and raises StoreUnavailable if it could not."""

    def __init__(self, reception: Reception) -> None:
        self._at = reception

    async def command(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Take a question from `/ask`, or answer with how to use it."""
        asked = command(body, me, self._at.options)
        if asked is None:
            return None
        if not asked.text:
            return help_message()
        visibility = await self._at.channels.visibility(asked.channel, asked.channel_type)
        question = asked.question(self._at.new_id(), self._at.clock(), visibility)
        taken = await self._at.desk.take(question)
        _log.info("%s question=%s kind=%s", taken.value, question.id, question.kind.value)
        return None

    async def feedback(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Note a thumbs-up, or put a flag at once and ask for its reason."""
        pressed = press(body, me, self._at.options)
        if pressed is None or not (pressed.up or pressed.down):
            return None
        if pressed.up:
            taken = await self._at.desk.helpful(pressed.question_id, pressed.user)
            self._say(pressed, FORGOTTEN if taken is Taken.UNKNOWN else HELPFUL)
        elif await self._at.desk.flag(pressed.flag(self._at.clock())) is Taken.UNKNOWN:
            self._say(pressed, FORGOTTEN)
        else:
            self._open_form(pressed)
        return None

    async def reason(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Open the flag form."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            self._open_form(pressed)
        return None

    async def escalate(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Ask the frontier model."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            taken = await self._at.desk.escalate(pressed.click(Manner.APPEND))
            self._say_unless_new(pressed, taken, ALREADY_ASKED)
        return None

    async def live(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Ask a model what the cache answered."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            taken = await self._at.desk.live(pressed.click(Manner.APPEND))
            self._say_unless_new(pressed, taken, ALREADY_LIVE)
        return None

    async def mismatch(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Take an answer that was given to another question out of service, and ask a model."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            taken = await self._at.desk.mismatch(pressed.click(Manner.APPEND))
            said = {Taken.NEW: MISMATCHED, Taken.DUPLICATE: MISMATCHED_TOO, Taken.UNKNOWN: FORGOTTEN}
            self._say(pressed, said[taken])
        return None

    async def again(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Answer a question again, as it reads now."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            taken = await self._at.desk.again(pressed.click(Manner.REPLACE))
            self._say_unless_new(pressed, taken, ALREADY_AGAIN)
        return None

    async def small(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Let the small model answer what the frontier model may not."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            taken = await self._at.desk.small(pressed.click(Manner.REPLACE))
            self._say_unless_new(pressed, taken, ALREADY_AGAIN)
        return None

    async def tell(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Tell a person when it is back."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            said = {Taken.NEW: WILL_TELL, Taken.DUPLICATE: WILL_TELL_ALREADY, Taken.UNKNOWN: FORGOTTEN}
            self._say(pressed, said[await self._at.desk.tell(pressed.click(Manner.APPEND))])
        return None

    async def request_budget(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Ask the operators for more budget."""
        pressed = press(body, me, self._at.options)
        if pressed is not None:
            said = {Taken.NEW: REQUESTED, Taken.DUPLICATE: REQUESTED_ALREADY, Taken.UNKNOWN: FORGOTTEN}
            self._say(pressed, said[await self._at.desk.request_budget(pressed.click(Manner.APPEND))])
        return None

    async def why(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Explain where an answer came from."""
        pressed = press(body, me, self._at.options)
        if pressed is None:
            return None
        record = await self._at.desk.record(pressed.question_id)
        if record is None or not _may_see(record, pressed):
            self._say(pressed, FORGOTTEN)
        else:
            self._at.speaker.open(pressed.trigger, why_view(record), _ear(pressed), remark(NOT_OPENED))
        return None

    async def form(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Put the reason to a flag."""
        given = form(body, me, self._at.options)
        if given is None:
            return None
        flag = given.flag(self._at.clock())
        await self._at.desk.flag(flag if flag.reason else replace(flag, reason=FlagReason.OTHER))
        record = await self._at.desk.record(given.question_id)
        if record is not None and not record.question.private:
            place = record.question.conversation
            self._at.speaker.whisper(Ear(given.user, place.channel, place.thread), remark(FLAGGED))
        return None

    async def ignore(self, body: Fields, me: Identity) -> SlackMessage | None:
        """Take note of a press of a button that we do not know, such as one of an older version."""
        _log.debug("ignored interaction=%s team=%s", body.text("type"), me.team)
        return None

    def _open_form(self, pressed: Press) -> None:
        question_id = pressed.question_id
        self._at.speaker.open(pressed.trigger, flag_view(question_id), _ear(pressed), reason_offer(question_id, ADD_REASON))

    def _say_unless_new(self, pressed: Press, taken: Taken, already: str) -> None:
        if taken is not Taken.NEW:
            self._say(pressed, already if taken is Taken.DUPLICATE else FORGOTTEN)

    def _say(self, pressed: Press, text: str) -> None:
        self._at.speaker.whisper(_ear(pressed), remark(text))


def _ear(pressed: Press) -> Ear:
    return Ear(pressed.user, pressed.channel, pressed.thread, pressed.reply_url)


def _may_see(record: Record, pressed: Press) -> bool:
    """Whether a button stands where its question does, or belongs to the asker; the reasons may quote a private channel."""
    place = record.question.conversation
    here = (place.tenant, place.channel) == (pressed.tenant, pressed.channel)
    return here or record.question.user == pressed.user
