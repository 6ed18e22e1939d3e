"""Whether the tiers answered lately, read off their attempts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from bot.store.database import Database
from bot.store.tables import attempts
from router.types import Outcome, Purpose, Tier


@dataclass(frozen=True, slots=True)
class TierNews:
    """How often a tier's models were asked for an answer since a moment, and how often one gave it."""

    tier: Tier
    asked: int
    answered: int


async def read_tier_news(database: Database, since: datetime) -> tuple[TierNews, ...]:
    """Return the news of the tiers that call a model. Raises StoreUnavailable."""
    answered = func.sum(case((attempts.c.outcome == Outcome.ANSWERED.value, 1), else_=0))
    wanted = (
        select(attempts.c.tier, func.count().label("asked"), answered.label("answered"))
        .where(attempts.c.started_at >= since, attempts.c.purpose == Purpose.ANSWER.value)
        .group_by(attempts.c.tier)
    )
    rows = {row["tier"]: row for row in await database.rows(wanted)}
    return tuple(
        TierNews(tier, rows[tier.value]["asked"], rows[tier.value]["answered"]) if tier.value in rows else TierNews(tier, 0, 0)
        for tier in (Tier.SMALL, Tier.FRONTIER)
    )
