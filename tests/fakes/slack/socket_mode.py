"""The Socket Mode server: hands out addresses, sends envelopes and waits for their acks, and fails in Slack's ways."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import LIMIT_S, Retry, Try
from tests.fakes.slack.events import Outgoing, Road
from tests.fakes.slack.json_values import JsonObject, as_object, object_at, parsed, text_at

MOST_CONNECTIONS = 10
"""Socket Mode takes ten connections of one app at once."""


@dataclass(slots=True)
class SocketHub:
    """All WebSocket connections of the app, and the faults that a test may switch on.

    `deaf` leaves connections open but neither answers pings nor sends or reads anything, like a half-open line.
    `refuse` turns new connections away with 503.
    """

    app: str
    changed: Callable[[], None]
    """Called after each change, so that those who wait for one look again."""
    limit_s: float = LIMIT_S
    opened: bool = False
    """An address was asked for: from then on everything goes by socket."""
    deaf: bool = False
    refuse: bool = False
    pings: int = 0
    acks: list[JsonObject] = field(default_factory=list)
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[JsonObject]] = field(default_factory=dict)
    _envelopes: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def address(self, base_url: str) -> str:
        """Return a WebSocket address, as apps.connections.open does."""
        self.opened = True
        self.changed()
        return f"{base_url.replace('http', 'ws', 1)}/link/?ticket={next(self._envelopes)}&app_id={self.app}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if self.refuse:
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json(self._farewell("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(socket)
        self.changed()
        try:
            await socket.send_json(self._hello())
            await self._read(socket)
        finally:
            if socket in self.connections:
                self.connections.remove(socket)
        return socket

    def _hello(self) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.app},
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
        }

    def _farewell(self, reason: str) -> JsonObject:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}

    async def _read(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if self.deaf:
                continue
            if message.type is WSMsgType.PING:
                self.pings += 1
                self.changed()
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledge(as_object(parsed(message.data)))

    def _acknowledge(self, frame: JsonObject) -> None:
        self.acks.append(frame)
        self.changed()
        waiting = self._waiting.pop(text_at(frame, "envelope_id"), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    async def attempt(self, outgoing: Outgoing, retry: Retry) -> Try:
        """Send an envelope on one of the connections and wait for its ack."""
        began = time.perf_counter()
        envelope_id = f"envelope-{next(self._envelopes)}"
        if not self.connections:
            return Try(retry, 0, 0.0, error="connection_failed")
        socket = self.connections[next(self._envelopes) % len(self.connections)]
        ack = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            if not self.deaf:
                await socket.send_json(self._envelope(outgoing, retry, envelope_id))
            async with asyncio.timeout(self.limit_s):
                frame = await ack
        except TimeoutError:
            return Try(retry, 0, (time.perf_counter() - began) * 1000, error="http_timeout")
        except ConnectionError:
            return Try(retry, 0, (time.perf_counter() - began) * 1000, error="connection_failed")
        finally:
            self._waiting.pop(envelope_id, None)
        answer = json.dumps(object_at(frame, "payload")).encode()
        return Try(retry, 200, (time.perf_counter() - began) * 1000, answer)

    def _envelope(self, outgoing: Outgoing, retry: Retry, envelope_id: str) -> JsonObject:
        envelope: JsonObject = {
            "type": outgoing.road.value,
            "envelope_id": envelope_id,
            "payload": outgoing.payload,
            "accepts_response_payload": outgoing.road is not Road.EVENT,
        }
        if outgoing.road is Road.EVENT:
            envelope |= {"retry_attempt": retry.number, "retry_reason": retry.reason}
        return envelope

    async def say_goodbye(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Send `disconnect` (`warning`, `refresh_requested`, `link_disabled`) on all connections, and close them."""
        for socket in list(self.connections):
            await socket.send_json(self._farewell(reason))
            if close:
                self.connections.remove(socket)
                await socket.close()

    async def close(self) -> None:
        """End all connections."""
        for socket in list(self.connections):
            await socket.close()
