"""How things stand for a person: whether the models answer, and what is left of the day's budgets."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from bot.assistant import midnight
from bot.store.store import Store
from bot.store.tier_news import TierNews, read_tier_news
from bot.types import Conversation
from router.policy import Budgets
from router.types import Clock

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
    """The tiers' news of the last quarter of an hour, and what was spent today."""

    tiers: tuple[TierNews, ...]
    spent: tuple[Spent, ...]


class Standing:
    """Reads it. Raises StoreUnavailable."""

    def __init__(self, store: Store, budgets: Budgets, clock: Clock) -> None:
        self._store = store
        self._budgets = budgets
        self._clock = clock

    async def of(self, place: Conversation, user: str) -> Status:
        """Return how things stand for a person in a place."""
        now, caps, records = self._clock(), self._budgets, self._store.records
        today = midnight(now)
        return Status(
            await read_tier_news(self._store.database, now - LATELY),
            (
                Spent(Whose.PERSON, await records.spent(today, tenant=place.tenant, user=user), caps.user_usd_per_day),
                Spent(Whose.CHANNEL, await records.spent(today, tenant=place.tenant, channel=place.channel), caps.channel_usd_per_day),
                Spent(Whose.DEPLOYMENT, await records.spent(today), caps.deployment_usd_per_day),
            ),
        )
