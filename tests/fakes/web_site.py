"""The chat page as its tests reach it: a client, and what stands behind the page."""

from dataclasses import dataclass
from uuid import uuid4

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from bot.store.transcript import Entry
from tests.fakes.desk import FakeDesk
from tests.fakes.transcript import FakeTranscript


@dataclass
class Site:
    """The running page: its client, and what stands behind it."""

    client: TestClient[web.Request, web.Application]
    desk: FakeDesk
    transcript: FakeTranscript

    @property
    def origin(self) -> str:
        """The page's own origin, which its scripts send with every write."""
        return str(self.client.make_url("/")).rstrip("/")

    async def write(self, path: str, method: str = "POST", **fields: str) -> ClientResponse:
        """Send what the page sends."""
        return await self.client.request(method, path, json=fields, headers={"Origin": self.origin})

    async def say(self, text: str, *, user: str = "ana", channel: str = "noc", thread: str = "") -> Entry:
        """Write a message, and return its entry."""
        message = str(uuid4())
        response = await self.write("/web/messages", id=message, user=user, channel=channel, thread=thread, text=text)
        assert response.status == 201, await response.text()
        return self.transcript.entries[message]
