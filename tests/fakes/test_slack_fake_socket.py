"""The fake's Socket Mode serves the real SocketModeClient, and fails in the ways that Slack's does."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import WSMessage
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, refuse
from tests.fakes.slack.workspace import ADA, OPS


class SocketApp:
    """The real client, which acknowledges at once unless it is told not to."""

    def __init__(self, slack: FakeSlack) -> None:
        web = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        self.client = SocketModeClient(slack.app_token, web_client=web, ping_interval=0.2)
        self.client.socket_mode_request_listeners.append(self._take)
        self.requests: list[SocketModeRequest] = []
        self.acks = True
        self.heard: list[str] = []
        self.client.on_message_listeners.append(self._hear)

    async def open(self) -> None:
        await self.client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it so

    async def close(self) -> None:
        await self.client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it so

    async def _hear(self, message: WSMessage) -> None:
        self.heard.append(str(message.data))

    async def _take(self, client: object, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if self.acks:
            payload = {"text": "Working on it."} if request.type == "slash_commands" else None
            await self.client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(limit_s=0.5) as fake:
        fake.postman.pauses_s = (0.0,)
        yield fake


@pytest.fixture
async def app(slack: FakeSlack) -> AsyncIterator[SocketApp]:
    app = SocketApp(slack)
    await app.open()
    yield app
    await app.close()


async def reconnected(slack: FakeSlack, before: int) -> None:
    await slack.wait_for(lambda now: len(now.calls_of("apps.connections.open")) > before and slack.sockets.connections)


async def test_an_event_comes_in_an_envelope_and_is_acknowledged(slack: FakeSlack, app: SocketApp) -> None:
    said = await slack.user(ADA).mention(OPS, "hello")
    assert [one.ok for one in said.deliveries] == [True, True]
    assert sorted(str(one.payload["event"]["type"]) for one in app.requests) == ["app_mention", "message"]
    assert {one.retry_attempt for one in app.requests} == {0}


async def test_the_payload_of_an_ack_is_shown_to_the_person(slack: FakeSlack, app: SocketApp) -> None:
    await slack.user(ADA).slash(OPS, "/ask", "x")
    assert [one.text for one in slack.workspace.ephemerals] == ["Working on it."]


async def test_an_event_without_an_ack_comes_again(slack: FakeSlack, app: SocketApp) -> None:
    app.acks = False
    said = await slack.user(ADA).dm("hello")
    assert [one.error for one in said.deliveries[0].tries] == ["http_timeout"] * 2
    assert [one.retry_attempt for one in app.requests] == [0, 1]
    assert len({one.payload["event_id"] for one in app.requests}) == 1


async def test_the_app_token_alone_opens_connections(slack: FakeSlack) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await AsyncWebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.bot_token)


async def test_the_client_comes_back_after_a_goodbye(slack: FakeSlack, app: SocketApp) -> None:
    await slack.sockets.say_goodbye("refresh_requested", close=False)
    await reconnected(slack, 1)
    assert (await slack.user(ADA).dm("still there?")).deliveries[0].ok


async def test_a_refused_connection_is_tried_again(slack: FakeSlack, app: SocketApp) -> None:
    slack.fail(refuse("apps.connections.open", "internal_error"))
    await slack.sockets.close()
    await reconnected(slack, 2)
    assert (await slack.user(ADA).dm("still there?")).deliveries[0].ok


async def test_a_deaf_line_answers_no_pings(slack: FakeSlack, app: SocketApp) -> None:
    await slack.wait_for(lambda _: slack.sockets.pings)
    slack.sockets.deaf = True
    await reconnected(slack, 1)


async def test_events_fail_while_no_connection_is_open(slack: FakeSlack, app: SocketApp) -> None:
    await app.close()
    said = await slack.user(ADA).dm("hello")
    assert {one.error for one in said.deliveries[0].tries} == {"connection_failed"}


async def test_an_eleventh_connection_is_turned_away(slack: FakeSlack) -> None:
    apps = [SocketApp(slack) for _ in range(10)]
    for one in apps:
        await one.open()
    eleventh = SocketApp(slack)
    await eleventh.open()
    await slack.wait_for(lambda now: len(now.calls_of("apps.connections.open")) > 11)
    assert any("too_many_websockets" in one for one in eleventh.heard)
    for one in [*apps, eleventh]:
        await one.close()
