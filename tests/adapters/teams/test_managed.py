"""An app with a managed identity gets its tokens from the host that it runs on."""

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.teams.managed import ManagedIdentity
from adapters.teams.options import TeamsOptions
from bot.types import DeliveryFailure

OPTIONS = TeamsOptions("11111111-2222-3333-4444-555555555555", tenant="tenant", managed_identity=True)


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[dict[str, str]]]:
    """A host like Azure's App Service, which tells where it gives tokens; yields what it was asked."""
    asked: list[dict[str, str]] = []

    async def give(request: web.Request) -> web.Response:
        asked.append(dict(request.query))
        if request.headers.get("X-IDENTITY-HEADER") != "ours":
            return web.json_response({"statusCode": 401, "message": "no"}, status=401)
        return web.json_response(
            {"access_token": "t1", "expires_on": str(int(time.time()) + 3600), "resource": "r", "token_type": "Bearer"}
        )

    app = web.Application()
    app.router.add_get("/msi/token", give)
    async with TestServer(app, host="127.0.0.1") as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", str(server.make_url("/msi/token")))
        monkeypatch.setenv("IDENTITY_HEADER", "ours")
        yield asked


async def test_the_host_gives_a_token_for_the_app(host: list[dict[str, str]]) -> None:
    token = await ManagedIdentity(OPTIONS).fetch()
    assert token.value == "t1"
    assert 3500 < token.seconds <= 3600
    assert (host[0]["client_id"], host[0]["resource"]) == (OPTIONS.app_id, "https://api.botframework.com")


async def test_a_host_that_gives_no_token_is_left_alone_for_a_while(host: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_HEADER", "somebody else's")
    with pytest.raises(DeliveryFailure) as failed:
        await ManagedIdentity(OPTIONS).fetch()
    assert (failed.value.code, failed.value.retry_after_s) == ("token:managed_identity", 60)
    assert host


async def test_a_host_that_is_not_there_is_a_failure_of_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "ours")
    with pytest.raises(DeliveryFailure) as failed:
        await ManagedIdentity(OPTIONS).fetch()
    assert failed.value.code.startswith("token:")
