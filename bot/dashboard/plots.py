"""The plots of the pages, each at an address of its own, so that no page waits for one."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.dashboard.easel import CannotDraw, Easel
from bot.dashboard.periods import Periods
from bot.dashboard.visit import Refused, Visit
from bot.evals.report import Report
from bot.sketches import AnswersByDay, Panel, ReportPanel, Sketch, SpendingByDay, Subject
from bot.store.figures import FiguresReader
from bot.types import Badge

NAME = "[a-z-]{1,30}"
NO_SUCH_PLOT = "There is no such plot."
NOT_DRAWN = "The plot cannot be drawn right now. Reload the page to try again."
PANELS: Mapping[str, Panel] = {"report-tiers": Panel.TIERS, "report-kinds": Panel.KINDS, "report-weeks": Panel.WEEKS}

ReportReader = Callable[[Visit], Awaitable[Report]]


class Plots:
    """Draws what a page's address asks for, for a light or a dark page."""

    def __init__(self, figures: FiguresReader, easel: Easel, periods: Periods, report: ReportReader) -> None:
        self._figures = figures
        self._easel = easel
        self._periods = periods
        self._report = report

    async def show(self, visit: Visit) -> web.Response:
        """Draw a plot as SVG."""
        subject = await self._subject(visit)
        try:
            drawn = await self._easel.draw(Sketch(subject, dark=visit.query.get("theme") == "dark"))
        except CannotDraw as error:
            raise Refused(503, NOT_DRAWN) from error
        return web.Response(body=drawn, content_type="image/svg+xml", charset="utf-8")

    async def _subject(self, visit: Visit) -> Subject:
        name = visit.names["name"]
        if name in PANELS:
            return ReportPanel(await self._report(visit), PANELS[name])
        if name not in ("answers", "spending"):
            raise Refused(404, NO_SUCH_PLOT)
        days = tuple(reversed((await self._figures.read(self._periods.chosen(visit).days)).days))
        if name == "spending":
            return SpendingByDay(tuple((day, of.cost.usd, of.cost.frontier_usd) for day, of in days))
        return AnswersByDay(tuple((day, badge, of.answers.get(badge, 0)) for day, of in days for badge in Badge))
