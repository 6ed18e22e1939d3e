"""Signing keys: rotated, gone, late or garbled, they never let a stranger in and never stop the event loop."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.fields import Fields
from adapters.teams.auth import Auth
from adapters.teams.keys import AGAIN_FAILED_S, AGAIN_S, FRESH_S, USABLE_S, Keys
from tests.adapters.teams.rig import options_for
from tests.fakes.teams import ADA, OPS, FakeTeams, Frame, Key, Trouble

STALL_S = 0.05
"""Longer the event loop may not stand still while keys are fetched."""


@dataclass
class Door:
    """The check of tokens, at a time of our own."""

    teams: FakeTeams
    now: float = 0.0

    def __post_init__(self) -> None:
        options = options_for(self.teams)
        self.keys = Keys(options.cloud.openid_url, now=lambda: self.now)
        self._auth = Auth(options, self.keys)

    async def opens(self, key: Key | None = None) -> bool:
        url = self.teams.connector.service_url
        activity = Fields(Frame(url, ADA, OPS, "1").message("1", "what is bgp?"))
        return await self._auth.accepts(f"Bearer {self.teams.issuer.token(url, key=key)}", activity)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with FakeTeams() as teams:
        made = Door(teams)
        yield made
        await made.keys.stop()


async def test_a_rotated_key_is_accepted_with_one_fetch_and_the_old_one_no_more(door: Door) -> None:
    old = door.teams.issuer.keys[-1]
    assert await door.opens()
    door.teams.issuer.rotate()
    door.now += AGAIN_S
    assert await door.opens()
    assert door.teams.issuer.fetches == 2
    assert not await door.opens(old)


async def test_an_unknown_key_is_asked_for_at_most_once_a_minute(door: Door) -> None:
    assert await door.opens()
    stranger = Key("key-of-nobody", 100)
    for _ in range(10):
        assert not await door.opens(stranger)
    door.now += AGAIN_S
    for _ in range(10):
        assert not await door.opens(stranger)
    assert door.teams.issuer.fetches == 2


async def test_all_who_wait_share_one_fetch(door: Door) -> None:
    assert await asyncio.gather(*(door.opens() for _ in range(20))) == [True] * 20
    assert door.teams.issuer.fetches == 1


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.GARBAGE, Trouble.WRONG_SHAPE, Trouble.NO_KEYS])
async def test_without_keys_nobody_gets_in_until_the_server_is_well(door: Door, trouble: Trouble) -> None:
    door.teams.issuer.trouble = trouble
    assert not await door.opens()
    door.teams.issuer.trouble = Trouble.NONE
    door.now += AGAIN_FAILED_S
    assert await door.opens()


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.GARBAGE, Trouble.WRONG_SHAPE, Trouble.NO_KEYS])
async def test_known_keys_outlast_trouble_but_not_for_ever(door: Door, trouble: Trouble) -> None:
    assert await door.opens()
    door.teams.issuer.trouble = trouble
    door.now += FRESH_S + 1
    assert await door.opens()
    door.now += USABLE_S
    assert not await door.opens()


async def test_keys_are_fetched_anew_after_a_day_without_making_anybody_wait(door: Door) -> None:
    assert await door.opens()
    door.now += FRESH_S + 1
    door.teams.issuer.trouble = Trouble.HANG
    began = time.monotonic()
    assert await door.opens()
    assert time.monotonic() - began < 2


async def test_a_key_server_that_hangs_leaves_those_with_known_keys_alone(door: Door) -> None:
    assert await door.opens()
    known = door.teams.issuer.keys[-1]
    door.teams.issuer.rotate()
    door.now += AGAIN_S
    door.teams.issuer.trouble = Trouble.HANG
    began = time.monotonic()
    newcomer = asyncio.create_task(door.opens())
    await asyncio.sleep(0.1)
    assert await door.opens(known)
    assert not newcomer.done()
    assert not await newcomer
    assert time.monotonic() - began < 2 * door.teams.issuer.hang_s


async def test_a_key_server_that_hangs_does_not_stop_the_event_loop(door: Door) -> None:
    door.teams.issuer.trouble = Trouble.HANG
    stalls = [await stall_of_a_fetch(door.teams) for _ in range(5)]
    assert min(stalls) < STALL_S, "the least of a few, as the machine may be busy"


async def stall_of_a_fetch(teams: FakeTeams) -> float:
    """Return the longest that the event loop stood still, in seconds, while a newcomer's keys were waited for."""
    fresh = Door(teams)
    newcomer = asyncio.create_task(fresh.opens())
    last, longest = time.perf_counter(), 0.0
    for _ in range(100):
        await asyncio.sleep(0.003)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert not newcomer.done()
    await fresh.keys.stop()
    await asyncio.gather(newcomer, return_exceptions=True)
    return longest
