"""Each question's purse: no call without room under every cap, and none of a tier that an operator has paused."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.denials import CapUse, Denial
from bot.pausing import pause_of
from bot.store.ledger import Payer
from bot.store.spending import Hold
from bot.store.store import Store
from bot.types import Question
from router.caps import Span
from router.policy import Policy
from router.types import Clock, Tier

GRACE_S = 60
"""Between the last call's end and the record that books it."""


class Budgets:
    """Opens purses."""

    def __init__(self, store: Store, policy: Policy, clock: Clock) -> None:
        self.spending = store.spending
        self.switches = store.switches
        self.caps = policy.budgets.caps()
        self.small_on_request = policy.budgets.over == "cache_and_small"
        self.lease = timedelta(seconds=sum(target.timeout_s for target in policy.targets()) + GRACE_S)
        self.clock = clock

    def purse(self, question: Question) -> "QuestionPurse":
        """Return a question's purse."""
        return QuestionPurse(self, question)


class QuestionPurse:
    """A Purse that remembers in `denial` why a tier may not be called: the first that was refused.

    What it reserves is free again when the question is recorded, and when the time is over in which that happens: whatever the
    calls of a worker that died did cost. Raises StoreUnavailable: without the store nobody knows what may be spent.
    """

    def __init__(self, budgets: Budgets, question: Question) -> None:
        self._budgets = budgets
        self._question = question
        self.denial: Denial | None = None

    @property
    def small_is_left(self) -> bool:
        """Whether the small model would be asked if somebody asked for it."""
        denial = self.denial
        return denial is not None and denial.tier is Tier.FRONTIER and (denial.use is None or bool(denial.use.cap.kept_for_small))

    async def reserve(self, tier: Tier, worst_usd: Decimal) -> bool:
        """Read the switch, then set the worst case aside. Where the policy says so, the small model does not stand in unasked."""
        if self.denial and self.denial.use and self._budgets.small_on_request:
            return False
        denial = await self._denied(tier, worst_usd)
        self.denial = self.denial or denial
        return denial is None

    async def _denied(self, tier: Tier, worst_usd: Decimal) -> Denial | None:
        budgets, now = self._budgets, self._budgets.clock()
        if pause := await pause_of(budgets.switches, tier):
            return Denial(tier, reason=pause.reason)
        if not budgets.caps:
            return None
        hold = Hold(self._question.id, Payer.of(self._question), tier, worst_usd, now + budgets.lease)
        exceeded = await budgets.spending.reserve(hold, budgets.caps, now)
        return None if exceeded is None else Denial(tier, CapUse(exceeded.cap, exceeded.used.total, resets_at(exceeded.cap.span, now)))


def resets_at(span: Span, now: datetime) -> datetime:
    """Return when the next UTC day or month begins."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if span is Span.DAY:
        return midnight + timedelta(days=1)
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
