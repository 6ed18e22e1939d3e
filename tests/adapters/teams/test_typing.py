"""The sign that we are writing: shown again and again while we work, and over with the answer."""

import asyncio
import time

from adapters.later import Later
from adapters.teams import typing
from adapters.teams.spots import Spot
from adapters.teams.typing import Typing
from bot.store.addresses import Address, Setting
from bot.types import Platform

SPOT = Spot(Address(Platform.TEAMS, "t", "c", Setting.PERSONAL, "https://smba.trafficmanager.net/", "28:bot", "29:ada"))
SOON_S = 2.0


class Signs:
    """Counts the signs that are sent."""

    def __init__(self) -> None:
        self.sent = 0
        self.shown = asyncio.Event()

    async def typing(self, spot: Spot) -> None:
        self.sent += 1
        self.shown.set()


def started(signs: Signs, spot: Spot = SPOT) -> tuple[Typing, Later]:
    later = Later()
    shown = Typing(signs, later)  # type: ignore[arg-type]  # of the connector it uses this method alone
    shown.start("q_1", spot)
    return shown, later


async def test_the_sign_ends_at_once_with_the_answer() -> None:
    signs = Signs()
    shown, later = started(signs)
    await signs.shown.wait()
    shown.stop("q_1")
    began = time.monotonic()
    await later.drain()
    assert time.monotonic() - began < SOON_S < typing.EVERY_S
    assert signs.sent == 1


async def test_all_signs_end_with_the_worker() -> None:
    signs = Signs()
    shown, later = started(signs)
    await signs.shown.wait()
    shown.stop_all()
    began = time.monotonic()
    await later.drain()
    assert time.monotonic() - began < SOON_S


async def test_a_private_message_shows_no_sign_to_the_others() -> None:
    signs = Signs()
    _, later = started(signs, Spot(SPOT.address, to="29:ada"))
    await later.drain()
    assert signs.sent == 0
