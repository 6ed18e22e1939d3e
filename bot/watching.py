"""Tells a person, once, that the models which failed their question answer again."""

from datetime import timedelta

from bot.delivery import Delivery
from bot.office import Office
from bot.replies import Notice, Offer
from bot.store.claims import OPEN, Claim, State
from bot.types import Answered, Badge
from router.types import Outcome, Tier

ANSWERED = "It is back: a model answers again, and your question has its answer."
BACK = "It is back: a model answers again. Your question is still without an answer."
FRONTIER_BACK = "The frontier model answers again. What you got was the small model's answer."

LOOK_S = 5.0
"""How often a question that is tried by itself is looked at; the first success wakes its watch, too."""
PROBE_S = 30.0
"""A tier that nobody has called for so long is asked a word, to learn whether it answers."""
LASTS = timedelta(hours=24)


class Watching:
    """Handles the inbox's watches. Every method raises DeliveryFailure, LeaseLost and StoreUnavailable."""

    def __init__(self, office: Office, delivery: Delivery) -> None:
        self._office = office
        self._delivery = delivery

    async def look(self, claim: Claim) -> None:
        """See whether it is back; if not, look again later, for a day."""
        office, watch = self._office, claim.question
        state = await office.retries.state(watch.parent)
        if state in (None, State.CANCELLED) or office.clock() > watch.asked_at + LASTS:
            await office.inbox.finish(claim)
        elif state in OPEN:
            await office.retries.later(claim, LOOK_S)
        elif notice := await self._news(claim):
            claim = await self._delivery.show(claim, notice)
            await office.inbox.finish(claim)
        else:
            await office.retries.later(claim, PROBE_S)

    async def _news(self, claim: Claim) -> Notice | None:
        """Return what to tell, or None while there is nothing."""
        record = await self._office.records.get(claim.question.parent)
        reply = record.reply if record else None
        if isinstance(reply, Answered) and reply.badge is not Badge.BEST_EFFORT:
            return Notice(ANSWERED)
        tier = Tier.FRONTIER if isinstance(reply, Answered) else None
        if not await self._is_back(claim, tier):
            return None
        return Notice(FRONTIER_BACK, (Offer.ESCALATE,)) if tier else Notice(BACK, (Offer.TRY_AGAIN,))

    async def _is_back(self, claim: Claim, tier: Tier | None) -> bool:
        """Tell whether a tier, or any, answers: by the last call that anybody made, or by one of our own."""
        office, watch = self._office, claim.question
        last = await office.retries.last_call(tier)
        if last and last.answered and last.at > watch.asked_at:
            return True
        if last and last.at > office.clock() - timedelta(seconds=PROBE_S):
            return False
        made = await office.assistant.probe(watch, tier)
        await office.records.note(watch, made)
        return bool(made) and made[-1].outcome is Outcome.ANSWERED
