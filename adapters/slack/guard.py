"""Lets only what Slack signed, and what has a payload's form, through to the handlers."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from aiohttp import web
from pydantic import SecretStr

from adapters.bodies import BadBodyError, parse_json, read_body
from adapters.fields import Fields
from adapters.slack.options import SlackConfigError
from adapters.slack.payload import Shape, shape_of
from router.types import Clock

MAX_BYTES = 1_048_576
"""Slack's own payloads stay far below this."""

MAX_AGE_S = 300
"""Slack's advice against replays (docs.slack.dev, Verifying requests from Slack)."""

MAX_AHEAD_S = 60
"""A clock may be ahead of ours by this; more would double the window for replays."""

_DIGITS = re.compile(r"[0-9]{1,12}")
_MAX_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that Slack signed. `body` is its text as it came, `fields` what it says, `shape` what it is."""

    body: str
    fields: Fields
    shape: Shape


class Guard:
    """Checks size, signature and form, in this order, and answers what fails with 413, 401 or 400."""

    def __init__(self, secret: SecretStr, clock: Clock) -> None:
        if not secret.get_secret_value().strip():
            raise SlackConfigError("the Slack signing secret is empty: set SLACK_SIGNING_SECRET (Slack app, Basic Information)")
        self._secret = secret
        self._clock = clock

    async def admit(self, request: web.Request) -> Admitted | web.Response:
        """Return the request's content, or the response that turns it away. Says nothing of why: the caller is unknown."""
        try:
            raw = await read_body(request, MAX_BYTES)
        except BadBodyError:
            return web.Response(status=400)
        if raw is None:
            return web.Response(status=413)
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not verify(self._secret.get_secret_value(), stamp, signature, raw, self._clock()):
            return web.Response(status=401)
        try:
            return parse(raw, request.content_type)
        except BadBodyError:
            return web.Response(status=400)


def verify(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether Slack signed these bytes within the last five minutes. True or false for any input; never raises."""
    if not secret or not _DIGITS.fullmatch(timestamp):
        return False
    age = now.timestamp() - int(timestamp)
    if age > MAX_AGE_S or age < -MAX_AHEAD_S:
        return False
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={digest}".encode(), signature.encode("utf-8", "surrogateescape"))


def parse(raw: bytes, content_type: str) -> Admitted:
    """Read a JSON event or a form (a command, or an interaction in its field `payload`). Raises BadBodyError."""
    try:
        body = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadBodyError("not UTF-8") from error
    if content_type == "application/json":
        return _admitted(body, parse_json(body))
    if content_type == "application/x-www-form-urlencoded":
        return _form(body)
    raise BadBodyError("not a content type that Slack sends")


def _form(body: str) -> Admitted:
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise BadBodyError("not a form") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise BadBodyError("a field stands twice")
    payload = form.get("payload")
    # Bolt takes a body that starts with a brace for JSON, and one that contains this word for an interaction.
    if body.startswith("{") or (payload is None and "payload" in body):
        raise BadBodyError("not a form that Slack sends")
    return _admitted(body, form if payload is None else parse_json(payload))


def _admitted(body: str, value: object) -> Admitted:
    shape = shape_of(value)
    if shape is None:
        raise BadBodyError("not the form of a payload")
    return Admitted(body, Fields(value), shape)
