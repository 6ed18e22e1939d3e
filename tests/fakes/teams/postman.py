"""Brings activities to the bot as Teams does: signed, over HTTP, with Teams' patience."""

import time
from dataclasses import dataclass

import aiohttp

from tests.fakes.slack.json_values import JsonObject, as_object, parsed, text_at
from tests.fakes.teams.issuer import Issuer

LIMIT_S = 15.0
"""Teams' patience with a bot."""


@dataclass(frozen=True, slots=True)
class Told:
    """How the bot answered a request. `status` is 0 when no answer came."""

    status: int
    body: bytes
    latency_ms: float

    @property
    def json(self) -> JsonObject:
        """Return the answer's JSON object, or an empty one."""
        try:
            return as_object(parsed(self.body))
        except ValueError:
            return {}


class Postman:
    """Posts to the bot's address, and keeps how each request was taken."""

    def __init__(self, issuer: Issuer) -> None:
        self.url = ""
        self.deliveries: list[Told] = []
        self._issuer = issuer
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMIT_S))

    async def close(self) -> None:
        """End its connections."""
        await self._session.close()

    async def send(self, activity: JsonObject) -> Told:
        """Deliver an activity with a good token."""
        return await self.forge(activity, f"Bearer {self._issuer.token(text_at(activity, 'serviceUrl'))}")

    async def forge(self, activity: object, authorization: str | None) -> Told:
        """Deliver an activity with an Authorization header of the caller's choice, or without one."""
        headers = {} if authorization is None else {"Authorization": authorization}
        began = time.perf_counter()
        try:
            async with self._session.post(self.url, json=activity, headers=headers) as response:
                status, body = response.status, await response.read()
        except (TimeoutError, aiohttp.ClientError):
            status, body = 0, b""
        told = Told(status, body, (time.perf_counter() - began) * 1000)
        self.deliveries.append(told)
        return told
