"""Only Teams gets in: forged, expired, malformed and foreign tokens end at 401, and the bot does not hear of them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.store import schema
from bot.store.database import Database
from tests.adapters.teams.rig import Rig, rigged
from tests.fakes.slack.json_values import JsonObject
from tests.fakes.teams import ADA, OPS, FakeTeams, Frame
from tests.fakes.teams.tokens import FORGED, Forger

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """One bot for all tests here: none of them may make it hear anything but what Teams signed."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('tokens') / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    async with FakeTeams() as teams, rigged(teams, database) as made:
        yield made
    await database.close()


def question(teams: FakeTeams) -> JsonObject:
    return Frame(teams.connector.service_url, ADA, OPS, "1").message("1", "<at>Switchboard</at> what is bgp?")


def good(teams: FakeTeams, url: str = "") -> str:
    return f"Bearer {teams.issuer.token(url or teams.connector.service_url)}"


async def unheard(rig: Rig) -> bool:
    """Tell whether the bot neither took nor said anything."""
    return await rig.taken() == [] and rig.teams.connector.calls == []


async def test_what_teams_signs_reaches_the_bot(rig: Rig) -> None:
    assert (await rig.teams.postman.forge(question(rig.teams), good(rig.teams))).status == 202
    assert [one.text for one in await rig.taken()] == ["what is bgp?"]


@pytest.mark.parametrize("forger", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize("kind", ["message", "invoke"])
async def test_a_forged_token_gets_401_and_the_bot_never_hears_of_it(rig: Rig, forger: Forger, kind: str) -> None:
    activity = question(rig.teams) | {"type": kind, "id": "2", "name": "adaptiveCard/action"}
    told = await rig.teams.postman.forge(activity, forger(rig.teams.issuer, rig.teams.connector.service_url))
    assert (told.status, told.body) == (401, b"")
    assert await unheard(rig)


@pytest.mark.parametrize("field", ["serviceUrl", "channelId"])
@pytest.mark.parametrize("value", ["https://smba.trafficmanager.example/emea/", "http://169.254.169.254/", "", None, 7, ["msteams"]])
async def test_a_good_token_lets_no_other_address_or_channel_in(rig: Rig, field: str, value: object) -> None:
    told = await rig.teams.postman.forge(question(rig.teams) | {field: value}, good(rig.teams))
    assert told.status == 401
    assert await unheard(rig)


@pytest.mark.parametrize(
    "url", ["https://collector.example/", "https://smba.trafficmanager.net.example/", "https://smba.trafficmanager.net@127.0.0.9/"]
)
async def test_a_token_for_an_address_that_is_not_teams_does_not_count(rig: Rig, url: str) -> None:
    told = await rig.teams.postman.forge(question(rig.teams) | {"serviceUrl": url}, good(rig.teams, url))
    assert told.status == 401
    assert await unheard(rig)


async def test_a_key_vouches_only_for_the_channels_that_it_endorses(rig: Rig) -> None:
    told = await rig.teams.postman.forge(question(rig.teams) | {"channelId": "directline"}, good(rig.teams))
    assert told.status == 401


async def test_another_tenant_is_turned_away(rig: Rig) -> None:
    frame = Frame(rig.teams.connector.service_url, ADA, OPS, "1", tenant="99999999-bbbb-cccc-dddd-eeeeeeeeeeee")
    told = await rig.teams.postman.send(frame.message("3", "<at>Switchboard</at> what is bgp?"))
    assert told.status == 403
    assert await unheard(rig)


async def test_forged_keys_do_not_make_us_hammer_the_key_server(rig: Rig) -> None:
    for _ in range(20):
        await rig.teams.postman.forge(question(rig.teams), FORGED["an unknown key"](rig.teams.issuer, rig.teams.connector.service_url))
    assert rig.teams.issuer.fetches <= 2
