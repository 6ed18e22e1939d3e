"""What each UTC day left behind, added up in SQL: answers and how long they took, and what was spent."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Executable, and_, case, func, select

from bot.store.costs import By, CostLine, read_costs
from bot.store.database import Database
from bot.store.days import Period, utc_day
from bot.store.tables import answers, pairs
from bot.types import Badge, Kind
from router.types import Tier

UNSEEN = (Kind.AUDIT.value, Kind.CORRECTION.value)
"""What nobody asked for: it is counted in the spending alone."""

TWO_DIGITS = 100
"""Below it a latency in milliseconds has two digits at most."""


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day. Latencies are in milliseconds, to two significant digits."""

    answers: Mapping[Badge, int]
    latencies: Mapping[tuple[Tier, int], int]
    cost: CostLine


def days_of(first: date, last: date) -> tuple[date, ...]:
    """Return every day from the first to the last."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def period_of(first: date, last: date) -> Period:
    """Return the time from the first day's beginning to the last day's end."""
    return Period(_midnight(first), _midnight(last + timedelta(days=1)))


async def read_days(database: Database, first: date, last: date) -> dict[date, Day]:
    """Return the days from the first to the last. Raises StoreUnavailable."""
    period = period_of(first, last)
    counted, spent = await asyncio.gather(database.rows(_answers(period)), read_costs(database, period, By.DAY))
    found = {day: (Counter[Badge](), Counter[tuple[Tier, int]]()) for day in days_of(first, last)}
    for row in counted:
        badges, latencies = found[date.fromisoformat(row["day"])]
        tier = Tier(row["tier"])
        badges[Badge.of(tier, best_effort=row["best_effort"])] += row["count"]
        latencies[tier, int(row["latency"])] += row["count"]
    costs = {date.fromisoformat(line.key): line for line in spent}
    return {day: Day(badges, latencies, costs.get(day, CostLine(day.isoformat()))) for day, (badges, latencies) in found.items()}


def _answers(period: Period) -> Executable:
    day, ms = utc_day(answers.c.answered_at).label("day"), answers.c.latency_ms
    latency = case((ms < TWO_DIGITS, ms), (ms < TWO_DIGITS * 10, ms // 10 * 10), else_=ms // 100 * 100).label("latency")
    keys = (day, answers.c.tier, answers.c.best_effort, latency)
    unseen = select(pairs.c.second).where(pairs.c.kind.in_(UNSEEN))
    shown = and_(period.holds(answers.c.answered_at), answers.c.question_id.not_in(unseen))
    return select(*keys, func.count().label("count")).where(shown).group_by(*keys)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
