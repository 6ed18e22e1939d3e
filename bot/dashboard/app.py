"""The dashboard's routes: which page is where, and that each is behind the door."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.assets import read_assets
from bot.dashboard.cards import Cards
from bot.dashboard.costs import CostsPage
from bot.dashboard.delivery import DeliveryPage
from bot.dashboard.door import LOGIN, Door, Handler
from bot.dashboard.easel import Easel
from bot.dashboard.flags import FlagsPage
from bot.dashboard.forms import QUESTION_ID
from bot.dashboard.frame import PREFIX
from bot.dashboard.html import Pages
from bot.dashboard.keys import Keys
from bot.dashboard.limiter import Limiter
from bot.dashboard.overview import OverviewPage
from bot.dashboard.periods import DAYS, Periods
from bot.dashboard.plots import NAME, Plots
from bot.dashboard.policy import PolicyPage
from bot.dashboard.report import ReportPage
from bot.dashboard.reveals import RevealsPage
from bot.dashboard.review import ReviewPage
from bot.dashboard.signing_in import SigningIn
from bot.dashboard.visit import PageHandler, Refused, Visit
from bot.store.figures import FiguresReader
from bot.store.store import Store
from router.evals_policy import EvalsPolicy
from router.types import Clock

STATIC = Path(__file__).with_name("static")
NO_SUCH_PAGE = "There is no such page."
FILE_CACHE = {"Cache-Control": "public, max-age=300"}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a page is, and what answers there."""

    method: str
    path: str
    handler: PageHandler


class Dashboard:
    """Serves the dashboard over a store. `here_only`: the listener is on loopback."""

    def __init__(self, store: Store, token: str, evals: EvalsPolicy, clock: Clock, *, here_only: bool) -> None:
        keys, self._pages = Keys(token), Pages()
        self._door = Door(keys, store.sessions, self._pages, here_only=here_only)
        self._signing_in = SigningIn(keys, store.sessions, self._pages, Limiter(clock))
        self._assets = {asset.name: asset for asset in read_assets(STATIC)}
        self._easel, self._figures = Easel(), FiguresReader(store.database, clock)
        self.routes = (
            *_queues(store, self._pages, evals, clock),
            *self._pages_of_figures(store, evals, clock),
            Route("POST", f"{PREFIX}/logout", self._signing_in.sign_out),
        )

    def add_to(self, app: web.Application) -> None:
        """Add the dashboard to an application. Whatever else is asked for under its prefix is behind the door, too."""
        public: tuple[tuple[str, str, Handler], ...] = (
            ("GET", LOGIN, self._signing_in.show),
            ("POST", LOGIN, self._signing_in.sign_in),
            ("GET", PREFIX + "/static/{name}", self._file),
        )
        app.add_routes([web.route(method, path, self._door.public(handler)) for method, path, handler in public])
        app.add_routes([web.route(route.method, route.path, self._door.page(route.handler)) for route in self.routes])
        app.add_routes([web.route("*", PREFIX + "{tail:(/.*)?}", self._door.page(_nothing_here))])

    async def warm(self) -> None:
        """Read the days that are over before somebody looks, so that the first page need not."""
        await self._figures.warm(max(DAYS))

    async def close(self) -> None:
        """End what the dashboard started."""
        await self._figures.close()
        await self._easel.close()

    def _pages_of_figures(self, store: Store, evals: EvalsPolicy, clock: Clock) -> tuple[Route, ...]:
        """Return the pages that show how it goes."""
        periods, pages, figures = Periods(clock), self._pages, self._figures
        overview = OverviewPage(store.database, figures, pages, periods)
        report = ReportPage(store.database, pages, evals, clock)
        return (
            Route("GET", PREFIX, overview.show),
            Route("GET", f"{PREFIX}/", overview.show),
            Route("GET", f"{PREFIX}/report", report.show),
            Route("GET", f"{PREFIX}/costs", CostsPage(store.database, pages, periods).show),
            Route("GET", f"{PREFIX}/policy", PolicyPage(store.policies, pages).show),
            Route("GET", f"{PREFIX}/delivery", DeliveryPage(store, pages, periods).show),
            Route("GET", f"{PREFIX}/plots/{{name:{NAME}}}.svg", Plots(figures, self._easel, periods, report.read).show),
        )

    async def _file(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise Refused(404, NO_SUCH_PAGE)
        return web.Response(text=asset.text, content_type=asset.media_type, charset="utf-8", headers=FILE_CACHE)


async def _nothing_here(visit: Visit) -> web.Response:
    del visit
    raise Refused(404, NO_SUCH_PAGE)


def _queues(store: Store, pages: Pages, evals: EvalsPolicy, clock: Clock) -> tuple[Route, ...]:
    """Return the pages on which answers are looked at."""
    cards = Cards(store, direct=evals.direct_messages)
    flags, review = FlagsPage(store, cards, pages, clock), ReviewPage(store, cards, pages, evals, clock)
    reveals = RevealsPage(store, cards, pages)
    return (
        Route("GET", f"{PREFIX}/flags", flags.show),
        Route("POST", f"{PREFIX}/flags", flags.resolve),
        Route("GET", f"{PREFIX}/review", review.show_next),
        Route("GET", f"{PREFIX}/review/{{question:{QUESTION_ID}}}", review.show_one),
        Route("POST", f"{PREFIX}/review", review.save),
        Route("POST", f"{PREFIX}/draw", review.draw),
        Route("POST", f"{PREFIX}/reveal", reveals.reveal),
        Route("GET", f"{PREFIX}/reveals", reveals.show),
    )
