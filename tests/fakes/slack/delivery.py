"""One delivery to the app: how it is signed, tried over HTTP, and what came of it."""

import hashlib
import hmac
import io
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import aiohttp

from tests.fakes.slack.events import Outgoing
from tests.fakes.slack.json_values import JsonObject, as_object, parsed

LIMIT_S = 3.0
"""Slack's patience with an app."""
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class Signing(StrEnum):
    """How a request is signed."""

    GOOD = "good"
    WRONG_SECRET = "wrong_secret"
    MISSING = "missing"
    NOT_ASCII = "not_ascii"
    NO_NUMBER = "no_number"
    """The timestamp is no number."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A way of signing, and how far the request's time is off, in seconds."""

    how: Signing = Signing.GOOD
    skew_s: int = 0

    def headers(self, body: bytes, secret: str) -> dict[str, str]:
        """Return Slack's signature headers (HMAC-SHA256 of `v0:time:body`)."""
        if self.how is Signing.MISSING:
            return {}
        moment = str(int(time.time()) + self.skew_s)
        key = "another secret" if self.how is Signing.WRONG_SECRET else secret
        digest = hmac.new(key.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Request-Timestamp": "yesterday" if self.how is Signing.NO_NUMBER else moment,
            "X-Slack-Signature": "v0=é" if self.how is Signing.NOT_ASCII else f"v0={digest}",
        }


GOOD = Signature()
OLD = Signature(skew_s=-301)
FUTURE = Signature(skew_s=301)
UNSIGNED = Signature(Signing.MISSING)
FORGED = Signature(Signing.WRONG_SECRET)


@dataclass(frozen=True, slots=True)
class Retry:
    """Which delivery of an event this is: number 0 is the first, and has no reason."""

    number: int = 0
    reason: str = ""


FIRST = Retry()


@dataclass(frozen=True, slots=True)
class Try:
    """One try. `status` is 0 when no answer came, and `error` then says why, in the words of x-slack-retry-reason."""

    retry: Retry
    status: int
    latency_ms: float
    answer: bytes = b""
    error: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether Slack takes the payload as received."""
        return 200 <= self.status < 300

    @property
    def json(self) -> JsonObject:
        """Return the answer's JSON object, or an empty one."""
        try:
            return as_object(parsed(self.answer))
        except ValueError:
            return {}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A payload and all tries to deliver it."""

    outgoing: Outgoing
    tries: tuple[Try, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the last try was taken."""
        return self.tries[-1].ok

    @property
    def last(self) -> Try:
        """Return the last try."""
        return self.tries[-1]


class Transport(Protocol):
    """A road to the app: HTTP or Socket Mode."""

    async def attempt(self, outgoing: Outgoing, retry: Retry) -> Try:
        """Try once, and wait at most Slack's three seconds."""


class HttpTransport:
    """Posts signed requests to the app's address."""

    def __init__(self, session: aiohttp.ClientSession, url: str, secret: str, limit_s: float = LIMIT_S) -> None:
        self._session = session
        self._url = url
        self._secret = secret
        self._limit = aiohttp.ClientTimeout(total=limit_s)

    async def attempt(self, outgoing: Outgoing, retry: Retry) -> Try:
        """Post a payload as Slack does."""
        return await self.forge(outgoing, GOOD, retry)

    async def forge(self, outgoing: Outgoing, signature: Signature, retry: Retry = FIRST) -> Try:
        """Post a payload with a signature of the caller's choice."""
        headers = {"Content-Type": outgoing.content_type} | signature.headers(outgoing.body, self._secret)
        return await self.raw(outgoing.body, headers, retry)

    async def raw(self, body: bytes, headers: dict[str, str], retry: Retry = FIRST) -> Try:
        """Post bytes with headers, to which nothing but Slack's own user agent and retry headers are added."""
        sent = {"User-Agent": USER_AGENT, "Accept": "*/*"} | headers
        if retry.number:
            sent |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        began = time.perf_counter()
        status, answer, error, no_retry = 0, b"", "", False
        try:
            async with self._session.post(
                self._url, data=io.BytesIO(body), headers=sent, allow_redirects=False, timeout=self._limit
            ) as response:
                status, answer = response.status, await response.read()
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        except TimeoutError:
            error = "http_timeout"
        except aiohttp.ClientError:
            error = "connection_failed"
        return Try(retry, status, (time.perf_counter() - began) * 1000, answer, error, no_retry=no_retry)

    def signed(self, body: bytes, content_type: str = "application/json") -> dict[str, str]:
        """Return the headers of a rightly signed request with this body."""
        return {"Content-Type": content_type} | GOOD.headers(body, self._secret)
