"""What becomes of a question whose message is edited or deleted."""

import contextlib
from datetime import timedelta

from bot.delivery import Delivery
from bot.office import Office
from bot.replies import Notice, Offer
from bot.store.inbox import Claim
from bot.types import MessageGone, Withdrawn

EDITED = "You edited your question after I answered it."
FORGOTTEN_S = 5.0
"""How long a deletion waits for the question that it overtook."""
LOOK_AGAIN_S = 1.0


class Changes:
    """Handles the inbox's edits and deletions. Every method raises DeliveryFailure, LeaseLost and StoreUnavailable."""

    def __init__(self, office: Office, delivery: Delivery) -> None:
        self._office = office
        self._delivery = delivery

    async def edited(self, claim: Claim) -> None:
        """Start an unanswered question over, or offer its asker a new answer."""
        source = claim.question.source
        found = await self._office.inbox.revise(source, claim.question.text) if source else None
        if found and found.recorded:
            await self._delivery.courier(claim).say_privately(found.question, Notice(EDITED, (Offer.ANSWER_AGAIN,)))
        await self._office.inbox.finish(claim)

    async def deleted(self, claim: Claim) -> None:
        """Take back what was replied; a deletion that overtook its question waits a little for it."""
        source = claim.question.source
        found = await self._office.inbox.cancel(source) if source else ()
        if not found and self._office.clock() < claim.question.asked_at + timedelta(seconds=FORGOTTEN_S):
            await self._office.inbox.postpone(claim, LOOK_AGAIN_S, error=False)
            return
        for item in found:
            if item.reply:
                with contextlib.suppress(MessageGone):
                    await self._delivery.courier(claim).update(item.reply, item.question, Withdrawn())
        await self._office.inbox.finish(claim)
