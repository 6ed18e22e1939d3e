"""The keys behind an OpenID address are fetched when they are needed, seldom, and without anybody's waiting for long."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.teams.keys import AGAIN_FAILED_S, AGAIN_S, FRESH_S, USABLE_S, Keys
from tests.fakes.teams import FakeTeams, Issuer, Key, Trouble


@dataclass
class Now:
    """A clock that a test turns."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Bench:
    """Keys, whose server and clock the test moves."""

    issuer: Issuer
    now: Now
    keys: Keys


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with FakeTeams() as teams:
        now = Now()
        keys = Keys(teams.issuer.metadata_url, now=now)
        yield Bench(teams.issuer, now, keys)
        await keys.stop()


async def test_a_key_is_fetched_once_and_found_with_its_endorsements(bench: Bench) -> None:
    for _ in range(3):
        key = await bench.keys.find("key-0")
        assert key is not None
        assert "msteams" in key.endorsements
    assert bench.issuer.fetches == 1


async def test_many_who_need_a_key_share_one_fetch(bench: Bench) -> None:
    found = await asyncio.gather(*(bench.keys.find("key-0") for _ in range(50)))
    assert None not in found
    assert bench.issuer.fetches == 1


async def test_a_rotated_key_is_found_at_once(bench: Bench) -> None:
    await bench.keys.find("key-0")
    bench.now.at += AGAIN_S
    bench.issuer.rotate()
    assert await bench.keys.find("key-1") is not None
    assert bench.issuer.fetches == 2


async def test_a_key_that_is_rotated_right_after_the_start_is_found_at_once(bench: Bench) -> None:
    first = bench.keys.refresh()
    assert first is not None
    await first
    bench.issuer.rotate()
    assert await bench.keys.find("key-1") is not None


async def test_unknown_keys_ask_the_server_at_most_once_a_minute(bench: Bench) -> None:
    await bench.keys.find("key-0")
    bench.now.at += AGAIN_S
    for number in range(20):
        assert await bench.keys.find(f"forged-{number}") is None
    assert bench.issuer.fetches == 2


async def test_a_key_that_the_server_took_back_is_not_found_after_the_next_fetch(bench: Bench) -> None:
    await bench.keys.find("key-0")
    bench.issuer.rotate()
    bench.now.at += AGAIN_S
    await bench.keys.find("key-1")
    assert await bench.keys.find("key-0") is None


async def test_day_old_keys_are_fetched_anew_and_good_meanwhile(bench: Bench) -> None:
    await bench.keys.find("key-0")
    bench.issuer.trouble = Trouble.HANG
    bench.now.at += FRESH_S + 1
    async with asyncio.timeout(1):
        assert await bench.keys.find("key-0") is not None


async def test_keys_that_could_not_be_fetched_anew_end_in_the_end(bench: Bench) -> None:
    await bench.keys.find("key-0")
    bench.issuer.trouble = Trouble.ERROR
    bench.now.at += USABLE_S
    assert await bench.keys.find("key-0") is None


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.GARBAGE, Trouble.WRONG_SHAPE, Trouble.NO_KEYS])
async def test_a_server_in_trouble_gives_no_key_and_is_asked_again_soon(bench: Bench, trouble: Trouble) -> None:
    bench.issuer.trouble = trouble
    assert await bench.keys.find("key-0") is None
    bench.issuer.trouble = Trouble.NONE
    assert await bench.keys.find("key-0") is None
    bench.now.at += AGAIN_FAILED_S
    assert await bench.keys.find("key-0") is not None


async def test_keys_without_endorsements_or_of_another_kind_are_no_help() -> None:
    async with FakeTeams() as teams:
        teams.issuer.keys = [Key("key-0", 0, endorsements=())]
        keys = Keys(teams.issuer.metadata_url)
        key = await keys.find("key-0")
        assert key is not None
        assert key.endorsements == frozenset()
        await keys.stop()


async def test_keys_are_not_fetched_over_an_open_line() -> None:
    keys = Keys("http://login.example/v1/.well-known/openidconfiguration")
    assert await keys.find("key-0") is None
    await keys.stop()
