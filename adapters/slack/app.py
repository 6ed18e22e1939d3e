"""The Slack side of the ingress process: takes what Slack sends, over HTTP or websockets, and hands it to the desk."""

import logging
from collections.abc import Callable

from aiohttp import web
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.later import Later
from adapters.slack.bolt import Verdict, dispatch_http, dispatch_socket, make_bolt
from adapters.slack.channels import Channels
from adapters.slack.guard import Admitted, Guard
from adapters.slack.listeners import Listener, listeners, unlistened
from adapters.slack.options import PATH, SlackConfigError, SlackOptions
from adapters.slack.payload import Shape, shape_of
from adapters.slack.reception import Reception
from adapters.slack.sockets import Sockets, Timing
from adapters.slack.speaker import Speaker
from adapters.slack.web import SlackWeb
from adapters.slack.whoami import Whoami
from bot.desk import Desk
from bot.reviewing import Reviewing
from router.types import Clock

_log = logging.getLogger(__name__)


class SlackIngress:
    """Slack's entrance. Raises SlackConfigError when there is neither a signing secret nor an app-level token."""

    def __init__(
        self, options: SlackOptions, desk: Desk, *, clock: Clock, new_id: Callable[[], str], reviewing: Reviewing | None = None
    ) -> None:
        if not options.bot_token.get_secret_value().strip():
            raise SlackConfigError("the Slack bot token is empty: set SLACK_BOT_TOKEN (Slack app, OAuth & Permissions)")
        signed = bool(options.signing_secret.get_secret_value()) or not options.socket_mode
        self._guard = Guard(options.signing_secret, clock) if signed else None
        self._web = SlackWeb(options)
        self._later = Later()
        self._whoami = Whoami(self._web)
        self._channels = Channels(self._web, clock)
        speaker = Speaker(self._web, options, self._later)
        reception = Reception(options, desk, clock, new_id, self._channels, speaker, reviewing)
        self.listeners: tuple[Listener, ...] = listeners(reception)
        """Every event, command, action and form that is handled."""
        self._bolt = make_bolt(options, self._whoami, self.listeners, unlistened(reception))
        self._sockets = self._make_sockets(options) if options.socket_mode else None

    def routes(self, app: web.Application) -> None:
        """Mount the address for HTTP; with Socket Mode alone there is none."""
        if self._guard is not None:
            app.router.add_post(PATH, self._http)

    async def start(self) -> None:
        """Learn who we are, and open the websockets of Socket Mode. Slack may be down: that raises nothing."""
        await self._whoami.start()
        if self._sockets is not None:
            self._sockets.start()

    async def stop(self) -> None:
        """Finish what is under way, then close every connection."""
        if self._sockets is not None:
            await self._sockets.stop()
        await self._later.drain()
        await self._whoami.stop()
        await self._channels.stop()
        await self._web.close()

    async def _http(self, request: web.Request) -> web.Response:
        """Answer one request: 200 when all that it asks for is committed, 503 when it has to come again."""
        if self._guard is None:
            return web.Response(status=404)
        admitted = await self._guard.admit(request)
        if isinstance(admitted, web.Response):
            return admitted
        return await self._answer(admitted, request.content_type)

    async def _answer(self, admitted: Admitted, content_type: str) -> web.Response:
        if admitted.shape is Shape.VERIFICATION:
            return web.json_response({"challenge": admitted.fields.text("challenge")})
        if not _for_handlers(admitted.shape):
            return web.Response()
        return _as_http(await dispatch_http(self._bolt, admitted.body, content_type))

    async def _socket(self, request: SocketModeRequest) -> SocketModeResponse | None:
        """Answer one envelope; what was not taken is left without an answer, so that it comes again."""
        shape = shape_of(request.payload)
        if shape is None or not _for_handlers(shape):
            return SocketModeResponse(envelope_id=request.envelope_id)
        verdict = await dispatch_socket(self._bolt, request)
        return None if verdict.again else SocketModeResponse(envelope_id=request.envelope_id, payload=verdict.payload)

    def _make_sockets(self, options: SlackOptions) -> Sockets:
        return Sockets(options.app_token.get_secret_value(), lambda: self._web.client, self._socket, Timing())


def _for_handlers(shape: Shape) -> bool:
    """Whether a payload is for a handler. Of the others, only lost events are of interest to an operator."""
    if shape is Shape.RATE_LIMITED:
        _log.error("Slack holds back events: more than 30,000 came within an hour")
    return shape in (Shape.EVENT, Shape.COMMAND, Shape.ACTIONS, Shape.FORM)


def _as_http(verdict: Verdict) -> web.Response:
    if verdict.payload is not None:
        return web.json_response(verdict.payload)
    return web.Response(status=verdict.status)
