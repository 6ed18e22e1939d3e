"""Wires the handlers to Bolt, so that a listener has committed before its acknowledgement goes out."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.models.views import View
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.fields import Fields
from adapters.slack.listeners import Listener, Trigger
from adapters.slack.options import SlackOptions
from adapters.slack.reception import Handler, Mistake
from adapters.slack.web import quiet_logger
from adapters.slack.whoami import Whoami

UNREADABLE = 400
RETRY_LATER = 503
"""Slack sends again what is not answered with a 2xx: at once, after a minute and after five (docs.slack.dev, Events API)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Slack is answered. `payload` is what a command shows to its asker; None for a bare acknowledgement."""

    status: int
    payload: dict[str, object] | None = None

    @property
    def again(self) -> bool:
        """Whether Slack has to send it again, because it was not committed."""
        return self.status == RETRY_LATER


BoltListener = Callable[[AsyncAck, dict[str, object]], Awaitable[None]]


def make_bolt(options: SlackOptions, whoami: Whoami, listeners: tuple[Listener, ...], others: tuple[Listener, ...]) -> AsyncApp:
    """Return the app with every listener registered.

    Signatures are checked before Bolt, whose own check would write refused bodies to the log; our identity is cached, so
    that no acknowledgement waits for Slack's API; and listeners run before the response, not beside it.
    """
    app = AsyncApp(
        name="switchboard",
        logger=quiet_logger(),
        process_before_response=True,
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        client=AsyncWebClient(base_url=options.api_url, logger=quiet_logger()),
        authorize=_authorizer(options, whoami),
    )
    app.error(_on_error)
    for listener in listeners:
        _register(app, listener, listener.name, _bolt_listener(listener.handler, whoami))
    for listener in others:
        _register(app, listener, re.compile(listener.name), _bolt_listener(listener.handler, whoami))
    return app


async def dispatch_http(app: AsyncApp, body: str, content_type: str) -> Verdict:
    """Run the handlers of a request that was verified."""
    return await _dispatch(app, lambda: AsyncBoltRequest(body=body, headers={"content-type": content_type}))


async def dispatch_socket(app: AsyncApp, request: SocketModeRequest) -> Verdict:
    """Run the handlers of an envelope of Socket Mode."""
    return await _dispatch(app, lambda: AsyncBoltRequest(body=request.payload, mode="socket_mode"))


async def _dispatch(app: AsyncApp, read: Callable[[], AsyncBoltRequest]) -> Verdict:
    """Read a request and run it. What our handlers raise ends in Bolt's error handler; what escapes is Bolt's own trouble."""
    try:
        response = await app.async_dispatch(read())
    except Exception as error:  # noqa: BLE001 (Bolt reads payloads unchecked: whatever it stumbles over is not of Slack's form)
        _log.warning("not readable: %s", type(error).__name__)
        return Verdict(UNREADABLE)
    return Verdict(response.status, json.loads(response.body) if response.body.startswith("{") else None)


def _bolt_listener(handler: Handler, whoami: Whoami) -> BoltListener:
    async def listen(ack: AsyncAck, body: dict[str, object]) -> None:
        said = await handler(Fields(body), await whoami.get())
        if said is None:
            await ack()
        elif isinstance(said, View):
            await ack(response_action="update", view=said)
        elif isinstance(said, Mistake):
            await ack(response_action="errors", errors={said.block: said.said})
        else:
            await ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    return listen


def _register(app: AsyncApp, listener: Listener, name: str | re.Pattern[str], listen: BoltListener) -> None:
    if listener.trigger is Trigger.EVENT:
        app.event(name)(listen)
    elif listener.trigger is Trigger.COMMAND:
        app.command(name)(listen)
    elif listener.trigger is Trigger.VIEW:
        app.view(name)(listen)
    else:
        # Older layouts carry the verdict behind the action id, since two buttons may not share one.
        app.action(re.compile(rf"^{listener.name}(:.*)?$") if isinstance(name, str) else name)(listen)


def _authorizer(options: SlackOptions, whoami: Whoami) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        me = await whoami.get()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=me.user,
            bot_id=me.bot,
            bot_token=options.bot_token.get_secret_value(),
        )

    return authorize


async def _on_error(error: Exception) -> BoltResponse:
    """Ask Slack to send again what we could not take. No text of an exception leaves, nor stands in the log."""
    _log.warning("not taken: %s", type(error).__name__)
    return BoltResponse(status=RETRY_LATER, body="")
