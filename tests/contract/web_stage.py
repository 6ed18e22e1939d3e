"""The chat page for the contract tests: the real adapter, and what a browser sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.app import WebIngress
from adapters.web.bodies import ReplyBody, read_body
from adapters.web.courier import WebCourier
from adapters.web.payloads import BOT
from bot.desk import new_id
from bot.store.transcript import Entry, Transcript
from bot.types import Platform
from tests.bot.conftest import Backstage
from tests.contract.stage import ADA, BOB, Button, Said, Shown

CHANNEL = "noc"
ADDRESSES = {Button.ESCALATE: "escalate", Button.LIVE: "live", Button.MISMATCH: "mismatch", Button.RETRY: "again"}
RENDERED = {"p", "br", "strong", "em", "code", "pre", "ol", "ul", "li", "a"}
"""What Markdown becomes; another tag is the model's own."""


@dataclass
class WebStage:
    """People of one page, in one channel."""

    client: TestClient[web.Request, web.Application]
    transcript: Transcript
    courier: WebCourier
    platform: Platform = Platform.WEB
    sent: dict[str, dict[str, str]] = field(default_factory=dict)

    async def mention(self, person: str, text: str, *, under: Said | None = None) -> Said:
        return await self._say(person, CHANNEL, f"@{BOT} {text}", under.thread if under else "")

    async def direct(self, person: str, text: str) -> Said:
        return await self._say(person, f"dm:{person}", text)

    async def privately(self, person: str, text: str) -> Said:
        return await self._say(person, CHANNEL, f"/ask {text}")

    async def follow_up(self, said: Said, text: str) -> Said:
        return await self._say(said.person, said.channel, text, said.thread)

    async def as_the_bot(self, said: Said, text: str) -> None:
        """On the page nothing of the bot's comes back to it; what is left to try is to write under its name."""
        fields = {"id": str(uuid4()), "user": BOT, "channel": said.channel, "thread": said.thread, "text": text}
        assert await self._write("messages", fields) == 400

    async def redeliver(self, said: Said) -> None:
        assert await self._write("messages", self.sent[said.message]) == 201

    async def edit(self, said: Said, text: str) -> None:
        assert await self._write("edit", {"id": str(uuid4()), "user": said.person, "message": said.message, "text": text}) == 200

    async def delete(self, said: Said) -> None:
        assert await self._write("delete", {"user": said.person, "message": said.message}) == 200

    async def thumbs_down(self, person: str, shown: Shown) -> None:
        for reason in ("wrong", "outdated"):
            assert await self._write("flag", {"user": person, "question": await self._question(shown), "reason": reason}) == 200

    async def press(self, person: str, shown: Shown, button: Button) -> None:
        fields = {"id": str(uuid4()), "user": person, "question": await self._question(shown)}
        assert await self._write(ADDRESSES[button], fields) == 200

    async def shown(self) -> list[Shown]:
        seen = {person: await self.transcript.since(0, person) for person in (ADA, BOB)}
        everybody = {entry.id for entry in seen[ADA]} & {entry.id for entry in seen[BOB]}
        entries = {entry.id: (person, entry) for person, theirs in seen.items() for entry in theirs}
        mine = [(who, one) for who, one in entries.values() if one.author == BOT and not one.deleted]
        return [_shown(one, "" if one.id in everybody else who) for who, one in sorted(mine, key=lambda pair: pair[1].at)]

    async def _say(self, person: str, channel: str, text: str, thread: str = "") -> Said:
        fields = {"id": str(uuid4()), "user": person, "channel": channel, "thread": thread, "text": text}
        assert await self._write("messages", fields) == 201
        self.sent[fields["id"]] = fields
        return Said(person, channel, thread or fields["id"], fields["id"])

    async def _write(self, path: str, fields: dict[str, str]) -> int:
        origin = str(self.client.make_url("/")).rstrip("/")
        async with self.client.post(f"/web/{path}", json=fields, headers={"Origin": origin}) as response:
            return response.status

    async def _question(self, shown: Shown) -> str:
        entry = await self.transcript.get(shown.message)
        assert entry
        return entry.question


class _Tags(HTMLParser):
    """Collects the tags and addresses that a page would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.live += [tag] if tag not in RENDERED else []
        self.live += [f"{name}={value}" for name, value in attrs if name.startswith("on") or str(value).lower().startswith("javascript:")]


def _live(html: str) -> tuple[str, ...]:
    tags = _Tags()
    tags.feed(html)
    return tuple(tags.live)


def _shown(entry: Entry, to: str) -> Shown:
    body = read_body(entry.body)
    assert isinstance(body, ReplyBody)
    buttons = {offer.label for offer in body.offers}
    buttons |= {Button.LIVE.value} if body.can_ask_live else set()
    buttons |= {Button.MISMATCH.value} if body.match else set()
    until = body.until_said.format(when=body.until) if body.until else ""
    sources = " ".join(f"{source.title} {source.host}" for source in body.sources)
    text = "\n".join(part for part in (body.note, body.html or body.text, until, body.badge, body.figures, sources) if part)
    return Shown(entry.channel, entry.thread, entry.id, text, frozenset(buttons), to, _live(body.html))


@asynccontextmanager
async def web_stage(backstage: Backstage) -> AsyncIterator[WebStage]:
    """Serve the real ingress on loopback."""
    transcript = Transcript(backstage.database)
    app = web.Application()
    WebIngress(backstage.desk, transcript, clock=backstage.clock, new_id=new_id, demo=False).routes(app)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        yield WebStage(client, transcript, WebCourier(transcript, clock=backstage.clock))
