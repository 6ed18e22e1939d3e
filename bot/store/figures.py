"""What the overview shows of some days: answers and how long they took, what was spent, what failed and what is open."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from functools import reduce

from sqlalchemy import func, select

from bot.store.costs import CostLine
from bot.store.daily import Day, days_of, period_of, read_days
from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.errors import StoreUnavailable
from bot.store.flags import OPEN
from bot.store.tables import flags, pairs, questions
from router.types import Clock, Tier

FRESH = timedelta(minutes=5)
"""After it, days that are over are read again behind the page that shows them: what is deleted of them shows on the next one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the answers of a tier took: the median and the 95th percentile in milliseconds, to two significant digits."""

    tier: Tier
    count: int
    p50_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Some days, newest first, and what they add up to. `failed` are questions that no tier answered.

    `mismatches` are hits of which a person said that they answer another question.
    """

    days: tuple[tuple[date, Day], ...]
    failed: int
    mismatches: int
    open_flags: int

    @property
    def cost(self) -> CostLine:
        """What all days cost, audits, judges and embeddings included, and what they would have cost with the frontier model alone."""
        return reduce(CostLine.plus, (day.cost for _, day in self.days), CostLine(""))

    @property
    def latencies(self) -> tuple[Latency, ...]:
        """The tiers that answered anything, cheapest first."""
        return tuple(found for tier in Tier if (found := _latency(tier, (day for _, day in self.days))))


class FiguresReader:
    """Reads figures, and keeps the days that are over: they are many, and little happens to them. Raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[date, Day] = {}
        self._kept_since = clock()
        self._longest = 1
        self._turn = asyncio.Lock()
        self._again: asyncio.Task[None] | None = None

    async def read(self, count: int) -> Figures:
        """Return the last so many UTC days, today included."""
        today = self._clock().astimezone(UTC).date()
        days = days_of(today - timedelta(days=count - 1), today)
        found, (failed, mismatches, open_flags) = await asyncio.gather(self._days(days), self._counts(days))
        return Figures(tuple((day, found[day]) for day in reversed(days)), failed, mismatches, open_flags)

    async def warm(self, count: int) -> None:
        """Read the days that are over of the last so many, one at a time; no page and no other work waits. A failure is logged."""
        self._longest = max(self._longest, count)
        now = self._clock()
        today = now.astimezone(UTC).date()
        found: dict[date, Day] = {}
        try:
            for day in days_of(today - timedelta(days=self._longest - 1), today - timedelta(days=1)):
                found |= await read_days(self._database, day, day)
        except StoreUnavailable:
            _log.warning("the database does not answer; the dashboard's days are read when they are looked at")
        else:
            self._kept, self._kept_since = found, now

    async def close(self) -> None:
        """End what runs behind a page."""
        if self._again:
            self._again.cancel()
            await asyncio.gather(self._again, return_exceptions=True)

    async def _days(self, days: Sequence[date]) -> dict[date, Day]:
        async with self._turn:  # whoever comes at the same time finds the days read
            *over, today = days
            kept = self._kept  # which is another one when days were read again meanwhile
            missing = [day for day in over if day not in kept]
            read = await read_days(self._database, missing[0] if missing else today, today)
            if not kept:
                self._kept_since = self._clock()
            self._kept |= {day: found for day, found in read.items() if day != today}
        if self._clock() - self._kept_since > FRESH and (self._again is None or self._again.done()):
            self._again = asyncio.create_task(self.warm(len(days)))
        known = kept | read
        return {day: known[day] for day in days}

    async def _counts(self, days: Sequence[date]) -> tuple[int, int, int]:
        period = period_of(days[0], days[-1])
        failed, mismatches, open_flags = await asyncio.gather(
            self._database.value(select(func.count()).where(period.holds(questions.c.recorded_at), questions.c.failure.is_not(None))),
            self._database.value(select(func.count()).where(period.holds(pairs.c.at), pairs.c.kind == Evicted.MISMATCH.value)),
            self._database.value(select(func.count()).select_from(flags).where(OPEN)),
        )
        return failed, mismatches, open_flags


def _latency(tier: Tier, days: Iterable[Day]) -> Latency | None:
    """Read the percentiles off counts by latency: the smallest latency that so many do not exceed."""
    counts: dict[int, int] = {}
    for day in days:
        for (of, latency), count in day.latencies.items():
            if of is tier:
                counts[latency] = counts.get(latency, 0) + count
    total = sum(counts.values())
    return Latency(tier, total, _at(counts, total * 0.5), _at(counts, total * 0.95)) if total else None


def _at(counts: dict[int, int], wanted: float) -> int:
    seen = 0
    for latency in sorted(counts):
        seen += counts[latency]
        if seen >= wanted:
            break
    return latency
