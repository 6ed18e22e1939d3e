"""The report of the evals: how many answers are acceptable, by tier, kind and week, and what the reviews say beside."""

from dataclasses import dataclass

from aiohttp import web

from bot.dashboard.html import Pages
from bot.dashboard.periods import Choice
from bot.dashboard.visit import Visit
from bot.evals.reading import last_weeks, read_report
from bot.evals.report import Report
from bot.store.database import Database
from router.evals_policy import EvalsPolicy
from router.types import Clock

TITLE = "Report"
WEEKS = (8, 4, 26)
"""How many weeks a report may span; the first is the usual."""
QUERY = "weeks"


@dataclass(frozen=True, slots=True)
class ReportView:
    """The page."""

    choices: tuple[Choice, ...]
    weeks: int
    report: Report


class ReportPage:
    """Reads the report and shows it."""

    def __init__(self, database: Database, pages: Pages, evals: EvalsPolicy, clock: Clock) -> None:
        self._database = database
        self._pages = pages
        self._evals = evals
        self._clock = clock

    async def read(self, visit: Visit) -> Report:
        """Return the report on the weeks that an address asks for."""
        return await read_report(self._database, last_weeks(self._clock(), _weeks(visit)), self._evals)

    async def show(self, visit: Visit) -> web.Response:
        """Show the report."""
        weeks = _weeks(visit)
        choices = tuple(Choice(f"{visit.path}?{QUERY}={count}", f"{count} weeks", count == weeks) for count in sorted(WEEKS))
        view = ReportView(choices, weeks, await self.read(visit))
        return self._pages.page("report.html", view, visit.frame(TITLE))


def _weeks(visit: Visit) -> int:
    return next((weeks for weeks in WEEKS if str(weeks) == visit.query.get(QUERY)), WEEKS[0])
