"""Tries the gateway, for `switchboard check`."""

import asyncio

import aiohttp

from bot.config import Settings
from bot.gateway import address, key_of

PATIENCE_S = 5.0
UNREACHABLE = "it does not answer"
NOT_PORTKEY = "something answers there, with HTTP {status}, but no Portkey gateway"
KEY_REFUSED = "it does not accept PORTKEY_API_KEY"
REFUSED_STATUSES = (401, 403)


async def try_gateway(settings: Settings) -> str:
    """Ask the gateway for its models, which costs nothing; return in one line what is wrong, or nothing."""
    url, key = f"{address(settings)}/models", key_of(settings)
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            aiohttp.ClientSession(trust_env=True) as client,
            client.get(url, headers={"x-portkey-api-key": key} if key else {}) as response,
        ):
            status, said = response.status, (await response.text(errors="replace")).lower()
    except (aiohttp.ClientError, TimeoutError, OSError):
        return UNREACHABLE
    if status in REFUSED_STATUSES:
        return KEY_REFUSED
    # Portkey's own lists models. A gateway of one's own asks for a provider here, and says so in its own words.
    return "" if status == 200 or "portkey" in said else NOT_PORTKEY.format(status=status)  # noqa: PLR2004 (HTTP's own number)
