"""The conversations whose addresses are known to be in the store, so that a message costs no write for its address."""

from bot.desk import Desk
from bot.store.addresses import Address

MOST = 10_000
"""Conversations remembered; the longest unused is written again."""


class Known:
    """Keeps addresses. Every method has committed when it returns, and raises StoreUnavailable when it could not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._met: dict[tuple[str, str], Address] = {}

    async def meet(self, address: Address, *, anew: bool = False) -> None:
        """Keep an address when it is new or has changed; `anew`: in any case, since it may have been forgotten elsewhere."""
        at = (address.tenant, address.channel)
        if self._met.pop(at, None) != address or anew:
            await self._desk.meet(address)
        self._met[at] = address
        while len(self._met) > MOST:
            del self._met[next(iter(self._met))]

    async def leave(self, address: Address) -> None:
        """Forget an address."""
        self._met.pop((address.tenant, address.channel), None)
        await self._desk.leave(address.platform, address.tenant, address.channel)
