"""The chat page's HTTP side: its files and its JSON interface, for this machine alone."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from adapters.web.buttons import Buttons
from adapters.web.faults import FaultChoice, Faults, Provider
from adapters.web.guard import answer, guarded, read_json
from adapters.web.inbound import MENTION
from adapters.web.messages import Messages
from adapters.web.outbound import page_of, shown
from adapters.web.payloads import (
    BOT,
    MAX_COMMENT,
    MAX_NAME,
    MAX_TEXT,
    Asked,
    Delete,
    Edit,
    FaultForm,
    FlagForm,
    Poll,
    Post,
    Press,
    Refused,
    parse,
)
from adapters.web.places import CHANNELS, DIRECT_EXAMPLES, DIRECT_PURPOSE, direct_channel
from bot.assets import Asset, read_assets
from bot.desk import Desk, Taken
from bot.store.transcript import Transcript
from bot.wording import REASONS
from router.types import Clock

FOLDER = Path(__file__).with_name("static")
PAGE = "index.html"
NO_SUCH_FILE = "there is no such file"
PAGE_SIZE = 200


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Out):
    """A channel as the page lists it."""

    id: str
    name: str
    purpose: str
    examples: tuple[str, ...]


class Reason(_Out):
    """A reason of the flag form."""

    value: str
    label: str


class Setup(_Out):
    """What the page needs to know about its server and its user before it starts."""

    user: str
    bot: str
    mention: str
    max_text: int
    max_comment: int
    max_name: int
    demo: bool
    places: tuple[Place, ...]
    reasons: tuple[Reason, ...]


class Done(_Out):
    """What became of a press or a form."""

    taken: Taken


class Panel(_Out):
    """The simulated providers and what is broken."""

    providers: tuple[Provider, ...]


class WebIngress:
    """Serves the chat page and takes what people do on it.

    `demo` turns the panel on that breaks the simulated models in the ways of `faults`.
    """

    def __init__(  # noqa: PLR0913 (what it is made of; the switches are keyword-only)
        self,
        desk: Desk,
        transcript: Transcript,
        *,
        clock: Clock,
        new_id: Callable[[], str],
        demo: bool,
        faults: tuple[FaultChoice, ...] = (),
    ) -> None:
        self._transcript = transcript
        self._messages = Messages(desk, transcript, clock=clock, new_id=new_id)
        self._buttons = Buttons(desk, transcript, clock=clock)
        self._faults = Faults(desk, faults)
        self._demo = demo
        self._assets = {asset.name: asset for asset in read_assets(FOLDER)}

    def routes(self, app: web.Application) -> None:
        """Add the page and its interface to an application."""
        press = self._press
        app.add_routes(
            [
                web.get("/", guarded(self._page)),
                web.get("/web/static/{name}", guarded(self._file)),
                web.get("/web/setup", guarded(self._setup)),
                web.get("/web/messages", guarded(self._changes)),
                web.post("/web/messages", guarded(self._say)),
                web.post("/web/edit", guarded(self._edit)),
                web.post("/web/delete", guarded(self._delete)),
                web.post("/web/flag", guarded(self._flag)),
                web.post("/web/retract", guarded(press(self._buttons.retract))),
                web.post("/web/helpful", guarded(press(self._buttons.helpful))),
                web.post("/web/escalate", guarded(press(self._buttons.escalate))),
                web.post("/web/live", guarded(press(self._buttons.live))),
                web.post("/web/mismatch", guarded(press(self._buttons.mismatch))),
                web.post("/web/again", guarded(press(self._buttons.again))),
                web.post("/web/small", guarded(press(self._buttons.small))),
                web.post("/web/budget", guarded(press(self._buttons.request_budget))),
                web.post("/web/tell", guarded(press(self._buttons.tell))),
                web.get(r"/web/why/{question:[\w:-]{1,64}}", guarded(self._why)),
            ]
        )
        if self._demo:
            app.add_routes([web.get("/web/faults", guarded(self._panel)), web.put("/web/faults", guarded(self._break))])

    async def _page(self, request: web.Request) -> web.Response:
        del request
        return _file_of(self._assets[PAGE])

    async def _file(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise Refused(404, NO_SUCH_FILE)
        return _file_of(asset)

    async def _setup(self, request: web.Request) -> web.Response:
        user = parse(Asked, dict(request.query)).user
        own = Place(id=direct_channel(user), name=BOT, purpose=DIRECT_PURPOSE, examples=DIRECT_EXAMPLES)
        channels = tuple(Place(id=place.id, name=place.id, purpose=place.purpose, examples=place.examples) for place in CHANNELS)
        return answer(
            Setup(
                user=user,
                bot=BOT,
                mention=MENTION,
                max_text=MAX_TEXT,
                max_comment=MAX_COMMENT,
                max_name=MAX_NAME,
                demo=self._demo,
                places=(*channels, own),
                reasons=tuple(Reason(value=reason.value, label=label) for reason, label in REASONS.items()),
            )
        )

    async def _changes(self, request: web.Request) -> web.Response:
        poll = parse(Poll, dict(request.query))
        entries = await self._transcript.since(poll.since, poll.user, PAGE_SIZE)
        return answer(page_of(entries, poll.since, PAGE_SIZE))

    async def _say(self, request: web.Request) -> web.Response:
        entry = await self._messages.say(parse(Post, await read_json(request)))
        return answer(shown(entry), status=201)

    async def _edit(self, request: web.Request) -> web.Response:
        await self._messages.edit(parse(Edit, await read_json(request)))
        return answer(Done(taken=Taken.NEW))

    async def _delete(self, request: web.Request) -> web.Response:
        await self._messages.delete(parse(Delete, await read_json(request)))
        return answer(Done(taken=Taken.NEW))

    async def _flag(self, request: web.Request) -> web.Response:
        return answer(Done(taken=await self._buttons.flag(parse(FlagForm, await read_json(request)))))

    def _press(self, button: Callable[[Press], Awaitable[Taken]]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def pressed(request: web.Request) -> web.Response:
            return answer(Done(taken=await button(parse(Press, await read_json(request)))))

        return pressed

    async def _why(self, request: web.Request) -> web.Response:
        asked = parse(Asked, dict(request.query))
        return answer(await self._buttons.why(request.match_info["question"], asked.user))

    async def _panel(self, request: web.Request) -> web.Response:
        del request
        return answer(Panel(providers=await self._faults.panel()))

    async def _break(self, request: web.Request) -> web.Response:
        await self._faults.set(parse(FaultForm, await read_json(request)))
        return answer(Panel(providers=await self._faults.panel()))


def _file_of(asset: Asset) -> web.Response:
    return web.Response(text=asset.text, content_type=asset.media_type, charset="utf-8")
