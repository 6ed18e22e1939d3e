"""The Web API over HTTP: tokens, arguments, faults, and the response_urls."""

import asyncio
import contextlib
from dataclasses import replace

from aiohttp import web

from tests.fakes.slack import chat, files, reading, response_urls, views
from tests.fakes.slack.args import READING, ApiError, Args, Done
from tests.fakes.slack.faults import Fault, FaultKind, FaultPlan
from tests.fakes.slack.json_values import JsonObject, as_object, parsed
from tests.fakes.slack.postman import Postman
from tests.fakes.slack.records import ApiCall
from tests.fakes.slack.socket_mode import SocketHub
from tests.fakes.slack.workspace import Workspace

BOT_TOKEN = "xoxb-fake-bot-token"
APP_TOKEN = "xapp-fake-app-token"
SIGNING_SECRET = "fake-signing-secret"
METHODS = chat.METHODS | files.METHODS | reading.METHODS | views.METHODS
CONNECT = "apps.connections.open"
SCOPES = "app_mentions:read,channels:history,chat:write,commands,groups:history,im:history,reactions:read,users:read"
ERROR_PAGE = "<html><body>Server Error</body></html>"
NO_JSON = tuple(name for name in METHODS if name.startswith(READING) and name != "conversations.open")


class WebApi:
    """Answers `/api/{method}` and `/response/{id}`."""

    def __init__(self, workspace: Workspace, faults: FaultPlan, sockets: SocketHub, postman: Postman) -> None:
        self._workspace = workspace
        self._faults = faults
        self._sockets = sockets
        self._postman = postman
        self._closing = asyncio.Event()

    def add_routes(self, app: web.Application) -> None:
        """Serve the Web API, the response_urls and Socket Mode."""
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/response/{url_id}", self._respond)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/link/", self._sockets.serve)

    def close(self) -> None:
        """Let go of calls that hang."""
        self._closing.set()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args, token = await _arguments(request, method)
        fault = self._faults.draw(method, args.text("channel") or args.text("channel_id"), self._workspace.clock.now())
        if fault is not None and (refusal := await self._refusal(request, method, args, fault)):
            return refusal
        error, answer = "", Done()
        messages: list[str] = []
        try:
            answer = self._run(method, args, token)
        except ApiError as refused:
            error, messages = refused.error, refused.messages
        self._note(method, args, error=error, fault=fault)
        self._postman.emit_later(answer.events)
        return await self._late(request, fault, _answer(answer.body, error, messages))

    def _run(self, method: str, args: Args, token: str) -> Done:
        if not token:
            raise ApiError("not_authed")
        if token != (APP_TOKEN if method == CONNECT else BOT_TOKEN):
            raise ApiError("not_allowed_token_type" if token in {APP_TOKEN, BOT_TOKEN} else "invalid_auth")
        if method == CONNECT:
            return Done({"url": self._sockets.address(self._workspace.base_url)})
        if method not in METHODS:
            raise ApiError("unknown_method")
        return METHODS[method](self._workspace, args)

    def _note(self, method: str, args: Args, *, error: str = "", fault: Fault | None = None) -> None:
        played = fault.kind.value if fault else ""
        self._workspace.note(ApiCall(method, args.values, self._workspace.clock.now(), error, played))

    async def _refusal(self, request: web.Request, method: str, args: Args, fault: Fault) -> web.StreamResponse | None:
        """Return the answer of a fault that keeps the call from being applied; None for the other faults."""
        if fault.kind in {FaultKind.RESET, FaultKind.SLOW}:
            return None
        error = fault.error if fault.kind is FaultKind.ERROR else ""
        self._note(method, args, error=error, fault=fault)
        if fault.kind is FaultKind.RATE_LIMITED:
            headers = {"Retry-After": f"{fault.seconds:g}"}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault.kind is FaultKind.SERVER_ERROR:
            return web.Response(text=ERROR_PAGE, status=fault.status, content_type="text/html")
        if fault.kind is FaultKind.HANG:
            await self._closing.wait()
        if fault.kind is FaultKind.ERROR:
            return _answer({}, error, [])
        return _cut(request)

    async def _late(self, request: web.Request, fault: Fault | None, answer: web.Response) -> web.StreamResponse:
        if fault is not None and fault.kind is FaultKind.RESET:
            return _cut(request)
        if fault is not None and fault.kind is FaultKind.SLOW:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), fault.seconds)
        return answer

    async def _upload(self, request: web.Request) -> web.Response:
        file = self._workspace.files.get(request.match_info["file"])
        if file is None:
            return web.Response(text="file_not_found", status=404)
        self._workspace.files[file.id] = replace(file, content=await request.read())
        return web.Response(text=f"OK - {file.length}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            given = as_object(parsed(await request.read()))
        except ValueError:
            return web.Response(text="invalid_payload", status=400)
        url_id = request.match_info["url_id"]
        url = self._workspace.response_urls.get(url_id)
        args = Args(given | ({"channel": url.channel, "user": url.user} if url else {}))
        fault = self._faults.draw(response_urls.METHOD, args.text("channel"), self._workspace.clock.now())
        if fault is not None and (refusal := await self._refusal(request, response_urls.METHOD, args, fault)):
            return refusal
        try:
            done = response_urls.use(self._workspace, url_id, args)
        except ApiError as refused:
            self._note(response_urls.METHOD, args, error=refused.error, fault=fault)
            return _turned_down(refused.error)
        self._note(response_urls.METHOD, args, fault=fault)
        self._postman.emit_later(done.events)
        return await self._late(request, fault, web.Response(text="ok"))


def _turned_down(error: str) -> web.Response:
    if error in {"expired_url", "used_url"}:
        return web.json_response({"ok": False, "error": error}, status=404)
    return web.Response(text=error, status=400)


def _answer(body: JsonObject, error: str, messages: list[str]) -> web.Response:
    answer: JsonObject = {"ok": False, "error": error} if error else {"ok": True} | body
    if messages:
        answer |= {"response_metadata": {"messages": messages}, "errors": messages}
    return web.json_response(answer, headers={"X-OAuth-Scopes": SCOPES, "X-Slack-Req-Id": "fake"})


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request, method: str) -> tuple[Args, str]:
    """Return the arguments and the token: from the query, a form, and JSON where the method reads it."""
    values: JsonObject = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = as_object(parsed(await request.read()))
        except ValueError:
            body = {}
        values |= {} if method in NO_JSON else body
    else:
        values |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    header = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = values.pop("token", "")
    return Args(values), header or str(token)
