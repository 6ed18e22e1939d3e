"""Drives the real Agents Playground: Microsoft's stand-in for Teams, without its page."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import aiohttp

from bot.demo.stack import free_port
from tests.fakes.npm import node, npm_package
from tests.fakes.slack.json_values import JsonObject, as_object, object_at, objects_at, parsed, text_at
from tests.fakes.teams.activities import execute, feedback, mention_text
from tests.fakes.teams.people import button
from tests.fakes.teams.records import Posted

T = TypeVar("T")

PACKAGE, VERSION = "@microsoft/m365agentsplayground", "0.2.28"
LOOPBACK = Path(__file__).with_name("loopback.cjs")
STREAM = "/_ws_conversation/v1/conversations/stream"
START_S = 60.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and where: the Playground's own ids."""

    bot: str
    bot_name: str
    me: str
    tenant: str
    chat: str
    group: str
    channel: str

    @classmethod
    def read(cls, answer: JsonObject) -> "Cast":
        """Read the Playground's configuration."""
        config = object_at(answer, "config")
        bot, team = object_at(config, "bot"), objects_at(config, "teams")[0]
        return cls(
            bot=text_at(bot, "id"),
            bot_name=text_at(bot, "name"),
            me=text_at(object_at(config, "currentUser"), "id"),
            tenant=text_at(config, "tenantId"),
            chat=text_at(object_at(config, "personalChat"), "id"),
            group=text_at(objects_at(config, "groupChats")[0], "id"),
            channel=text_at(objects_at(team, "channels")[0], "id"),
        )


@dataclass
class Playground:
    """The running Playground. `shown` are the bot's messages as they stand, `typed` the conversations in which it typed."""

    url: str
    cast: Cast
    session: aiohttp.ClientSession
    shown: dict[str, Posted] = field(default_factory=dict)
    history: dict[str, list[str]] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, place: str, text: str) -> str:
        """Write in a conversation, with a mention of the bot where there are others; return the conversation of the answer."""
        written: JsonObject = {"from": {"id": self.cast.me}, "text": text, "textFormat": "plain"}
        if place != self.cast.chat:
            name = mention_text(self.cast.bot_name)
            written |= {"text": f"{name} {text}", "mentions": [{"mentioned": {"id": self.cast.bot}, "text": name}]}
        answer = await self._post(f"/_conversation/v1/conversations/{place}/messages", written)
        return text_at(answer, "postConversationId") or place

    async def press(self, posted: Posted, title: str) -> JsonObject:
        """Press a button of a card, and return what the bot answered."""
        value = execute(button(self.shown[posted.id], title))
        return await self._post("/_conversation/v1/invoke", self._about(posted) | {"name": "adaptiveCard/action", "value": value})

    async def submit(self, posted: Posted, title: str) -> None:
        """Press a button as a client does that knows Action.Submit alone."""
        value = object_at(object_at(button(self.shown[posted.id], title), "fallback"), "data")
        await self._post("/_conversation/v1/submit", self._about(posted) | {"value": value})

    async def rate(self, posted: Posted, reaction: str, comment: str) -> JsonObject:
        """Fill in the feedback form, and return what the bot answered."""
        told = self._about(posted) | {"name": "message/submitAction", "value": feedback(reaction, comment)}
        return await self._post("/_conversation/v1/invoke", told)

    async def inject(self, kind: str, place: str, **more: object) -> JsonObject:
        """Send the bot an activity that the Playground's page has no button for."""
        template = await self._get("/_internal/v1/customActivities/template", conversationId=place, type="install")
        template.pop("action", None)
        activity: JsonObject = template | {"type": kind, "id": str(uuid4())} | more
        await self._post("/_internal/v1/customActivities", activity)
        return activity

    async def install(self, place: str, *, added: bool) -> None:
        """Add the app to a conversation, or take it away."""
        kind = "install" if added else "uninstall"
        template = await self._get("/_internal/v1/customActivities/template", conversationId=place, type=kind)
        await self._post("/_internal/v1/customActivities", template)

    def messages(self, conversation: str) -> list[Posted]:
        """Return the bot's messages in a conversation as they stand, oldest first."""
        return [one for one in self.shown.values() if one.conversation == conversation]

    async def wait_for(self, seen: "Callable[[Playground], T | None]", within_s: float = 60.0) -> T:
        """Return the first truthy value of `seen`, asked after each change; raises TimeoutError."""
        try:
            async with asyncio.timeout(within_s):
                while not (found := seen(self)):
                    await self._woken.wait()
        except TimeoutError:
            raise TimeoutError(f"not seen within {within_s} s; last: {[one.shown[:80] for one in self.shown.values()][-6:]}") from None
        return found

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take in what the Playground would show, until the socket closes."""
        async for frame in socket:
            self._take(as_object(parsed(str(frame.data))))
            woken, self._woken = self._woken, asyncio.Event()
            woken.set()

    def _take(self, event: JsonObject) -> None:
        conversation, message = text_at(event, "actionConversationId"), object_at(event, "message")
        if text_at(event, "action") == "typing":
            self.typed.append(conversation)
        elif text_at(object_at(message, "from"), "id") == self.cast.bot:
            posted = Posted(conversation, text_at(message, "messageId"), message)
            self.shown[posted.id] = posted
            self.history.setdefault(posted.id, []).append(posted.text)

    def _about(self, posted: Posted) -> JsonObject:
        return {"from": {"id": self.cast.me}, "conversation": {"id": posted.conversation}, "replyToId": posted.id}

    async def _get(self, path: str, **query: str) -> JsonObject:
        async with self.session.get(self.url + path, params=query) as response:
            return as_object(parsed(await response.read()))

    async def _post(self, path: str, body: JsonObject) -> JsonObject:
        async with self.session.post(self.url + path, json=body) as response:
            raw = await response.read()
            if response.status >= 400:
                raise AssertionError(f"{path}: {response.status} {raw.decode()[:300]}")
        return as_object(parsed(raw)) if raw else {}


@asynccontextmanager
async def playground(bot_url: str, home: Path) -> AsyncIterator[Playground]:
    """Run the Playground against a bot's messaging endpoint. Without Node the test is skipped, or fails where nothing may be skipped."""
    command = [node(), "--require", str(LOOPBACK), str(npm_package(PACKAGE, VERSION) / "cli.js"), "start"]
    port = free_port()
    options = ["-e", bot_url, "-c", "msteams", "-p", str(port), "--su", f"http://127.0.0.1:{port}/_connector", "--dt"]
    environment = os.environ | {"HOME": str(home), "TEAMSAPPTESTER_BROWSER": "none", "M365_AGENTS_PLAYGROUND_LOGFILE": str(home / "log")}
    process = await asyncio.create_subprocess_exec(
        *command, *options, cwd=home, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with _connected(f"http://127.0.0.1:{port}") as running:
            yield running
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Playground]:
    async with aiohttp.ClientSession() as session:
        await _until_up(session, url)
        async with session.get(url + "/_internal/v1/config") as response:
            cast = Cast.read(as_object(parsed(await response.read())))
        running = Playground(url, cast, session)
        async with session.ws_connect(url + STREAM) as socket:
            listening = asyncio.create_task(running.listen(socket))
            yield running
            listening.cancel()


async def _until_up(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(START_S):
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(url + "/_debug/ping"):
                    return
            await asyncio.sleep(0.1)
