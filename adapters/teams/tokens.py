"""Tokens for what goes out to Teams: fetched without stalling anybody, and kept until shortly before they end."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from adapters.teams.faults import ADMIN_S, SOON_S, read_answer
from adapters.teams.options import LOOPBACK, TeamsOptions
from bot.types import DeliveryFailure

FETCH_S = 10.0
EARLY_S = 300.0
"""A token is renewed so long before its end."""

_CODE = re.compile(r"AADSTS\d+")
_OK = 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token and for how many seconds from now it is good."""

    value: str
    seconds: float


class TokenSource(Protocol):
    """Where tokens come from."""

    async def fetch(self) -> Token:
        """Return a new token. Raises DeliveryFailure."""


class Anonymous:
    """No tokens, where authentication is turned off."""

    async def fetch(self) -> Token:
        """Return an empty token."""
        return Token("", float("inf"))


class ClientSecret:
    """Tokens of a single-tenant app, for its id and password (learn.microsoft.com, OAuth 2.0 client credentials)."""

    def __init__(self, options: TeamsOptions) -> None:
        self._options = options

    async def fetch(self) -> Token:
        """Ask Entra for a token. Raises DeliveryFailure with Entra's code, such as `token:AADSTS7000215`."""
        options = self._options
        url = f"{options.cloud.login_url.rstrip('/')}/{options.tenant}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": options.app_id,
            "client_secret": options.app_password.get_secret_value(),
            "scope": options.cloud.scope,
        }
        try:
            async with asyncio.timeout(FETCH_S):
                return await _asked(url, form)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise DeliveryFailure(f"token:{type(error).__name__}", retry_after_s=SOON_S) from error


class Tokens:
    """The token of the moment. One fetch serves everybody who waits for it."""

    def __init__(self, source: TokenSource, *, now: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._now = now
        self._token = Token("", 0)
        self._until = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """Return a token that is good for a while. Raises DeliveryFailure."""
        if self._until - self._now() > EARLY_S:
            return self._token.value
        async with self._lock:
            if self._until - self._now() > EARLY_S:
                return self._token.value
            try:
                self._token = await self._source.fetch()
            except DeliveryFailure:
                if self._until > self._now():
                    return self._token.value
                raise
            self._until = self._now() + self._token.seconds
        return self._token.value

    def drop(self, value: str) -> None:
        """Forget a token that was not accepted."""
        if value == self._token.value:
            self._until = float("-inf")


async def _asked(url: str, form: dict[str, str]) -> Token:
    async with (
        aiohttp.ClientSession(trust_env=urlsplit(url).hostname not in LOOPBACK) as session,
        session.post(url, data=form, allow_redirects=False) as response,
    ):
        answer, status = await read_answer(response), response.status
    value, seconds = answer.text("access_token"), answer.whole("expires_in")
    if status == _OK and value and seconds:
        return Token(value, float(seconds))
    code = _CODE.search(answer.text("error_description"))
    refused = answer.text("error") != "" and status < 500  # noqa: PLR2004 (HTTP's server errors)
    raise DeliveryFailure(f"token:{code[0] if code else f'http_{status}'}", retry_after_s=ADMIN_S if refused else SOON_S)
