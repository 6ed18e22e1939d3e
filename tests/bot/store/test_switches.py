"""Switches outlive processes and may be set by several at once."""

import asyncio

import pytest

from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.switches import Switches
from tests.fakes.clock import FakeClock


@pytest.fixture
def switches(database: Database, clock: FakeClock) -> Switches:
    return Switches(database, clock)


async def test_a_switch_is_read_as_it_was_set(switches: Switches) -> None:
    await switches.set("simulated.small", "hang")
    assert await switches.all("simulated.") == {"simulated.small": "hang"}


async def test_a_later_value_replaces_the_earlier_one(switches: Switches) -> None:
    await switches.set("simulated.small", "hang")
    await switches.set("simulated.small", "empty")
    assert await switches.all("simulated.") == {"simulated.small": "empty"}


async def test_an_empty_value_removes_a_switch(switches: Switches) -> None:
    await switches.set("simulated.small", "hang")
    await switches.set("simulated.frontier", "hang")
    await switches.set("simulated.small", "")
    assert await switches.all("simulated.") == {"simulated.frontier": "hang"}


async def test_removing_a_switch_that_is_not_there_changes_nothing(switches: Switches) -> None:
    await switches.set("simulated.small", "")
    assert await switches.all("") == {}


async def test_only_the_names_with_the_prefix_are_returned(switches: Switches) -> None:
    for name in ("simulated.small", "simulatedXsmall", "other.simulated."):
        await switches.set(name, "on")
    assert await switches.all("simulated.") == {"simulated.small": "on"}


@pytest.mark.parametrize("wild", ["%", "_"])
async def test_a_prefix_is_taken_literally(switches: Switches, wild: str) -> None:
    await switches.set("ab", "on")
    await switches.set(f"{wild}b", "on")
    assert await switches.all(wild) == {f"{wild}b": "on"}


async def test_a_switch_is_seen_by_another_process(switches: Switches, database_url: str, clock: FakeClock) -> None:
    other = Database(database_url)
    await switches.set("simulated.small", "hang")
    assert await Switches(other, clock).all("simulated.") == {"simulated.small": "hang"}
    await other.close()


async def test_one_switch_may_be_set_by_many_at_once(switches: Switches) -> None:
    await asyncio.gather(*(switches.set("simulated.small", str(number)) for number in range(8)))
    assert (await switches.all("simulated."))["simulated.small"] in {str(number) for number in range(8)}


async def test_a_lost_database_is_said_so(clock: FakeClock) -> None:
    database = Database("postgresql://postgres@127.0.0.1:9/nothing")
    with pytest.raises(StoreUnavailable):
        await Switches(database, clock).set("simulated.small", "hang")
    with pytest.raises(StoreUnavailable):
        await Switches(database, clock).all("")
    await database.close()


async def test_of_several_who_take_a_switch_one_alone_gets_it(database: Database, clock: FakeClock) -> None:
    first, second = Switches(database, clock), Switches(database, clock)
    assert [await first.take("week", "1"), await second.take("week", "1"), await second.take("week", "2")] == [True, False, True]
    assert await first.all("week") == {"week": "2"}
