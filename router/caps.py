"""The caps of a budget: whose spending they bound, for how long, and whether there is room for one more call."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from router.types import Tier


class Whose(StrEnum):
    """Whose spending a cap bounds."""

    DEPLOYMENT = "deployment"
    TENANT = "tenant"
    CHANNEL = "channel"
    USER = "user"


class Span(StrEnum):
    """The time in UTC for which a cap holds before it starts anew."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `usd` for one of `whose` in each `span`, of which the small model alone may spend the last `kept_for_small`."""

    whose: Whose
    span: Span
    usd: Decimal
    kept_for_small: Decimal = Decimal(0)

    def admits(self, tier: Tier, used: "Used") -> bool:
        """Whether one more call of a tier may be made, whatever it will cost: what is open is counted as if it had been spent.

        So a cap is overrun by the call that reaches it and by no other. That one must not leave the small model without its
        part, which it may spend beyond the cap in that case.
        """
        if tier is Tier.FRONTIER:
            return used.total < self.usd - self.kept_for_small
        return used.total < self.usd or used.small < self.kept_for_small


@dataclass(frozen=True, slots=True)
class Used:
    """US dollars spent or reserved under a cap: by all tiers, and by the small model's calls."""

    total: Decimal
    small: Decimal
