"""Handles pressed buttons and the feedback form; each is answered in band."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from adapters.fields import Fields
from adapters.teams.cards import Card
from adapters.teams.inbound import Place
from adapters.teams.interactions import Press, Verb, feedback, press
from adapters.teams.reception import Reception
from adapters.teams.views import said_card, why_card
from bot.desk import Click, Record, Taken

ASKED = "The frontier model is asked now; its answer follows here."
ASKED_LIVE = "A model is asked now; its answer follows here."
ASKED_AGAIN = "I am answering this question again; the answer follows here."
ALREADY_ASKED = "The frontier model was asked already; its answer is in this conversation or on its way."
ALREADY_LIVE = "A model was asked this question already; its answer is in this conversation or on its way."
ALREADY_AGAIN = "I am answering this question again already."
MISMATCHED = "Thanks, noted. That earlier answer is not served again before a review, and a model is asked your question now."
MISMATCHED_TOO = "Thanks, noted. That earlier answer is not served again before a review. A model was asked your question already."
ASKED_SMALL = "The small model is asked now; its answer follows here."
WILL_TELL = "I will tell you, once, when it is back."
WILL_TELL_ALREADY = "You are on the list already: I will tell you when it is back."
REQUESTED = "Asked: the operators see your request in their channel."
REQUESTED_ALREADY = "The operators were asked for this already."
FORGOTTEN = "I do not have this answer any more. Please ask again."

_log = logging.getLogger(__name__)

Said = Mapping[Taken, str]
_SAID: Mapping[Verb, Said] = {
    Verb.ESCALATE: {Taken.NEW: ASKED, Taken.DUPLICATE: ALREADY_ASKED},
    Verb.LIVE: {Taken.NEW: ASKED_LIVE, Taken.DUPLICATE: ALREADY_LIVE},
    Verb.RETRY: {Taken.NEW: ASKED_AGAIN, Taken.DUPLICATE: ALREADY_AGAIN},
    Verb.ANSWER_AGAIN: {Taken.NEW: ASKED_AGAIN, Taken.DUPLICATE: ALREADY_AGAIN},
    Verb.ASK_SMALL: {Taken.NEW: ASKED_SMALL, Taken.DUPLICATE: ALREADY_AGAIN},
    Verb.TELL_ME: {Taken.NEW: WILL_TELL, Taken.DUPLICATE: WILL_TELL_ALREADY},
    Verb.REQUEST_BUDGET: {Taken.NEW: REQUESTED, Taken.DUPLICATE: REQUESTED_ALREADY},
    Verb.MISMATCH: {Taken.NEW: MISMATCHED, Taken.DUPLICATE: MISMATCHED_TOO},
}


class PressHandlers:
    """Each method commits before it returns and raises StoreUnavailable when it could not."""

    def __init__(self, reception: Reception) -> None:
        self._desk = reception.desk
        self._clock = reception.clock
        self._do: Mapping[Verb, Callable[[Click], Awaitable[Taken]]] = {
            Verb.ESCALATE: self._desk.escalate,
            Verb.LIVE: self._desk.live,
            Verb.RETRY: self._desk.again,
            Verb.ANSWER_AGAIN: self._desk.again,
            Verb.ASK_SMALL: self._desk.small,
            Verb.TELL_ME: self._desk.tell,
            Verb.REQUEST_BUDGET: self._desk.request_budget,
            Verb.MISMATCH: self._desk.mismatch,
        }

    async def press(self, activity: Fields, place: Place) -> Card | None:
        """Do what a button asks for, and return the card that takes its card's place; None for no button of ours."""
        pressed = press(activity, place)
        if pressed is None or pressed.verb not in (Verb.WHY, *self._do):
            return None
        record = await self._desk.record(pressed.question_id)
        if record is None or not _may_see(record, place):
            return said_card(None, FORGOTTEN)
        if pressed.verb is Verb.WHY:
            return why_card(record)
        return said_card(record, await self._done(pressed))

    async def feedback(self, activity: Fields, place: Place) -> None:
        """Note a thumbs-up, or put a flag with what the form says."""
        given = feedback(activity, place)
        question_id = await self._desk.question_at(place.ref(given.message)) if given and given.message else None
        if given is None or question_id is None:
            _log.info("feedback on no answer of ours")
        elif given.liked:
            await self._desk.helpful(question_id, place.user)
        else:
            await self._desk.flag(given.flag(question_id, self._clock()))

    async def _done(self, pressed: Press) -> str:
        taken = await self._do[pressed.verb](pressed.click())
        _log.info("%s press=%s question=%s", taken.value, pressed.verb.value, pressed.question_id)
        return _SAID[pressed.verb].get(taken, FORGOTTEN)


def _may_see(record: Record, place: Place) -> bool:
    """Whether a button stands where its question does, or belongs to the asker; the reasons may quote a private channel."""
    there = record.question.conversation
    here = (there.tenant, there.channel) == (place.tenant, place.address.channel) and not record.question.private
    return here or (there.tenant == place.tenant and record.question.user == place.user)
