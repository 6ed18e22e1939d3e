"""What the bench needs of a chat platform: traffic, and a stand-in for its interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request as the platform would send it."""

    body: bytes
    headers: Mapping[str, str]


class BenchPlatform(Protocol):
    """One platform. `base` is the address of its stand-in, on loopback."""

    @property
    def path(self) -> str:
        """Where a deployment takes its events."""

    def routes(self) -> tuple[web.RouteDef, ...]:
        """Return the stand-in's routes."""

    def settings(self, base: str) -> Mapping[str, str]:
        """Return the environment that turns the platform on."""

    def policy(self, policy: str, base: str) -> str:
        """Return the text of a policy for it."""

    def outgoing(self, number: int, base: str) -> Outgoing:
        """Return one mention of the bot, signed."""


class Stub:
    """Serves a platform's stand-in, and a peer that acknowledges events without keeping them: `/peer` answers 200 at once."""

    def __init__(self, platform: BenchPlatform) -> None:
        self._app = web.Application()
        self._app.add_routes([*platform.routes(), web.post("/peer", _peer)])
        self._runner = web.AppRunner(self._app, access_log=None)

    async def start(self) -> str:
        """Listen on a free loopback port and return the base address."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()


async def _peer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response()
