"""Brings payloads to the app by the road that it chose, again when it does not take them, and keeps the record."""

import asyncio
from collections.abc import Iterable

import aiohttp

from tests.fakes.slack.delivery import GOOD, Delivery, HttpTransport, Retry, Signature, Transport, Try
from tests.fakes.slack.events import SUBSCRIPTIONS, Outgoing, Road, event_callback, subscription_of
from tests.fakes.slack.json_values import JsonObject, object_at, text_at
from tests.fakes.slack.socket_mode import SocketHub
from tests.fakes.slack.workspace import Workspace

PAUSES_S = (0.0, 0.05, 0.1)
"""Slack's pauses before its three retries (none, one minute, five minutes), shortened for tests."""


class Postman:
    """Delivers. `deliveries` is the record; `pauses_s` and `subscriptions` may be changed by a test."""

    def __init__(self, workspace: Workspace, sockets: SocketHub, secret: str) -> None:
        self.workspace = workspace
        self.pauses_s: tuple[float, ...] = PAUSES_S
        self.subscriptions = set(SUBSCRIPTIONS)
        self.deliveries: list[Delivery] = []
        self._sockets = sockets
        self._secret = secret
        self._url = ""
        self._session: aiohttp.ClientSession | None = None
        self._behind: set[asyncio.Task[tuple[Delivery, ...]]] = set()

    def deliver_to(self, url: str) -> None:
        """Set the app's request URL for events, commands and interactions."""
        self._url = url

    @property
    def http(self) -> HttpTransport:
        """Return the road over HTTP, also for forged and raw requests."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return HttpTransport(self._session, self._url, self._secret, self._sockets.limit_s)

    def _road(self) -> Transport | None:
        if self._sockets.opened:
            return self._sockets
        return self.http if self._url else None

    async def send(self, outgoing: Outgoing) -> Delivery:
        """Deliver a payload: events up to four times, commands and interactions once. Raises LookupError without an app."""
        road = self._road()
        if road is None:
            raise LookupError("no app: call deliver_to, or let it connect by Socket Mode")
        tries = [await road.attempt(outgoing, Retry())]
        pauses = self.pauses_s if outgoing.road is Road.EVENT else ()
        for number, pause in enumerate(pauses, start=1):
            if tries[-1].ok or tries[-1].no_retry:
                break
            await asyncio.sleep(pause)
            tries.append(await road.attempt(outgoing, Retry(number, tries[-1].error or "http_error")))
        delivery = Delivery(outgoing, tuple(tries))
        self.deliveries.append(delivery)
        self.workspace.changed()
        return delivery

    async def emit(self, events: Iterable[JsonObject]) -> tuple[Delivery, ...]:
        """Deliver events at the same time, each with an event_id of its own; those the app cannot see are left out."""
        if self._road() is None:
            return ()
        outgoing = [event_callback(self.workspace, event) for event in events if self._is_seen(event)]
        return tuple(await asyncio.gather(*(self.send(one) for one in outgoing)))

    def _is_seen(self, event: JsonObject) -> bool:
        channel_id = text_at(event, "channel") or text_at(object_at(event, "item"), "channel")
        channel = self.workspace.channels.get(channel_id)
        if channel is not None and self.workspace.bot_user not in channel.members:
            return False
        return subscription_of(self.workspace, event) in self.subscriptions

    def emit_later(self, events: Iterable[JsonObject]) -> None:
        """Deliver the events of what the app itself did, behind its answer."""
        task = asyncio.get_running_loop().create_task(self.emit(tuple(events)))
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)

    async def settle(self) -> None:
        """Wait until everything that was to be delivered behind answers has been."""
        while self._behind:
            await asyncio.gather(*self._behind)

    async def redeliver(self, delivery: Delivery, *, retry: Retry | None = None, signature: Signature = GOOD) -> Try:
        """Send a payload once more, with the same event_id, as a retry that Slack makes on its own."""
        again = retry or Retry(len(delivery.tries), "http_timeout")
        if self._sockets.opened:
            return await self._sockets.attempt(delivery.outgoing, again)
        return await self.http.forge(delivery.outgoing, signature, again)

    async def close(self) -> None:
        """Stop delivering."""
        for task in list(self._behind):
            task.cancel()
        await asyncio.gather(*self._behind, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
