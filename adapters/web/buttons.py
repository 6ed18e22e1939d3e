"""What people do with an answer on the page: flag it, praise it, ask about it, ask for a better one."""

from typing import Literal

from adapters.web.bodies import MarkBody, PressedBody, write_body
from adapters.web.courier import answer_id, notice_id
from adapters.web.inbound import click_of, flag_of
from adapters.web.outbound import Why, why
from adapters.web.payloads import FlagForm, Press, Refused
from bot.desk import Desk, Taken
from bot.store.transcript import Entry, Transcript
from bot.types import Answered
from router.types import Clock

NO_SUCH_ANSWER = "that answer is not there any more"
NOTHING_TO_EXPLAIN = "there is no answer to explain yet"

State = Literal["flagged", "helpful", "none"]
Once = Literal["live", "mismatch"]
"""A button that nobody needs to press a second time."""


class Buttons:
    """Hands people's verdicts and wishes to the desk, for answers that they can see.

    A verdict leaves a mark in the transcript for its giver alone, a button that works once leaves one for all who see it.
    Every method raises Refused (404 for an answer that is not there, or not theirs to see) and StoreUnavailable.
    """

    def __init__(self, desk: Desk, transcript: Transcript, *, clock: Clock) -> None:
        self._desk = desk
        self._transcript = transcript
        self._clock = clock

    async def flag(self, form: FlagForm) -> Taken:
        """Put a person's flag on an answer."""
        entry = await self._seen(form.question, form.user)
        taken = _known(await self._desk.flag(flag_of(form, self._clock())))
        await self._mark(entry, form.user, "flagged", form.reason.value)
        return taken

    async def retract(self, press: Press) -> Taken:
        """Take a person's flag back."""
        entry = await self._seen(press.question, press.user)
        taken = await self._desk.retract(press.question, press.user)
        await self._mark(entry, press.user, "none")
        return taken

    async def helpful(self, press: Press) -> Taken:
        """Note that an answer helped."""
        entry = await self._seen(press.question, press.user)
        taken = _known(await self._desk.helpful(press.question, press.user))
        await self._mark(entry, press.user, "helpful")
        return taken

    async def escalate(self, press: Press) -> Taken:
        """Ask the frontier model the same question."""
        await self._seen(press.question, press.user)
        return _known(await self._desk.escalate(click_of(press)))

    async def live(self, press: Press) -> Taken:
        """Ask a model what the cache answered."""
        entry = await self._seen(press.question, press.user)
        taken = _known(await self._desk.live(click_of(press)))
        await self._pressed(entry, press.user, "live")
        return taken

    async def mismatch(self, press: Press) -> Taken:
        """Take an answer that was given to another question out of service, and ask a model."""
        entry = await self._seen(press.question, press.user)
        taken = _known(await self._desk.mismatch(click_of(press)))
        await self._pressed(entry, press.user, "mismatch")
        return taken

    async def again(self, press: Press) -> Taken:
        """Ask the same question anew."""
        await self._seen(press.question, press.user)
        return _known(await self._desk.again(click_of(press)))

    async def small(self, press: Press) -> Taken:
        """Let the small model answer what the frontier model may not."""
        await self._seen(press.question, press.user)
        return _known(await self._desk.small(click_of(press)))

    async def tell(self, press: Press) -> Taken:
        """Tell a person when it is back."""
        await self._seen(press.question, press.user)
        return _known(await self._desk.tell(click_of(press)))

    async def request_budget(self, press: Press) -> Taken:
        """Ask the operators for more budget."""
        await self._seen(press.question, press.user)
        return _known(await self._desk.request_budget(click_of(press)))

    async def why(self, question_id: str, user: str) -> Why:
        """Explain why an answer came from its tier."""
        await self._seen(question_id, user)
        record = await self._desk.record(question_id)
        if record is None or not isinstance(record.reply, Answered):
            raise Refused(404, NOTHING_TO_EXPLAIN)
        return why(record.reply)

    async def _seen(self, question_id: str, user: str) -> Entry:
        """Return the bot's entry for a question, if this person may see it."""
        for entry_id in (answer_id(question_id), notice_id(question_id)):
            entry = await self._transcript.get(entry_id)
            if entry and not entry.deleted and entry.visible_to in ("", user):
                return entry
        raise Refused(404, NO_SUCH_ANSWER)

    async def _mark(self, entry: Entry, user: str, state: State, reason: str = "") -> None:
        body = MarkBody(answers=entry.question, state=state, reason=reason)
        await self._note(entry, f"m:{entry.question}:{user}", user, body, visible_to=user)

    async def _pressed(self, entry: Entry, user: str, button: Once) -> None:
        body = PressedBody(answers=entry.question, button=button)
        await self._note(entry, f"p:{entry.question}:{button}", user, body, visible_to=entry.visible_to)

    async def _note(self, entry: Entry, note_id: str, user: str, body: MarkBody | PressedBody, *, visible_to: str) -> None:
        """Write beside an answer what somebody did with it; writing it again changes nothing."""
        await self._transcript.put(
            Entry(
                id=note_id,
                channel=entry.channel,
                thread=entry.thread,
                author=user,
                visible_to=visible_to,
                body=write_body(body),
                at=self._clock(),
                question=entry.question,
            )
        )


def _known(taken: Taken) -> Taken:
    if taken is Taken.UNKNOWN:
        raise Refused(404, NO_SUCH_ANSWER)
    return taken
