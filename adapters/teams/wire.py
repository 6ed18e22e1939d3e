"""The connector's REST interface: every call with our deadline, one try, and only to where Teams is."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import aiohttp

from adapters.fields import Fields
from adapters.teams.faults import UNAUTHORIZED, by_status, read_answer, translate
from adapters.teams.options import LOOPBACK, TeamsOptions
from adapters.teams.spots import Spot
from adapters.teams.tokens import Tokens
from bot.types import DeliveryFailure

CALL_S = 15.0


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    body: Mapping[str, object] | None
    message: bool


class Wire:
    """Calls the connector. Raises DeliveryFailure, nothing else. The session opens with the first call."""

    def __init__(self, options: TeamsOptions, tokens: Tokens) -> None:
        self._options = options
        self._tokens = tokens
        self._session: aiohttp.ClientSession | None = None

    async def post(self, spot: Spot, activity: Mapping[str, object]) -> str:
        """Send an activity to a conversation, and return its id."""
        return (await self._call("POST", spot.address.url, _path(spot.at("")), activity)).text("id")

    async def put(self, spot: Spot, activity: Mapping[str, object]) -> str:
        """Replace a message. Raises MessageGone when it is not there."""
        return (await self._call("PUT", spot.address.url, _path(spot), activity, message=True)).text("id")

    async def delete(self, spot: Spot) -> None:
        """Delete a message. Raises MessageGone when it is not there."""
        await self._call("DELETE", spot.address.url, _path(spot), None, message=True)

    async def open(self, url: str, parameters: Mapping[str, object]) -> str:
        """Open a conversation with a person, or find the one that there is, and return its id."""
        return (await self._call("POST", url, "v3/conversations", parameters)).text("id")

    async def check(self) -> None:
        """Get a token."""
        await self._tokens.get()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(self, method: str, base: str, path: str, body: Mapping[str, object] | None, *, message: bool = False) -> Fields:
        if not self._options.serves(base):  # checked when it came, and again now that it comes from the store
            raise DeliveryFailure("not_teams", retry_after_s=None)
        request = _Request(method, f"{base.rstrip('/')}/{path}", body, message)
        try:
            async with asyncio.timeout(CALL_S):
                return await self._with_token(request)
        except Exception as error:
            raise translate(error) from error

    async def _with_token(self, request: _Request) -> Fields:
        """Make a call, and once more with a new token when the first was not accepted."""
        token = await self._tokens.get()
        status, failure, answer = await self._send(request, token)
        if status == UNAUTHORIZED and token:
            self._tokens.drop(token)
            _, failure, answer = await self._send(request, await self._tokens.get())
        if failure is not None:
            raise failure
        return answer

    async def _send(self, request: _Request, token: str) -> tuple[int, DeliveryFailure | None, Fields]:
        headers = {"Content-Type": "application/json; charset=utf-8"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode("utf-8", "replace")
        session = self._opened(request.url)
        async with session.request(request.method, request.url, data=data, headers=headers, allow_redirects=False) as response:
            answer = await read_answer(response)
            if response.status < 300:  # noqa: PLR2004 (HTTP's success)
                return response.status, None, answer
            wait = response.headers.get("Retry-After", "")
            return response.status, by_status(response.status, wait, answer, message=request.message), answer

    def _opened(self, url: str) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=urlsplit(url).hostname not in LOOPBACK)
        return self._session


def _path(spot: Spot) -> str:
    """Return the path of a conversation's messages, or of one of them, below the connector's address."""
    path = f"v3/conversations/{quote(spot.conversation, safe='')}/activities"
    return path + (f"/{quote(spot.message, safe='')}" if spot.message else "") + ("?isTargetedActivity=true" if spot.to else "")
