"""What the ingress itself tells people after it has answered Teams: help, how things stand, what became of a press."""

import asyncio
import random

from adapters.later import Later
from adapters.teams.options import TeamsOptions
from adapters.teams.outbound import TeamsMessage
from adapters.teams.sdk import connect
from adapters.teams.spots import Spot
from bot.types import DeliveryFailure

TRIES = 4
PATIENCE_S = 40.0
LONGEST_WAIT_S = 15.0


class Speaker:
    """Speaks in tasks of its own: nothing here makes Teams wait, and nothing here may fail a request."""

    def __init__(self, options: TeamsOptions) -> None:
        self._connector = connect(options)
        self._later = Later()

    def say(self, spot: Spot, message: TeamsMessage) -> None:
        """Post a message."""
        self._later.start(self._say(spot, message), "remark", PATIENCE_S)

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
        await self._later.drain()
        await self._connector.close()

    async def _say(self, spot: Spot, message: TeamsMessage) -> None:
        for tried in range(1, TRIES + 1):
            try:
                await self._connector.post(spot, message)
            except DeliveryFailure as failure:
                if failure.retry_after_s is None or tried == TRIES:
                    raise
                await asyncio.sleep(min(failure.retry_after_s, LONGEST_WAIT_S) * random.uniform(1, 1.5))  # noqa: S311 (spreads tries)
            else:
                return
