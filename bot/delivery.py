"""Shows replies: the placeholder first, then what it becomes, in one message."""

import logging
from dataclasses import replace

from bot.courier import Courier
from bot.office import Office
from bot.store.errors import LeaseLost
from bot.store.inbox import Claim
from bot.types import MessageGone, MessageRef, Reply, Withdrawn, Working

_log = logging.getLogger(__name__)


class Delivery:
    """A worker's way to the platforms. Every method raises DeliveryFailure, LeaseLost and StoreUnavailable."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def place(self, claim: Claim) -> MessageRef:
        """Show the placeholder, and note where it stands; an earlier try may have shown it already."""
        question, courier = claim.question, self.courier(claim)
        ref = await courier.post(question, Working(), in_doubt=claim.attempts > 1)
        try:
            await self._office.inbox.placed(claim, ref)
        except LeaseLost:
            if await self._office.inbox.cancelled(question.id):
                await courier.update(ref, question, Withdrawn())
            raise
        return ref

    async def show(self, claim: Claim, reply: Reply) -> Claim:
        """Turn what stands there into the reply, or post it where nothing stands any more; return the claim with its place."""
        courier = self.courier(claim)
        if claim.reply is not None:
            try:
                await courier.update(claim.reply, claim.question, reply)
            except MessageGone:
                _log.info("placeholder gone question=%s", claim.question.id)
            else:
                return claim
        placed = await courier.post(claim.question, reply, in_doubt=claim.attempts > 1)
        await self._office.inbox.placed(claim, placed)
        return replace(claim, reply=placed)

    def courier(self, claim: Claim) -> Courier:
        """Return the way to an item's platform."""
        return self._office.couriers[claim.question.conversation.platform]
