"""The state of the fake: one workspace in which the app is installed, and a way to wait for it to change."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from tests.fakes.slack.records import ApiCall, Channel, ChannelKind, File, Message, ResponseUrl, Trigger, User, View

T = TypeVar("T")

TEAM = "T0NETOPS01"
DOMAIN = "netops"
PARTNER_TEAM = "T0PARTNER1"
APP = "A0SWITCHB1"
BOT_USER = "U0SWITCHB1"
BOT = "B0SWITCHB1"
ADA = "U0ADA00001"
BOB = "U0BOB00001"
GUEST = "U0GUEST001"
PARTNER = "U0PARTNER1"
SLACKBOT = "USLACKBOT"
OTHER_BOT_USER = "U0GRAFANA1"
OTHER_BOT = "B0GRAFANA1"
OPS = "C0OPS00001"
SECRET = "C0SECRET01"
SHARED = "C0SHARED01"
ARCHIVED = "C0ARCHIVE1"
ELSEWHERE = "C0ELSEWHR1"
"""A public channel that the bot is not in."""

STATUS_LIFE_S = 120.0
"""A thread's status goes by itself after two minutes (Slack's changelog of 2026-03-05)."""


class Clock:
    """Unix seconds, which a test may push forward so that triggers and response_urls expire."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Return the present moment."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds


