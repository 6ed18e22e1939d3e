"""A fake of the Bot Connector's REST interface: it keeps what the bot posts, and fails as it is told to."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from aiohttp import web

from tests.fakes.slack.faults import Fault, FaultKind, FaultPlan
from tests.fakes.slack.json_values import JsonObject, as_object, object_at, parsed, text_at
from tests.fakes.teams.records import Call, Posted
from tests.fakes.teams.streams import Streams, stream_info

T = TypeVar("T")

REGION = "/emea"
"""Teams' service URLs have a path, such as https://smba.trafficmanager.net/emea/."""
TOKENS = "/oauth2/v2.0/token"
TOKEN = "connector-token-{number}"
MOST_BYTES = 100_000
"""A message beyond it is refused (learn.microsoft.com, Format your bot messages)."""
ACTIVITIES = REGION + "/v3/conversations/{conversation}/activities"


class Connector:
    """What the bot posted, and the calls by which it did. `faults` are played by the names post, typing, update, delete, create, token."""

    def __init__(self) -> None:
        self.base_url = ""
        self.faults = FaultPlan()
        self.calls: list[Call] = []
        self.tokens = 0
        self.streams = Streams()
        self._posted: dict[tuple[str, str], Posted] = {}
        self._numbers = itertools.count(1)
        self._woken = asyncio.Event()
        self._closing = asyncio.Event()

    @property
    def service_url(self) -> str:
        """Return what activities name as their service URL."""
        return f"{self.base_url}{REGION}/"

    @property
    def token_url(self) -> str:
        """Return where the bot gets its own tokens."""
        return self.base_url + TOKENS

    def add_routes(self, app: web.Application) -> None:
        """Serve the interface."""
        app.router.add_post("/{tenant}" + TOKENS, self._token)
        app.router.add_post(TOKENS, self._token)
        app.router.add_post(REGION + "/v3/conversations", self._called("create", self._create))
        app.router.add_post(ACTIVITIES, self._called("post", self._post))
        app.router.add_post(ACTIVITIES + "/{activity}", self._called("post", self._post))
        app.router.add_put(ACTIVITIES + "/{activity}", self._called("update", self._update))
        app.router.add_delete(ACTIVITIES + "/{activity}", self._called("delete", self._delete))

    def close(self) -> None:
        """Let go of calls that hang."""
        self._closing.set()

    def fail(self, *faults: Fault) -> None:
        """Let faults stand from now on."""
        self.faults.add(*faults)

    def posted(self, conversation: str = "") -> list[Posted]:
        """Return the bot's messages that stand, of one conversation or of all, oldest first."""
        return [one for one in self._posted.values() if conversation in {"", one.conversation}]

    def find(self, posted: Posted) -> Posted | None:
        """Return a message as it stands now."""
        return self._posted.get((posted.conversation, posted.id))

    def take_away(self, posted: Posted) -> None:
        """Let somebody delete a message of the bot."""
        del self._posted[posted.conversation, posted.id]
        self.changed()

    def put(self, posted: Posted) -> None:
        """Show a message, new or changed."""
        self._posted[posted.conversation, posted.id] = posted
        self.changed()

    def calls_of(self, what: str) -> list[Call]:
        """Return the calls of one kind, oldest first."""
        return [call for call in self.calls if call.what == what]

    def changed(self) -> None:
        """Wake everybody who waits for a change."""
        woken, self._woken = self._woken, asyncio.Event()
        woken.set()

    async def wait_for(self, seen: "Callable[[Connector], T | None]", within_s: float = 5.0) -> T:
        """Return the first truthy value of `seen`, asked after each change; raises TimeoutError."""
        try:
            async with asyncio.timeout(within_s):
                while not (found := seen(self)):
                    await self._woken.wait()
        except TimeoutError:
            calls = [f"{call.what} {call.status}" for call in self.calls[-8:]]
            texts = [one.shown[:60] for one in self.posted()[-8:]]
            raise TimeoutError(f"not seen within {within_s} s; last messages: {texts}; last calls: {calls}") from None
        return found

    def _called(
        self, what: str, act: Callable[[web.Request, JsonObject], web.Response]
    ) -> Callable[[web.Request], "asyncio.Future[web.StreamResponse]"]:
        async def answered(request: web.Request) -> web.StreamResponse:
            raw = await request.read()
            activity = as_object(parsed(raw)) if raw else {}
            name = "typing" if text_at(activity, "type") == "typing" else what
            conversation = request.match_info.get("conversation", "").partition(";")[0]
            fault = self.faults.draw(name, conversation, time.time())
            answer = await self._refusal(request, fault) if fault else None
            answer = answer or self._turned_away(request, raw) or act(request, activity)
            self.calls.append(Call(name, conversation, answer.status, activity, time.monotonic()))
            self.changed()
            return await self._late(request, fault, answer)

        return answered  # type: ignore[return-value]  # a coroutine function is what aiohttp takes

    def _turned_away(self, request: web.Request, raw: bytes) -> web.Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in {TOKEN.format(number=number + 1) for number in range(self.tokens)}:
            return _error(401, "Unauthorized", "Authorization has been denied for this request.")
        if len(raw) > MOST_BYTES:
            return web.Response(status=413, text="<html>Request Entity Too Large</html>", content_type="text/html")
        return None

    async def _refusal(self, request: web.Request, fault: Fault) -> web.Response | None:
        """Return the answer of a fault that keeps a call from being applied; None for the other faults."""
        if fault.kind is FaultKind.RATE_LIMITED:
            headers = {"Retry-After": f"{fault.seconds:g}"} if fault.seconds else {}
            return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers=headers)
        if fault.kind is FaultKind.SERVER_ERROR:
            return web.Response(text="<html>Error</html>", status=fault.status, content_type="text/html")
        if fault.kind is FaultKind.ERROR:
            return _error(fault.status, fault.error, "the fake was told to refuse this")
        if fault.kind is FaultKind.HANG:
            await self._closing.wait()
        if fault.kind in {FaultKind.HANG, FaultKind.REFUSED_RESET}:
            return _cut(request)
        return None

    async def _late(self, request: web.Request, fault: Fault | None, answer: web.Response) -> web.StreamResponse:
        if fault and fault.kind is FaultKind.RESET:
            return _cut(request)
        if fault and fault.kind is FaultKind.SLOW:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), fault.seconds)
        return answer

    async def _token(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.draw("token", "", time.time())
        if fault and (refusal := await self._refusal(request, fault)):
            return refusal
        self.tokens += 1
        token = TOKEN.format(number=self.tokens)
        return await self._late(request, fault, web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"}))

    def _create(self, request: web.Request, activity: JsonObject) -> web.Response:
        del request
        members = activity.get("members")
        first = as_object(members[0]) if isinstance(members, list) and members else {}
        return web.json_response({"id": f"a:{text_at(first, 'id')}"}, status=201)

    def _post(self, request: web.Request, activity: JsonObject) -> web.Response:
        conversation, _, thread = request.match_info["conversation"].partition(";messageid=")
        if info := stream_info(activity):
            return self._stream(conversation, activity, info)
        if text_at(activity, "type") == "typing":
            return web.json_response({}, status=201)
        if not text_at(activity, "text") and not activity.get("attachments"):
            return _error(400, "BadSyntax", "Activity must include non empty 'text' field or at least 1 attachment")
        targeted = request.query.get("isTargetedActivity", "").lower() == "true"
        to = text_at(object_at(activity, "recipient"), "id") if targeted else ""
        posted = Posted(conversation, self._new_id(), activity, thread, to)
        self.put(posted)
        if text_at(activity, "text") and activity.get("attachments"):
            # Teams splits such an activity in two and tells no id.
            return web.json_response({}, status=201)
        return web.json_response({"id": posted.id}, status=201)

    def _stream(self, conversation: str, activity: JsonObject, info: JsonObject) -> web.Response:
        verdict = self.streams.take(conversation, activity, info, self._new_id())
        if verdict.stream is None:
            return _error(verdict.status, verdict.code, verdict.message)
        if verdict.stream.over:
            self.put(Posted(conversation, verdict.stream.id, activity))
        return web.json_response({"id": verdict.stream.id} if verdict.status == 201 else {}, status=verdict.status)

    def _new_id(self) -> str:
        return str(1_700_000_000_000 + next(self._numbers))

    def _update(self, request: web.Request, activity: JsonObject) -> web.Response:
        before = self._named(request)
        if before is None:
            return _error(404, "ActivityNotFoundInConversation", "The activity is not there.")
        self.put(replace(before, activity=activity, updates=before.updates + 1))
        return web.json_response({"id": before.id})

    def _delete(self, request: web.Request, activity: JsonObject) -> web.Response:
        del activity
        before = self._named(request)
        if before is None:
            return _error(404, "ActivityNotFoundInConversation", "The activity is not there.")
        self.take_away(before)
        return web.Response(status=200)

    def _named(self, request: web.Request) -> Posted | None:
        conversation = request.match_info["conversation"].partition(";")[0]
        return self._posted.get((conversation, request.match_info["activity"]))


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
