"""A loopback stand-in for Slack's Web API that accepts everything, and a peer that acknowledges events without keeping them."""

import itertools

from aiohttp import web

TEAM, BOT_USER, BOT = "T0BENCH", "U0BENCHBOT", "B0BENCHBOT"


class Stub:
    """Counts what was posted and updated; `/peer` answers 200 at once."""

    def __init__(self) -> None:
        self.updates = 0
        self._ts = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free loopback port and return the base address."""
        app = web.Application()
        app.add_routes([web.post("/api/{method}", self._call), web.get("/api/{method}", self._call), web.post("/peer", self._peer)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.updates += method == "chat.update"
        identity = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "url": "https://bench.slack.test/", "team": "bench", "user": "bot"}
        return web.json_response({"ok": True, "ts": f"{next(self._ts)}.000100", "channel": "C0BENCH", **identity})

    async def _peer(self, request: web.Request) -> web.Response:
        await request.read()
        return web.Response()
