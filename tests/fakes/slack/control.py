"""A JSON API by which a test in another process reads the fake's state, sets faults and lets people act."""

import dataclasses
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.fakes.slack.events import Outgoing
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.json_values import JsonObject, as_object, parsed, text_at
from tests.fakes.slack.people import Person
from tests.fakes.slack.records import Message


def _plain(value: object) -> object:
    if isinstance(value, Outgoing):
        return {"road": value.road.value, "key": value.key}
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    raise TypeError(str(type(value)))


def _json(value: object) -> web.Response:
    return web.Response(text=json.dumps(value, default=_plain), content_type="application/json")


class Control:
    """The routes under `/control`. Those that act answer when Slack's deliveries are over."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def add_routes(self) -> None:
        """Add the routes to the fake, before it is started."""
        router = self._slack.app.router
        router.add_get("/control/{what}", self._read)
        router.add_post("/control/faults", self._add_fault)
        router.add_delete("/control/faults", self._clear_faults)
        router.add_post("/control/deliver_to", self._deliver_to)
        router.add_post("/control/do", self._act)

    async def _read(self, request: web.Request) -> web.Response:
        workspace = self._slack.workspace
        lists: dict[str, object] = {
            "messages": workspace.messages(request.query.get("channel", "")),
            "bot_messages": workspace.bot_messages(request.query.get("channel", "")),
            "ephemerals": workspace.ephemerals,
            "calls": workspace.calls,
            "views": [*workspace.views.values(), *workspace.homes.values()],
            "deliveries": self._slack.deliveries,
        }
        if request.match_info["what"] not in lists:
            raise web.HTTPNotFound(text=f"one of {sorted(lists)}")
        return _json(lists[request.match_info["what"]])

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            self._slack.fail(Fault.read(as_object(parsed(await request.read()))))
        except ValueError as wrong:
            raise web.HTTPBadRequest(text=str(wrong)) from wrong
        return _json({"ok": True})

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._slack.faults.clear()
        return _json({"ok": True})

    async def _deliver_to(self, request: web.Request) -> web.Response:
        self._slack.deliver_to(text_at(as_object(parsed(await request.read())), "url"))
        return _json({"ok": True})

    async def _act(self, request: web.Request) -> web.Response:
        """Let a person act: `{"deed","user",...}` with the keys that the deed in `_DEEDS` reads."""
        body = as_object(parsed(await request.read()))
        deed = _DEEDS.get(text_at(body, "deed"))
        if deed is None:
            raise web.HTTPBadRequest(text=f"one of {sorted(_DEEDS)}")
        try:
            return _json(await deed(self._slack.user(text_at(body, "user")), body, self._slack))
        except LookupError as wrong:
            raise web.HTTPBadRequest(text=str(wrong)) from wrong


def _message(body: JsonObject, slack: FakeSlack) -> Message:
    found = slack.workspace.find(text_at(body, "channel"), text_at(body, "ts"))
    if found is None:
        raise LookupError(f"no message {text_at(body, 'ts')}")
    return found


async def _mention(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.mention(text_at(body, "channel"), text_at(body, "text"), thread_ts=text_at(body, "thread_ts"))


async def _say(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.say(text_at(body, "channel"), text_at(body, "text"), thread_ts=text_at(body, "thread_ts"))


async def _dm(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.dm(text_at(body, "text"), thread_ts=text_at(body, "thread_ts"))


async def _slash(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.slash(text_at(body, "channel"), text_at(body, "command"), text_at(body, "text"))


async def _react(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.react(_message(body, slack), text_at(body, "name"))


async def _unreact(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.unreact(_message(body, slack), text_at(body, "name"))


async def _press(person: Person, body: JsonObject, slack: FakeSlack) -> object:
    return await person.press(_message(body, slack), text_at(body, "action_id"), value=text_at(body, "value"))


_DEEDS: dict[str, Callable[[Person, JsonObject, FakeSlack], Awaitable[object]]] = {
    "mention": _mention,
    "say": _say,
    "dm": _dm,
    "slash": _slash,
    "react": _react,
    "unreact": _unreact,
    "press": _press,
}
