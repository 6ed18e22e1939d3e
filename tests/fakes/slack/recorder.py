"""A stand-in for an app behind HTTP: keeps what it is sent and answers as a test wishes."""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.slack.json_values import JsonObject, as_object, parsed


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> JsonObject:
        """Return the body's JSON object."""
        return as_object(parsed(self.body))


@dataclass(slots=True)
class Recorder:
    """For `async with`. `statuses` are given in turn, then 200; `answer` is the body; `delay_s` makes it slow."""

    statuses: list[int] = field(default_factory=list)
    answer: JsonObject = field(default_factory=dict)
    answer_headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    received: list[Received] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/slack/events", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.received.append(Received(dict(request.headers), await request.read()))
        await asyncio.sleep(self.delay_s)
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer, status=status, headers=self.answer_headers)
