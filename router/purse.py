"""The port that the cascade asks before it calls the models of a tier."""

from decimal import Decimal
from typing import Protocol

from router.types import Tier


class Purse(Protocol):
    """One question's money."""

    async def reserve(self, tier: Tier, worst_usd: Decimal) -> bool:
        """Set aside what the calls of a tier cost at worst; False when they may not be made.

        What is set aside is given back when the question's record is written, which books what the calls did cost.
        """


class OpenPurse:
    """A purse without a bottom, for what nobody bounds."""

    async def reserve(self, tier: Tier, worst_usd: Decimal) -> bool:
        """Allow everything."""
        del tier, worst_usd
        return True
