"""The keys that sign what Teams sends: fetched without stalling anybody, kept a day, and looked up by id."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from adapters.bodies import BadBodyError, parse_json, read_stream
from adapters.fields import Fields
from adapters.teams.options import LOOPBACK

FRESH_S = 24 * 3600.0
"""How long keys count as new (learn.microsoft.com, Bot Connector authentication: refresh at least every 24 hours)."""

USABLE_S = 2 * FRESH_S
"""How long known keys are still good when the key server does not answer."""

AGAIN_S = 60.0
"""An unknown key id asks the server again at most so often, so that forged ids cannot make us hammer it."""

AGAIN_FAILED_S = 5.0
"""The same while the server fails."""

FETCH_S = 5.0
LONGEST = 1_048_576

_log = logging.getLogger(__name__)


class KeysUnavailable(Exception):  # noqa: N818 (an expected state of the key server)
    """The key server gave nothing usable."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key. `endorsements` are the channels that it may sign for."""

    key: PyJWK
    endorsements: frozenset[str]


class Keys:
    """The keys behind an OpenID metadata address. A fetch is shared by all who wait for it."""

    def __init__(self, openid_url: str, *, now: Callable[[], float] = time.monotonic) -> None:
        self._url = openid_url
        self._now = now
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched_at = self._failed_at = self._asked_at = float("-inf")
        self._fetch: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> SigningKey | None:
        """Return a key by id; None when there is none, also after asking the server where that may be asked again."""
        known = self._known(key_id)
        if known is not None:
            if self._now() - self._fetched_at > FRESH_S:
                self.refresh()
            return known
        for _ in range(2):  # a fetch that was under way may have begun before the key was there
            fetch = self._running() or self._asked_again()
            if fetch is None:
                return None
            await asyncio.shield(fetch)
            known = self._known(key_id)
            if known is not None:
                return known
        return None

    def refresh(self) -> asyncio.Task[None] | None:
        """Begin to fetch the keys, or return the fetch under way; None when the server failed a moment ago."""
        if self._running() is None:
            if self._now() - self._failed_at < AGAIN_FAILED_S:
                return None
            self._fetch = asyncio.create_task(self._refresh())
        return self._fetch

    async def stop(self) -> None:
        """Break off what is under way."""
        if self._fetch is not None:
            self._fetch.cancel()
            await asyncio.gather(self._fetch, return_exceptions=True)

    def _running(self) -> asyncio.Task[None] | None:
        return self._fetch if self._fetch is not None and not self._fetch.done() else None

    def _asked_again(self) -> asyncio.Task[None] | None:
        """Begin a fetch for a key that is not known, unless that was done within the last minute."""
        if self._now() - self._asked_at < AGAIN_S:
            return None
        fetch = self.refresh()
        self._asked_at = self._now() if fetch else self._asked_at
        return fetch

    def _known(self, key_id: str) -> SigningKey | None:
        return self._keys.get(key_id) if self._now() - self._fetched_at < USABLE_S else None

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(FETCH_S):
                self._keys = await _fetch(self._url)
        except (TimeoutError, aiohttp.ClientError, KeysUnavailable, OSError) as error:
            self._failed_at, self._asked_at = self._now(), float("-inf")
            _log.warning("no signing keys from %s: %s", urlsplit(self._url).hostname, type(error).__name__)
        else:
            self._fetched_at = self._now()


async def _fetch(url: str) -> Mapping[str, SigningKey]:
    """Read the metadata, then the keys that it names. Raises KeysUnavailable and what aiohttp raises."""
    async with aiohttp.ClientSession(trust_env=urlsplit(url).hostname not in LOOPBACK) as session:
        address = (await _get(session, url)).text("jwks_uri")
        keys = _read(await _get(session, address))
    if not keys:
        raise KeysUnavailable("no usable key")
    return keys


async def _get(session: aiohttp.ClientSession, url: str) -> Fields:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise KeysUnavailable("not https")
    async with session.get(url, allow_redirects=False) as response:
        if response.status != 200:  # noqa: PLR2004 (HTTP's OK)
            raise KeysUnavailable(f"http_{response.status}")
        body = await read_stream(response.content, LONGEST)
    try:
        return Fields(parse_json(body))
    except BadBodyError as error:
        raise KeysUnavailable("not JSON") from error


def _read(document: Fields) -> Mapping[str, SigningKey]:
    """Return the RSA keys of a key set; one that cannot be read is left out."""
    found: dict[str, SigningKey] = {}
    for entry in document.items("keys"):
        key_id, modulus, exponent = (entry.text(name) for name in ("kid", "n", "e"))
        if not key_id or entry.text("kty") != "RSA" or entry.text("use") not in ("", "sig"):
            continue
        try:
            key = PyJWK({"kty": "RSA", "n": modulus, "e": exponent}, algorithm="RS256")
        except (PyJWTError, ValueError):
            continue
        found[key_id] = SigningKey(key, frozenset(entry.texts("endorsements")))
    return found
