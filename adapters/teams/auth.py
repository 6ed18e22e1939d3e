"""Says whether an activity comes from Teams: its token must hold in every respect, and anything odd is a no."""

import logging

import jwt

from adapters.fields import Fields
from adapters.teams.keys import Keys, SigningKey
from adapters.teams.options import TeamsOptions

SKEW_S = 300
"""Clocks may differ by this (learn.microsoft.com, Bot Connector authentication: industry-standard skew of 5 minutes)."""

LONGEST = 16_384
"""Characters of an Authorization header; a real one has about 1,200."""

ALGORITHM = "RS256"
_REQUIRED = ["exp", "iss", "aud"]

_log = logging.getLogger(__name__)


class Auth:
    """Checks tokens of the Bot Connector service. Raises nothing: what cannot be checked is refused."""

    def __init__(self, options: TeamsOptions, keys: Keys) -> None:
        self._options = options
        self._keys = keys

    async def accepts(self, header: str, activity: Fields) -> bool:
        """Whether `header` is the Authorization of exactly this activity."""
        service_url = activity.text("serviceUrl")
        if not self._options.serves(service_url):
            _log.warning("refused: the service address is none of Teams's")
            return False
        if not self._options.verify:
            return True
        try:
            why = await self._fault(header, activity)
        except Exception as error:  # noqa: BLE001 (whatever a token makes the libraries stumble over is a refusal)
            why = type(error).__name__
        if why:
            _log.warning("refused: %s", why)
        return not why

    async def _fault(self, header: str, activity: Fields) -> str:
        """Return what is wrong with a token; empty when nothing is. Raises what PyJWT raises over a bad one."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or len(header) > LONGEST or not header.isascii():
            return "no bearer token"
        claimed = jwt.get_unverified_header(token)
        if claimed.get("alg") != ALGORITHM:
            return "algorithm"
        key_id = claimed.get("kid")
        key = await self._keys.find(key_id) if isinstance(key_id, str) else None
        if key is None:
            return "unknown key"
        if activity.text("channelId") not in key.endorsements:
            return "endorsement"
        return self._verified(token, key, activity)

    def _verified(self, token: str, key: SigningKey, activity: Fields) -> str:
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[ALGORITHM],
            audience=self._options.app_id,
            issuer=self._options.cloud.issuer,
            leeway=SKEW_S,
            options={"require": _REQUIRED, "strict_aud": True},
        )
        stated = Fields(claims).first("serviceurl", "serviceUrl")
        return "" if stated and _same(stated, activity.text("serviceUrl")) else "service address"


def _same(first: str, second: str) -> bool:
    return first.rstrip("/") == second.rstrip("/")
