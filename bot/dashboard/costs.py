"""What it costs: by day, tier, model and channel, against the frontier model alone."""

import asyncio
from dataclasses import dataclass
from functools import reduce

from aiohttp import web

from bot.dashboard.html import Pages
from bot.dashboard.periods import Choice, Periods
from bot.dashboard.visit import Visit
from bot.store.costs import By, CostLine, read_costs
from bot.store.database import Database

TITLE = "Costs"
PARTS = (By.TIER, By.MODEL, By.CHANNEL, By.DAY)
"""Who asked is left to `switchboard costs --by user`: this page names nobody."""
NOBODY = "(nobody)"


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of one part, the dearest first; days come in their order, the last first."""

    by: By
    lines: tuple[CostLine, ...]


@dataclass(frozen=True, slots=True)
class CostsView:
    """The page."""

    choices: tuple[Choice, ...]
    days: int
    total: CostLine
    tables: tuple[Table, ...]
    nobody: str = NOBODY


class CostsPage:
    """Reads the ledger's sums and shows them."""

    def __init__(self, database: Database, pages: Pages, periods: Periods) -> None:
        self._database = database
        self._pages = pages
        self._periods = periods

    async def show(self, visit: Visit) -> web.Response:
        """Show the period that the address names."""
        chosen = self._periods.chosen(visit)
        read = await asyncio.gather(*(read_costs(self._database, chosen.period, by) for by in PARTS))
        total = reduce(CostLine.plus, read[0], CostLine("total"))
        tables = tuple(Table(by, _ordered(by, lines)) for by, lines in zip(PARTS, read, strict=True))
        view = CostsView(self._periods.choices(visit), chosen.days, total, tables)
        return self._pages.page("costs.html", view, visit.frame(TITLE))


def _ordered(by: By, lines: tuple[CostLine, ...]) -> tuple[CostLine, ...]:
    if by is By.DAY:
        return tuple(reversed(lines))
    return tuple(sorted(lines, key=lambda line: (-line.usd, line.key)))
