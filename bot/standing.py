"""How things stand for a person: whether the models answer, and what is left of the day's budgets."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from bot.pausing import pause_of
from bot.store.ledger import Payer
from bot.store.store import Store
from bot.store.tier_news import TierNews, read_tier_news
from bot.types import Conversation
from router import caps
from router.money_policy import Budgets
from router.types import Clock, Tier

LATELY = timedelta(minutes=15)


class Whose(StrEnum):
    """Whose money it is."""

    DEPLOYMENT = "deployment"
    CHANNEL = "channel"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Spent:
    """US dollars since midnight UTC, and the day's cap, if there is one."""

    whose: Whose
    usd: Decimal
    cap: Decimal | None


@dataclass(frozen=True, slots=True)
class Status:
    """The tiers' news of the last quarter of an hour, which of them are paused, and what was spent today."""

    tiers: tuple[TierNews, ...]
    paused: frozenset[Tier]
    spent: tuple[Spent, ...]


class Standing:
    """Reads it. Raises StoreUnavailable."""

    def __init__(self, store: Store, budgets: Budgets, clock: Clock) -> None:
        self._store = store
        self._budgets = budgets
        self._clock = clock

    async def of(self, place: Conversation, user: str) -> Status:
        """Return how things stand for a person in a place."""
        budgets, payer = self._budgets, Payer(place.tenant, place.channel, user)
        return Status(
            await read_tier_news(self._store.database, self._clock() - LATELY),
            frozenset([tier for tier in Tier if await pause_of(self._store.switches, tier)]),
            (
                Spent(Whose.PERSON, await self._today(payer, caps.Whose.USER), budgets.user_usd_per_day),
                Spent(Whose.CHANNEL, await self._today(payer, caps.Whose.CHANNEL), budgets.channel_usd_per_day),
                Spent(Whose.DEPLOYMENT, await self._today(payer, caps.Whose.DEPLOYMENT), budgets.deployment_usd_per_day),
            ),
        )

    async def _today(self, payer: Payer, whose: caps.Whose) -> Decimal:
        """Return what counts under a cap of today: what was spent, and what is set aside for calls under way."""
        return (await self._store.spending.used(payer, whose, caps.Span.DAY, self._clock())).total
