"""The simulated models of a policy run, and break and mend as the switches say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.simulation import Simulation
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.switches import Switches
from router.policy import parse_policy
from tests.bot.conftest import Backstage
from tests.fakes.clock import FakeClock
from tests.fakes.policies import SIMULATED, make_policy

REAL = SIMULATED.replace("simulated/", "openai/")


@dataclass
class Models:
    """A running simulation, its switches, and a look at how a model behaves."""

    simulation: Simulation
    switches: Switches
    base: str

    async def fault(self, model: str) -> str | None:
        async with aiohttp.ClientSession() as client, client.get(self.base.removesuffix("/v1") + f"/control/models/{model}") as response:
            fault: str | None = (await response.json())["fault"]
            return fault

    async def follow(self, name: str, value: str) -> None:
        await self.switches.set(f"simulated.{name}", value)
        await self.simulation.follow()


@pytest.fixture
async def models(backstage: Backstage, clock: FakeClock) -> AsyncIterator[Models]:
    switches = Switches(backstage.database, clock)
    simulation = Simulation(switches, latency_scale=0)
    base = await simulation.start(make_policy())
    assert base
    yield Models(simulation, switches, base)
    await simulation.stop()


async def test_a_policy_of_real_models_alone_starts_no_server(backstage: Backstage, clock: FakeClock) -> None:
    simulation = Simulation(Switches(backstage.database, clock))
    assert await simulation.start(parse_policy(REAL, "real")) is None
    await simulation.stop()


async def test_one_simulated_model_is_enough_to_start_the_server(backstage: Backstage, clock: FakeClock) -> None:
    simulation = Simulation(Switches(backstage.database, clock))
    mixed = parse_policy(REAL.replace("openai/small", "simulated/small"), "mixed")
    base = await simulation.start(mixed)
    assert base
    assert base.startswith("http://127.0.0.1:")
    await simulation.stop()


async def test_a_switch_breaks_its_model_and_no_other(models: Models) -> None:
    await models.follow("frontier", "server_error")
    assert (await models.fault("frontier"), await models.fault("small")) == ("server_error", None)


async def test_a_switch_that_is_removed_mends_its_model(models: Models) -> None:
    await models.follow("frontier", "server_error")
    await models.follow("frontier", "")
    assert await models.fault("frontier") is None


async def test_a_changed_switch_changes_the_fault(models: Models) -> None:
    await models.follow("frontier", "server_error")
    await models.follow("frontier", "hang")
    assert await models.fault("frontier") == "hang"


@pytest.mark.parametrize(("model", "fault"), [("nobody", "hang"), ("small", "catches fire")])
async def test_a_switch_that_means_nothing_here_stops_no_other_one(models: Models, model: str, fault: str) -> None:
    await models.switches.set(f"simulated.{model}", fault)
    await models.follow("frontier", "hang")
    assert await models.fault("frontier") == "hang"
    await models.follow(model, "")
    await models.follow("frontier", "")
    assert await models.fault("frontier") is None


async def test_switches_of_other_things_are_left_alone(models: Models) -> None:
    await models.switches.set("frontier", "hang")
    await models.simulation.follow()
    assert await models.fault("frontier") is None


async def test_without_simulated_models_the_switches_are_not_read(clock: FakeClock) -> None:
    database = Database("postgresql://postgres@127.0.0.1:9/nothing")
    simulation = Simulation(Switches(database, clock))
    await simulation.start(parse_policy(REAL, "real"))
    await simulation.follow()
    await database.close()


async def test_a_lost_database_is_said_so(clock: FakeClock) -> None:
    database = Database("postgresql://postgres@127.0.0.1:9/nothing")
    simulation = Simulation(Switches(database, clock))
    await simulation.start(make_policy())
    with pytest.raises(StoreUnavailable):
        await simulation.follow()
    await simulation.stop()
    await database.close()
