"""Shows that we are writing, for as long as we work on a question."""

import asyncio
import contextlib

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
        self._answered: dict[str, asyncio.Event] = {}

    def start(self, question_id: str, spot: Spot) -> None:
        """Begin to show it. A private message has no such sign, since it would tell the others."""
        self.stop(question_id)
        if not spot.to:
            answered = self._answered[question_id] = asyncio.Event()
            self._later.start(self._show(spot, answered), "typing", MOST_S)

    def stop(self, question_id: str) -> None:
        """End with the answer."""
        if answered := self._answered.pop(question_id, None):
            answered.set()

    def stop_all(self) -> None:
        """End with the worker."""
        for question_id in tuple(self._answered):
            self.stop(question_id)

    async def _show(self, spot: Spot, answered: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MOST_S - EVERY_S):
                while not answered.is_set():
                    await self._line.typing(spot)
                    await _until(answered, EVERY_S)


async def _until(happened: asyncio.Event, seconds: float) -> None:
    """Wait for something, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await happened.wait()
