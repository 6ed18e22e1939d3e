"""What the overview shows, added up in SQL: answers by day and tier, how long they took, what was spent, what is open."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, ColumnElement, Executable, RowMapping, and_, case, func, select

from bot.store.database import Database
from bot.store.days import utc_day
from bot.store.entries import Evicted
from bot.store.flags import OPEN
from bot.store.tables import answers, attempts, flags, pairs, questions
from bot.types import Badge, Kind
from router.types import Outcome, Tier

SHARES = (0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, before `until`."""

    since: datetime
    until: datetime

    def holds(self, column: Column[datetime]) -> ColumnElement[bool]:
        """Return the condition that a moment lies in the period."""
        return and_(column >= self.since, column < self.until)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers of a badge were given on a day."""

    day: date
    badge: Badge
    count: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What the attempts of a day cost, audits and judges included; `unknown` counts the calls whose cost nobody knows."""

    day: date
    usd: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the answers of a tier took: the median and the 95th percentile in milliseconds."""

    tier: Tier
    count: int
    p50_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A period's figures. What an audit answers is counted in the spending alone: nobody asked for it."""

    answers: tuple[Answers, ...]
    spending: tuple[Spending, ...]
    latencies: tuple[Latency, ...]
    failed: int
    """Questions that no tier answered."""
    mismatches: int
    """Hits of which a person said that they answer another question."""
    open_flags: int


async def read_figures(database: Database, period: Period) -> Figures:
    """Read a period's figures. Raises StoreUnavailable."""
    counted, spending, latencies, failed, mismatches, open_flags = await asyncio.gather(
        database.rows(_answers(period)),
        database.rows(_spending(period)),
        database.rows(_latencies(period)),
        database.value(select(func.count()).where(period.holds(questions.c.recorded_at), questions.c.failure.is_not(None))),
        database.value(select(func.count()).where(period.holds(pairs.c.at), pairs.c.kind == Evicted.MISMATCH.value)),
        database.value(select(func.count()).select_from(flags).where(OPEN)),
    )
    return Figures(
        answers=tuple(_answered(row) for row in counted),
        spending=tuple(Spending(date.fromisoformat(row["day"]), row["cost"] or Decimal(0), row["unknown"]) for row in spending),
        latencies=_percentiles(latencies),
        failed=failed,
        mismatches=mismatches,
        open_flags=open_flags,
    )


def _answers(period: Period) -> Executable:
    day = utc_day(answers.c.answered_at).label("day")
    keys = (day, answers.c.tier, answers.c.best_effort)
    return select(*keys, func.count().label("count")).where(_asked(period)).group_by(*keys).order_by(day)


def _latencies(period: Period) -> Executable:
    keys = (answers.c.tier, answers.c.latency_ms)
    return select(*keys, func.count().label("count")).where(_asked(period)).group_by(*keys).order_by(*keys)


def _spending(period: Period) -> Executable:
    day = utc_day(attempts.c.started_at).label("day")
    unpriced = and_(attempts.c.cost_usd.is_(None), attempts.c.outcome == Outcome.ANSWERED.value)
    columns = (day, func.sum(attempts.c.cost_usd).label("cost"), func.sum(case((unpriced, 1), else_=0)).label("unknown"))
    return select(*columns).where(period.holds(attempts.c.started_at)).group_by(day).order_by(day)


def _asked(period: Period) -> ColumnElement[bool]:
    unseen = select(pairs.c.second).where(pairs.c.kind.in_((Kind.AUDIT.value, Kind.CORRECTION.value)))
    return and_(period.holds(answers.c.answered_at), answers.c.question_id.not_in(unseen))


def _answered(row: RowMapping) -> Answers:
    return Answers(date.fromisoformat(row["day"]), Badge.of(Tier(row["tier"]), best_effort=row["best_effort"]), row["count"])


def _percentiles(rows: Sequence[RowMapping]) -> tuple[Latency, ...]:
    """Read percentiles off counts by latency, which come in ascending order: the smallest latency that so many do not exceed."""
    found = []
    for tier in Tier:
        mine = [(row["latency_ms"], row["count"]) for row in rows if row["tier"] == tier.value]
        total = sum(count for _, count in mine)
        if total:
            p50, p95 = (_at(mine, share * total) for share in SHARES)
            found.append(Latency(tier, total, p50, p95))
    return tuple(found)


def _at(counts: Sequence[tuple[int, int]], wanted: float) -> int:
    seen = 0
    for latency, count in counts:
        seen += count
        if seen >= wanted:
            return latency
    return counts[-1][0]
