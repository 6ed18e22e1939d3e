"""Tokens for what goes out are fetched once, kept, and renewed before they end."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from adapters.teams.options import Cloud, TeamsOptions
from adapters.teams.tokens import EARLY_S, Anonymous, ClientSecret, Token, Tokens
from bot.types import DeliveryFailure
from tests.adapters.teams.rig import options_for
from tests.adapters.teams.test_keys import Now
from tests.fakes.slack.faults import server_error
from tests.fakes.teams import FakeTeams


@dataclass
class Source:
    """Gives numbered tokens of an hour, or fails."""

    given: int = 0
    failing: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self) -> Token:
        await self.gate.wait()
        if self.failing:
            raise DeliveryFailure("token:down", retry_after_s=1)
        self.given += 1
        return Token(f"t{self.given}", 3600)


@pytest.fixture
def source() -> Source:
    made = Source()
    made.gate.set()
    return made


async def test_many_who_need_a_token_share_one_fetch(source: Source) -> None:
    tokens = Tokens(source)
    source.gate.clear()
    waiting = [asyncio.create_task(tokens.get()) for _ in range(20)]
    await asyncio.sleep(0)
    source.gate.set()
    assert set(await asyncio.gather(*waiting)) == {"t1"}


async def test_a_token_is_kept_until_shortly_before_its_end(source: Source) -> None:
    now = Now()
    tokens = Tokens(source, now=now)
    assert await tokens.get() == "t1"
    now.at = 3600 - EARLY_S - 1
    assert await tokens.get() == "t1"
    now.at += 1
    assert await tokens.get() == "t2"


async def test_an_old_token_is_good_to_its_end_when_no_new_one_is_to_be_had(source: Source) -> None:
    now = Now()
    tokens = Tokens(source, now=now)
    await tokens.get()
    source.failing = True
    now.at = 3600 - 1
    assert await tokens.get() == "t1"
    now.at = 3600
    with pytest.raises(DeliveryFailure):
        await tokens.get()


async def test_a_token_that_was_not_accepted_is_fetched_anew_once(source: Source) -> None:
    tokens = Tokens(source)
    old = await tokens.get()
    tokens.drop(old)
    assert await tokens.get() == "t2"
    tokens.drop(old)
    assert await tokens.get() == "t2"


async def test_a_client_secret_gets_a_token_from_the_directory() -> None:
    async with FakeTeams() as teams:
        token = await ClientSecret(options_for(teams)).fetch()
        assert (token.value, token.seconds) == ("connector-token-1", 3599)


async def test_a_directory_in_trouble_is_asked_again_soon_and_says_nothing_of_the_secret() -> None:
    async with FakeTeams() as teams:
        teams.connector.fail(server_error("token"))
        with pytest.raises(DeliveryFailure) as failed:
            await ClientSecret(replace(options_for(teams), app_password=SecretStr("hush"))).fetch()
        assert (failed.value.code, failed.value.retry_after_s) == ("token:http_503", 2)
        assert "hush" not in str(failed.value)


async def test_without_authentication_there_is_no_token() -> None:
    assert await Tokens(Anonymous()).get() == ""


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("AADSTS7000215: Invalid client secret provided. hush", "token:AADSTS7000215"),
        ("something else", "token:http_401"),
        (7, "token:http_401"),
    ],
)
async def test_a_directory_that_refuses_the_app_is_told_by_its_code_and_left_alone_for_a_while(description: object, code: str) -> None:
    async def refuse(request: web.Request) -> web.Response:
        del request
        return web.json_response({"error": "invalid_client", "error_description": description}, status=401)

    app = web.Application()
    app.router.add_post("/tenant/oauth2/v2.0/token", refuse)
    async with TestServer(app, host="127.0.0.1") as server:
        cloud = Cloud(login_url=str(server.make_url("/")))
        with pytest.raises(DeliveryFailure) as failed:
            await ClientSecret(TeamsOptions("app", SecretStr("hush"), "tenant", cloud=cloud)).fetch()
    assert (failed.value.code, failed.value.retry_after_s) == (code, 60)
