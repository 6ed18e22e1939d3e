"""The fake of Slack as a whole: a workspace, its Web API, its events, its Socket Mode and its people."""

from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from tests.fakes.slack import events
from tests.fakes.slack.blocks import LEGACY
from tests.fakes.slack.delivery import LIMIT_S, Delivery, Signature, Try
from tests.fakes.slack.faults import Fault, FaultPlan
from tests.fakes.slack.people import Person, Said
from tests.fakes.slack.postman import Postman
from tests.fakes.slack.records import Message
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, WebApi
from tests.fakes.slack.socket_mode import SocketHub
from tests.fakes.slack.workspace import OTHER_BOT, OTHER_BOT_USER, Workspace

T = TypeVar("T")


class FakeSlack:
    """Slack on loopback, for `async with`. `legacy_blocks` makes it refuse the newer blocks; `seed` feeds the faults' coin.

    `limit_s` is its patience with the app: three seconds, less where a test has to wait for its end.
    """

    def __init__(self, *, port: int = 0, legacy_blocks: bool = False, seed: int = 7, limit_s: float = LIMIT_S) -> None:
        self.bot_token, self.app_token, self.signing_secret = BOT_TOKEN, APP_TOKEN, SIGNING_SECRET
        self.workspace = Workspace()
        self.workspace.refused_blocks = LEGACY if legacy_blocks else frozenset()
        self.faults = FaultPlan(seed)
        self.sockets = SocketHub(self.workspace.app, self.workspace.changed, limit_s)
        self.postman = Postman(self.workspace, self.sockets, self.signing_secret)
        self.app = web.Application(client_max_size=10_000_000)
        self._api = WebApi(self.workspace, self.faults, self.sockets, self.postman)
        self._api.add_routes(self.app)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        self._port = port

    @property
    def base_url(self) -> str:
        """Return the server's address, without a slash at its end."""
        return self.workspace.base_url

    @property
    def api_url(self) -> str:
        """Return what SLACK_API_URL is to be, with a slash at its end."""
        return f"{self.base_url}/api/"

    @property
    def deliveries(self) -> list[Delivery]:
        """Return the record of all finished deliveries."""
        return self.postman.deliveries

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.workspace.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._api.close()
        await self.postman.close()
        await self.sockets.close()
        await self._runner.cleanup()

    def deliver_to(self, url: str) -> None:
        """Set the app's request URL; without it, and without Socket Mode, nothing is delivered."""
        self.postman.deliver_to(url)

    def user(self, user: str) -> Person:
        """Return a person of the workspace, who can then do things."""
        return Person(self.workspace, self.postman, self.workspace.users[user].id)

    def fail(self, *faults: Fault) -> None:
        """Let faults stand from now on."""
        self.faults.add(*faults)

    async def wait_for(self, seen: "Callable[[Workspace], T | None]", within_s: float = 5.0) -> T:
        """Return the first truthy value of `seen`, asked after each change of the workspace; raises TimeoutError."""
        return await self.workspace.wait_for(seen, within_s)

    async def settle(self) -> None:
        """Wait until the events of the app's own deeds are delivered."""
        await self.postman.settle()

    async def bot_message(self, channel: str, text: str, *, thread_ts: str = "", classic: bool = False) -> Said:
        """Let another app's bot write. `classic` ones are incoming webhooks: subtype bot_message and no user."""
        message = Message(channel, self.workspace.next_ts(), OTHER_BOT_USER, text, thread_ts=thread_ts, bot=OTHER_BOT)
        if classic:
            message = replace(message, user="", subtype="bot_message", username="grafana-hook")
        self.workspace.put(message)
        return Said(message, await self.postman.emit(events.posted(self.workspace, message)))

    async def url_verification(self) -> Try:
        """Check the app's address as Slack does when it is entered; the answer has to be the challenge."""
        return (await self.postman.send(events.url_verification())).last

    async def app_rate_limited(self) -> Delivery:
        """Tell the app that it gets too many events."""
        return await self.postman.send(events.app_rate_limited(self.workspace))

    async def app_uninstalled(self) -> tuple[Delivery, ...]:
        """Uninstall the app."""
        return await self.postman.emit([{"type": "app_uninstalled"}])

    async def tokens_revoked(self) -> tuple[Delivery, ...]:
        """Revoke the bot's token."""
        return await self.postman.emit([{"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.workspace.bot_user]}}])

    async def forge(self, outgoing: events.Outgoing, signature: Signature) -> Try:
        """Post a payload with a signature that is not as it should be."""
        return await self.postman.http.forge(outgoing, signature)
