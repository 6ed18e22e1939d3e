"""Delivery health: what waits, what was given up, who works, and how the models answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.dashboard.html import Pages
from bot.dashboard.periods import Choice, Periods
from bot.dashboard.visit import Visit
from bot.health import OLDEST_S
from bot.store.delivery import DeadLetter, Ended, Place
from bot.store.inbox import State
from bot.store.store import Store

TITLE = "Delivery"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """The page. `late`: questions wait and nobody works on them."""

    choices: tuple[Choice, ...]
    counts: Mapping[State, int]
    oldest_s: float
    late: bool
    last_recorded: datetime | None
    dead: tuple[DeadLetter, ...]
    places: tuple[Place, ...]
    attempts: tuple[Ended, ...]


class DeliveryPage:
    """Shows how delivery is."""

    def __init__(self, store: Store, pages: Pages, periods: Periods) -> None:
        self._inbox = store.inbox
        self._delivery = store.delivery
        self._pages = pages
        self._periods = periods

    async def show(self, visit: Visit) -> web.Response:
        """Show it as of now, and the attempts of a period."""
        counts, oldest, last, dead, places, attempts = await asyncio.gather(
            self._inbox.counts(),
            self._inbox.oldest_waiting_s(),
            self._delivery.last_recorded(),
            self._delivery.dead(SHOWN),
            self._delivery.places(),
            self._delivery.attempts(self._periods.chosen(visit).period),
        )
        every = {state: counts.get(state, 0) for state in State}
        view = DeliveryView(self._periods.choices(visit), every, oldest, oldest > OLDEST_S, last, dead, places, attempts)
        return self._pages.page("delivery.html", view, visit.frame(TITLE))
