"""The overview: who answered, how fast, for how much, and what is open."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.dashboard.html import Pages
from bot.dashboard.periods import Choice, Periods
from bot.dashboard.visit import Visit
from bot.evals.report import make_report
from bot.evals.weeks import week_of
from bot.intervals import Rate, rate
from bot.store.costs import CostLine
from bot.store.database import Database
from bot.store.figures import Figures, FiguresReader, Latency
from bot.store.grades import read_grades
from bot.types import Badge

TITLE = "Overview"


@dataclass(frozen=True, slots=True)
class TierLine:
    """One badge's part in the answers; `latency` is its tier's, and best effort has none of its own."""

    badge: Badge
    share: Rate
    latency: Latency | None


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day: answers by badge, in the order of the badges, and what was spent."""

    day: date
    counts: tuple[int, ...]
    cost: CostLine


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows of a period.

    `false_hits` is of the audited and reviewed hits of the period's weeks;
    `mismatches` counts what people reported.
    """

    choices: tuple[Choice, ...]
    days: int
    answered: int
    failed: int
    cost: CostLine
    hits: Rate
    false_hits: Rate
    mismatches: int
    open_flags: int
    tiers: tuple[TierLine, ...]
    by_day: tuple[DayLine, ...]
    badges: tuple[Badge, ...] = tuple(Badge)


class OverviewPage:
    """Reads the figures and shows them."""

    def __init__(self, database: Database, figures: FiguresReader, pages: Pages, periods: Periods) -> None:
        self._database = database
        self._figures = figures
        self._pages = pages
        self._periods = periods

    async def show(self, visit: Visit) -> web.Response:
        """Show the period that the address names."""
        chosen = self._periods.chosen(visit)
        figures, grades = await asyncio.gather(
            self._figures.read(chosen.days), read_grades(self._database, since=week_of(chosen.period.since))
        )
        view = overview_of(figures, make_report(grades, ()).false_hits, self._periods.choices(visit))
        return self._pages.page("overview.html", view, visit.frame(TITLE))


def overview_of(figures: Figures, false_hits: Rate, choices: tuple[Choice, ...]) -> Overview:
    """Put the page together."""
    counts = Counter[Badge]()
    for _, day in figures.days:
        counts.update(day.answers)
    total = counts.total()
    return Overview(
        choices=choices,
        days=len(figures.days),
        answered=total,
        failed=figures.failed,
        cost=figures.cost,
        hits=rate(counts[Badge.CACHE], total),
        false_hits=false_hits,
        mismatches=figures.mismatches,
        open_flags=figures.open_flags,
        tiers=_tiers(figures, counts),
        by_day=tuple(DayLine(day, tuple(of.answers.get(badge, 0) for badge in Badge), of.cost) for day, of in figures.days),
    )


def _tiers(figures: Figures, counts: Mapping[Badge, int]) -> tuple[TierLine, ...]:
    latencies = {Badge.of(latency.tier, best_effort=False): latency for latency in figures.latencies}
    total = sum(counts.values())
    return tuple(TierLine(badge, rate(counts[badge], total), latencies.get(badge)) for badge in Badge)
