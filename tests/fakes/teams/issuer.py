"""A fake of the OpenID server of Azure Bot Service: it signs tokens, rotates its keys, hangs and serves garbage."""

import asyncio
import base64
import functools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from tests.fakes.slack.json_values import JsonObject

ISSUER = "https://api.botframework.com"
"""Who signs what Teams sends (learn.microsoft.com, Authenticate requests with the Bot Connector API)."""
METADATA = "/v1/.well-known/openidconfiguration"
KEYS = "/v1/.well-known/keys"
LIFE_S = 3600
NOTHING: Mapping[str, object] = MappingProxyType({})


class Trouble(StrEnum):
    """What is wrong with the server."""

    NONE = ""
    HANG = "hang"
    """No answer within `Issuer.hang_s`, and then a good one."""
    ERROR = "error"
    GARBAGE = "garbage"
    """HTML where JSON belongs."""
    WRONG_SHAPE = "wrong_shape"
    """JSON, of another form."""
    NO_KEYS = "no_keys"


@functools.cache
def private_key(number: int) -> RSAPrivateKey:
    """Return a key, made once in a test run."""
    del number
    return generate_private_key(65537, 2048)


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the channels that it vouches for."""

    kid: str
    number: int
    endorsements: tuple[str, ...] = ("msteams", "webchat", "skype")

    @property
    def private(self) -> RSAPrivateKey:
        """Return the half that signs."""
        return private_key(self.number)

    def published(self) -> JsonObject:
        """Return the other half, as a JSON Web Key."""
        numbers = self.private.public_key().public_numbers()
        known: JsonObject = {"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid, "endorsements": list(self.endorsements)}
        return known | {"n": _base64url(numbers.n), "e": _base64url(numbers.e)}


@dataclass
class Issuer:
    """Its keys, what is wrong with it, and how often it was asked for its keys. `app_id` is for whom it signs."""

    app_id: str
    keys: list[Key] = field(default_factory=lambda: [Key("key-0", 0)])
    trouble: Trouble = Trouble.NONE
    hang_s: float = 5.0
    fetches: int = 0
    base_url: str = ""
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def metadata_url(self) -> str:
        """Return the address of the OpenID metadata."""
        return self.base_url + METADATA

    def rotate(self) -> Key:
        """Sign with a new key from now on, and publish it alone."""
        newest = Key(f"key-{int(self.keys[-1].kid.removeprefix('key-')) + 1}", self.keys[-1].number + 1)
        self.keys = [newest]
        return newest

    def claims(self, service_url: str, changed: Mapping[str, object] = NOTHING) -> JsonObject:
        """Return what a good token says; a changed claim of None is left out."""
        now = int(time.time())
        said: JsonObject = {"iss": ISSUER, "aud": self.app_id, "nbf": now - 300, "exp": now + LIFE_S, "serviceurl": service_url}
        return {name: value for name, value in {**said, **changed}.items() if value is not None}

    def token(
        self, service_url: str, changed: Mapping[str, object] = NOTHING, *, key: Key | None = None, headers: Mapping[str, object] = NOTHING
    ) -> str:
        """Return a signed token; `changed` replaces claims, `headers` what its head says, and another key may sign."""
        key = key or self.keys[-1]
        named: JsonObject = {"kid": key.kid, "x5t": key.kid, **headers}
        named = {name: value for name, value in named.items() if value is not None}
        return jwt.encode(self.claims(service_url, changed), key.private, algorithm="RS256", headers=named)

    def add_routes(self, app: web.Application) -> None:
        """Serve metadata and keys."""
        app.router.add_get(METADATA, self._metadata)
        app.router.add_get(KEYS, self._published)

    def close(self) -> None:
        """Let go of requests that hang."""
        self._closing.set()

    async def _metadata(self, request: web.Request) -> web.Response:
        del request
        return await self._answer({"issuer": ISSUER, "jwks_uri": self.base_url + KEYS, "id_token_signing_alg_values_supported": ["RS256"]})

    async def _published(self, request: web.Request) -> web.Response:
        del request
        self.fetches += 1
        keys = [] if self.trouble is Trouble.NO_KEYS else [key.published() for key in self.keys]
        return await self._answer({"keys": keys})

    async def _answer(self, body: JsonObject) -> web.Response:
        if self.trouble is Trouble.HANG:
            await asyncio.wait([asyncio.ensure_future(self._closing.wait())], timeout=self.hang_s)
        if self.trouble is Trouble.ERROR:
            return web.Response(status=503, text="<html>Service Unavailable</html>", content_type="text/html")
        if self.trouble is Trouble.GARBAGE:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        if self.trouble is Trouble.WRONG_SHAPE:
            return web.json_response(["keys", {"keys": 7}])
        return web.json_response(body)


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()
