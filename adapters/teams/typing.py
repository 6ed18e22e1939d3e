"""Shows that we are writing, for as long as we work on a question."""

import asyncio

from adapters.later import Later
from adapters.teams.sdk import Connector
from adapters.teams.spots import Spot

EVERY_S = 4.0
"""Teams stops showing it after some seconds."""

MOST_S = 60.0
"""After that the placeholder has to do: each sign counts as a message towards the conversation's rate."""


class Typing:
    """The signs that are shown at the moment, by question. Whatever goes wrong with one is of no matter."""

    def __init__(self, line: Connector, later: Later) -> None:
        self._line = line
        self._later = later
        self._working: set[str] = set()

    def start(self, question_id: str, spot: Spot) -> None:
        """Begin to show it. A private message has no such sign, since it would tell the others."""
        if not spot.to:
            self._working.add(question_id)
            self._later.start(self._show(question_id, spot), "typing", MOST_S)

    def stop(self, question_id: str) -> None:
        """End with the next sign that would be due."""
        self._working.discard(question_id)

    async def _show(self, question_id: str, spot: Spot) -> None:
        try:
            async with asyncio.timeout(MOST_S - EVERY_S):
                while question_id in self._working:
                    await self._line.typing(spot)
                    await asyncio.sleep(EVERY_S)
        except TimeoutError:
            return
        finally:
            self._working.discard(question_id)