class Workspace:
    """Everything that Slack knows. All changes go through methods that wake those who wait."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.base_url = ""
        self.refused_blocks: frozenset[str] = frozenset()
        self.team, self.domain, self.app, self.bot_user, self.bot = TEAM, DOMAIN, APP, BOT_USER, BOT
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: list[ApiCall] = []
        self._messages: dict[tuple[str, str], Message] = {}
        self._threads: dict[tuple[str, str], dict[str, None]] = {}
        self._statuses: dict[tuple[str, str], tuple[str, float]] = {}
        self._last_ts = 0
        self._ids = itertools.count(1)
        self._woken = asyncio.Event()
        self._furnish()

    def _furnish(self) -> None:
        for user in (
            User(BOT_USER, "switchboard", TEAM, bot=BOT, app=APP),
            User(SLACKBOT, "slackbot", TEAM),
            User(OTHER_BOT_USER, "grafana", TEAM, bot=OTHER_BOT, app="A0GRAFANA1"),
            User(ADA, "ada", TEAM),
            User(BOB, "bob", TEAM),
            User(GUEST, "guest", TEAM, guest=True),
            User(PARTNER, "partner", PARTNER_TEAM),
        ):
            self.add_user(user)
        ours = frozenset({BOT_USER, ADA, BOB, GUEST, OTHER_BOT_USER})
        for channel in (
            Channel(OPS, "ops", ChannelKind.PUBLIC, ours),
            Channel(SECRET, "secret", ChannelKind.PRIVATE, ours),
            Channel(SHARED, "shared", ChannelKind.PUBLIC, ours | {PARTNER}, ext_shared=True),
            Channel(ARCHIVED, "archived", ChannelKind.PUBLIC, ours, archived=True),
            Channel(ELSEWHERE, "elsewhere", ChannelKind.PUBLIC, frozenset({ADA, BOB})),
        ):
            self.put_channel(channel)

    def new_id(self, prefix: str) -> str:
        """Return an id that was not given before, such as `Ev00000001`."""
        return f"{prefix}{next(self._ids):08d}"

    def next_ts(self) -> str:
        """Return a message's ts: the time in seconds with six decimals, later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, user: User) -> None:
        """Let somebody join the workspace."""
        self.users[user.id] = user

    def put_channel(self, channel: Channel) -> None:
        """Create a channel, or replace it by what it is now."""
        self.channels[channel.id] = channel
        self.changed()

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.put_channel(replace(self.channels[channel], archived=True))

    def kick_bot(self, channel: str) -> None:
        """Take the app's bot out of a channel."""
        members = self.channels[channel].members - {self.bot_user}
        self.put_channel(replace(self.channels[channel], members=members))

    def im_with_bot(self, user: str) -> Channel:
        """Return the direct-message channel of a person and the bot, which is made when it is first asked for."""
        channel = f"D{user[1:]}"
        if channel not in self.channels:
            self.put_channel(Channel(channel, "", ChannelKind.IM, frozenset({user, self.bot_user})))
        return self.channels[channel]

    def put(self, message: Message) -> Message:
        """Store a message, new or changed. The bot's own clears the status of its thread."""
        if message.ephemeral_to:
            self.ephemerals = [one for one in self.ephemerals if one.ts != message.ts] + [message]
        else:
            self._messages[message.channel, message.ts] = message
            if message.in_thread:
                self._threads.setdefault((message.channel, message.thread_ts), {})[message.ts] = None
        if message.bot == self.bot:
            self._statuses.pop((message.channel, message.root), None)
        self.changed()
        return message

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.ephemerals = [one for one in self.ephemerals if one.ts != message.ts]
        self._messages.pop((message.channel, message.ts), None)
        self.changed()

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message that stands there now."""
        return self._messages.get((channel, ts))

    def messages(self, channel: str = "") -> list[Message]:
        """Return all messages that stand, of one channel or of all, oldest first. Ephemeral ones are not among them."""
        return [one for one in self._messages.values() if channel in {"", one.channel}]

    def replies(self, channel: str, ts: str) -> list[Message]:
        """Return the replies in a thread, oldest first, without its root."""
        standing = (self.find(channel, reply) for reply in self._threads.get((channel, ts), {}))
        return [one for one in standing if one is not None]

    def bot_messages(self, channel: str = "") -> list[Message]:
        """Return what the app's bot has posted and not deleted, oldest first."""
        return [one for one in self.messages(channel) if one.bot == self.bot]

    def status_of(self, channel: str, thread_ts: str) -> str:
        """Return the status that stands under a thread, or an empty text."""
        status, since = self._statuses.get((channel, thread_ts), ("", 0.0))
        return status if self.clock.now() - since < STATUS_LIFE_S else ""

    def set_status(self, channel: str, thread_ts: str, status: str) -> None:
        """Show a status under a thread; an empty one clears it."""
        self._statuses[channel, thread_ts] = (status, self.clock.now())
        self.changed()

    def put_view(self, view: View) -> None:
        """Store a modal or a home tab as it is now."""
        (self.homes if view.kind == "home" else self.views)[view.user if view.kind == "home" else view.id] = view
        self.changed()

    def new_trigger(self, user: str) -> str:
        """Return a trigger_id that a person's interaction earned."""
        trigger = f"{self.new_id('')}.{self.team}.trigger"
        self.triggers[trigger] = Trigger(user, self.clock.now())
        return trigger

    def response_address(self, url: ResponseUrl) -> str:
        """Store a response_url and return its address."""
        self.response_urls[url.id] = url
        return f"{self.base_url}/response/{url.id}"

    def note(self, call: ApiCall) -> None:
        """Add a call to the log."""
        self.calls.append(call)
        self.changed()

    def calls_of(self, method: str) -> list[ApiCall]:
        """Return the calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def changed(self) -> None:
        """Wake everybody who waits for a change."""
        woken, self._woken = self._woken, asyncio.Event()
        woken.set()

    async def wait_for(self, seen: "Callable[[Workspace], T | None]", within_s: float = 5.0) -> T:
        """Return the first truthy value of `seen`, which is asked again after each change; raises TimeoutError."""
        try:
            async with asyncio.timeout(within_s):
                while not (found := seen(self)):
                    await self._woken.wait()
        except TimeoutError:
            said = [(one.channel, one.user, one.text[:60]) for one in self.messages()[-8:]]
            raise TimeoutError(f"not seen within {within_s} s; last messages: {said}; last calls: {self._last_calls()}") from None
        return found

    def _last_calls(self) -> list[str]:
        return [f"{call.method} {call.error or call.fault or 'ok'}" for call in self.calls[-8:]]
