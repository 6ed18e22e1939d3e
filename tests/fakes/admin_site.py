"""The dashboard over a database, as its tests reach it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.dashboard.app import Dashboard
from bot.dashboard.door import COOKIE
from bot.store.database import Database
from bot.store.store import Store, make_store
from router.evals_policy import EvalsPolicy
from tests.fakes.archive import Archive
from tests.fakes.clock import FakeClock

TOKEN = "the-token-of-this-test-with-32-bytes-and-more"


@dataclass
class AdminSite:
    """The running dashboard: its client, and what stands behind it."""

    client: TestClient[web.Request, web.Application]
    dashboard: Dashboard
    store: Store
    clock: FakeClock
    archive: Archive = field(init=False)

    def __post_init__(self) -> None:
        self.archive = Archive(self.store.inbox, self.store.records, self.clock)

    async def sign_in(self, name: str = "eve", token: str = TOKEN) -> ClientResponse:
        """Fill in the form and send it, as a browser does; the client keeps the cookies."""
        form = await self.client.get("/admin/login")
        fields = {"name": name, "token": token, "form_token": form_token_of(await form.text()), "next": "/admin"}
        return await self.client.post("/admin/login", data=fields, allow_redirects=False)

    async def read(self, path: str) -> str:
        """Return a page that must be there."""
        response = await self.client.get(path, allow_redirects=False)
        text = await response.text()
        assert response.status == 200, (path, response.status, text)
        return text

    async def send(self, path: str, **fields: str) -> ClientResponse:
        """Send a form with the session's form token."""
        token = form_token_of(await self.read("/admin"))
        return await self.client.post(path, data=fields | {"form_token": token}, allow_redirects=False)

    @property
    def cookie(self) -> str:
        """The session's cookie; empty when there is none."""
        found = self.client.session.cookie_jar.filter_cookies(URL(self.client.make_url("/admin"))).get(COOKIE)
        return found.value if found else ""


def form_token_of(text: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="form_token" value="(\w+)"', text)
    assert found, text
    return found[1]


@asynccontextmanager
async def admin_site(database: Database, clock: FakeClock, *, here_only: bool = True) -> AsyncIterator[AdminSite]:
    """Run the dashboard on a free port of loopback."""
    store, app = make_store(database, clock), web.Application()
    dashboard = Dashboard(store, TOKEN, EvalsPolicy(), clock, here_only=here_only)
    dashboard.add_to(app)
    async with TestClient(TestServer(app)) as client:
        yield AdminSite(client, dashboard, store, clock)
    await dashboard.close()
