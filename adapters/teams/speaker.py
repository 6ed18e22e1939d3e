"""What the ingress itself tells people after it has answered Teams: help, a welcome, what became of a press."""

import asyncio
import random
from typing import TYPE_CHECKING

from adapters.later import Later
from adapters.teams.options import TeamsOptions
from adapters.teams.outbound import TeamsMessage
from adapters.teams.spots import Spot
from bot.types import DeliveryFailure

if TYPE_CHECKING:
    from adapters.teams.sdk import Connector

TRIES = 4
PATIENCE_S = 40.0
LONGEST_WAIT_S = 15.0


class Speaker:
    """Speaks in tasks of its own: nothing here makes Teams wait, and nothing here may fail a request.

    The SDK is loaded with the first word, in a thread: it takes most of a second, which the ingress's start has not.
    """

    def __init__(self, options: TeamsOptions) -> None:
        self._options = options
        self._later = Later()
        self._lock = asyncio.Lock()
        self._connector: Connector | None = None

    def say(self, spot: Spot, message: TeamsMessage) -> None:
        """Post a message."""
        self._later.start(self._say(spot, message), "remark", PATIENCE_S)

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
        await self._later.drain()
        if self._connector is not None:
            await self._connector.close()

    async def _say(self, spot: Spot, message: TeamsMessage) -> None:
        connector = await self._connected()
        for tried in range(1, TRIES + 1):
            try:
                await connector.post(spot, message)
            except DeliveryFailure as failure:
                if failure.retry_after_s is None or tried == TRIES:
                    raise
                await asyncio.sleep(min(failure.retry_after_s, LONGEST_WAIT_S) * random.uniform(1, 1.5))  # noqa: S311 (spreads tries)
            else:
                return

    async def _connected(self) -> "Connector":
        async with self._lock:
            if self._connector is None:
                self._connector = await asyncio.to_thread(_connect, self._options)
        return self._connector


def _connect(options: TeamsOptions) -> "Connector":
    from adapters.teams.sdk import connect

    return connect(options)
