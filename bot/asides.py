"""What a worker does with an item for which no model is asked: it turns a question away, or says what is to be announced."""

from bot.announcing import announcement_of
from bot.delivery import Delivery
from bot.office import Office
from bot.store.claims import Claim
from bot.store.result import Result
from router.types import Mode


class Asides:
    """Handles announcements and questions beyond the limits. Both methods raise DeliveryFailure, LeaseLost and StoreUnavailable."""

    def __init__(self, office: Office, delivery: Delivery) -> None:
        self._office = office
        self._delivery = delivery

    async def announce(self, claim: Claim) -> None:
        """Say in a channel what answers no question."""
        channel = claim.question.conversation.channel
        await self._delivery.courier(claim).announce(channel, announcement_of(claim.question))
        await self._office.inbox.finish(claim)

    async def turned_away(self, claim: Claim) -> bool:
        """Record that a question is not answered if its asker asks too fast, and tell them the first time; False if not.

        The rest of what they asked too fast is closed with it: it need not be claimed one by one.
        """
        office, now, question = self._office, self._office.clock(), claim.question
        doorman = office.doorman if claim.reply is None else None
        beyond = await doorman.turn_away(question) if doorman else None
        if doorman is None or beyond is None:
            return False
        await doorman.leave_rest(question, beyond)
        await office.records.keep(claim, Result(Mode.OFF, None, (), None, failure=beyond.failure), at=now, expires_at=now)
        if beyond.told:
            claim = await self._delivery.show(claim, beyond.failure)
        await office.inbox.finish(claim)
        return True
