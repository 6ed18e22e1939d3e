"""Socket Mode: two websockets to Slack, each replaced as soon as it is deaf."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.web import quiet_logger

CONNECTIONS = 2
"""Slack takes up to ten, and sends each payload over one of them; with two, a reconnection leaves no gap."""

DEAF_S = 30.0
"""A connection without a pong for so long is replaced, whatever it says of itself (python-slack-sdk issue 1110)."""

LOOK_S = 1.0
CLOSE_S = 3.0
PING_S = 5.0
PAUSE_S = 2.0

Dispatch = Callable[[SocketModeRequest], Awaitable[SocketModeResponse | None]]
"""Handles one envelope; None leaves it unacknowledged, so that Slack sends it again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a connection counts as deaf, how often that is looked at, and how often it is pinged; all in seconds."""

    deaf_s: float = DEAF_S
    look_s: float = LOOK_S
    ping_s: float = PING_S
    pause_s: float = PAUSE_S


class Sockets:
    """Keeps the connections up until it is stopped."""

    def __init__(self, app_token: str, web: Callable[[], AsyncWebClient], dispatch: Dispatch, timing: Timing | None = None) -> None:
        self._app_token = app_token
        self._web = web
        self._dispatch = dispatch
        self._timing = timing or Timing()
        self._lines: list[asyncio.Task[None]] = []
        self._handling: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to connect, in the background: Slack may be down when we start."""
        self._lines = [asyncio.create_task(self._keep_up(number)) for number in range(CONNECTIONS)]

    async def stop(self, drain_s: float = 5.0) -> None:
        """Finish what is being handled, then close the connections."""
        if self._handling:
            await asyncio.wait(set(self._handling), timeout=drain_s)
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _keep_up(self, number: int) -> None:
        """Hold one connection after the other, for ever."""
        while True:
            client = self._client()
            try:
                reason = await self._hold(client)
                _log.warning("replacing socket=%d: %s", number, reason)
            finally:
                await _close(client)
            await asyncio.sleep(self._timing.pause_s)

    def _client(self) -> SocketModeClient:
        web = self._web()
        client = SocketModeClient(self._app_token, logger=quiet_logger(), web_client=web, ping_interval=self._timing.ping_s)
        client.proxy = web.proxy
        client.socket_mode_request_listeners.append(self._handle)
        return client

    async def _hold(self, client: SocketModeClient) -> str:
        """Connect and watch; return why the connection has to be replaced."""
        connecting = asyncio.create_task(_connect(client))
        since = time.time()
        try:
            while True:
                await asyncio.sleep(self._timing.look_s)
                if connecting.done() and (error := connecting.exception()) is not None:
                    return type(error).__name__
                if time.time() - max(client.last_ping_pong_time or 0.0, since) > self._timing.deaf_s:
                    return "no pong"
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Handle one envelope and acknowledge it; the SDK runs this in a task that it does not keep."""
        task = asyncio.current_task()
        if task is not None:
            self._handling.add(task)
            task.add_done_callback(self._handling.discard)
        try:
            answer = await self._dispatch(request)
            if answer is not None:
                await client.send_socket_mode_response(answer)
        except Exception as error:  # noqa: BLE001 (the SDK would write the exception's text; Slack sends the envelope again)
            _log.warning("envelope not answered: %s", type(error).__name__)


async def _connect(client: SocketModeClient) -> None:
    await client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


async def _close(client: SocketModeClient) -> None:
    """Close a client that may be half dead: a peer that is gone would keep us waiting for its farewell."""
    try:
        async with asyncio.timeout(CLOSE_S):
            await client.close()  # type: ignore[no-untyped-call]  # as above
    except Exception as error:  # noqa: BLE001 (whatever a broken connection raises, the next one is what matters)
        _log.debug("closing a socket failed: %s", type(error).__name__)
    tasks = [task for task in (client.message_processor, client.current_session_monitor, client.message_receiver) if task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await client.aiohttp_client_session.close()
