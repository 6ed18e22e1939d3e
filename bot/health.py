"""The health pages: alive, and ready to take questions. They tell no data."""

from aiohttp import web

from bot.store import schema
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.inbox import Inbox

OLDEST_S = 60.0
"""A question that nobody has started on for so long means that no worker works."""


class Health:
    """`/healthz` is red when questions wait and nobody works on them, `/readyz` when none can be taken."""

    def __init__(self, inbox: Inbox, database: Database) -> None:
        self._inbox = inbox
        self._database = database

    def routes(self, app: web.Application) -> None:
        """Add both pages."""
        app.add_routes([web.get("/healthz", self._alive), web.get("/readyz", self._ready)])

    async def _alive(self, request: web.Request) -> web.Response:
        del request
        try:
            late = await self._inbox.oldest_waiting_s() > OLDEST_S
        except StoreUnavailable:
            return _said("database unavailable", 503)
        return _said("questions are waiting", 503) if late else _said("ok", 200)

    async def _ready(self, request: web.Request) -> web.Response:
        del request
        try:
            at_head = await schema.current(self._database) == schema.HEAD
        except StoreUnavailable:
            return _said("database unavailable", 503)
        return _said("ok", 200) if at_head else _said("database not migrated", 503)


def _said(status: str, code: int) -> web.Response:
    return web.json_response({"status": status}, status=code)
