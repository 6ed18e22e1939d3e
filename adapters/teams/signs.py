"""Shows that we are at work: the sign of somebody writing, or, in a personal chat, a message that is being written."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from adapters.teams.sdk import Connector
from adapters.teams.spots import Spot
from bot.types import DeliveryFailure

WORKING = "Working on it…"
STILL = "Still working on it ({seconds} s)…"

EVERY_S = 4.0
"""Teams stops showing that somebody writes after some seconds."""

STREAM_EVERY_S = 15.0
"""At most 45 s may pass between two pieces of a stream, and at least 1 (learn.microsoft.com, Stream bot messages)."""

MOST_S = 100.0
"""A stream has to end within two minutes; each sign counts as a message towards the conversation's rate besides."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a sign is shown, and for how long at most, in seconds."""

    every_s: float = EVERY_S
    stream_every_s: float = STREAM_EVERY_S
    most_s: float = MOST_S


USUAL = Rhythm()


class Signs:
    """The signs that are shown at the moment, by question. Whatever goes wrong with one is of no matter."""

    def __init__(self, connector: Connector, rhythm: Rhythm = USUAL) -> None:
        self._connector = connector
        self._rhythm = rhythm
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._streams: dict[str, str] = {}

    @property
    def streaming(self) -> Mapping[str, str]:
        """The conversations in which a message is being written, with its question: Teams shows one at a time in each."""
        return self._streams

    def write(self, question_id: str, spot: Spot) -> None:
        """Show that we are writing. A private message has no such sign, since it would tell the others."""
        if not spot.to:
            self._start(question_id, self._rhythm.every_s, lambda _: self._connector.typing(spot))

    def stream(self, question_id: str, spot: Spot) -> None:
        """Keep a stream that was begun alive."""
        began, sequence = time.monotonic(), iter(range(2, 1_000))

        async def show(turn: int) -> None:
            if turn:
                text = STILL.format(seconds=round(time.monotonic() - began))
                await self._connector.stream(spot, text, next(sequence))

        self._streams[spot.conversation] = question_id
        self._start(question_id, self._rhythm.stream_every_s, show)

    async def stop(self, question_id: str) -> None:
        """End the sign, and wait until none is on its way: it must not come after the answer."""
        task = self._tasks.get(question_id)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._end(question_id, task)

    async def close(self) -> None:
        """End all of them."""
        for question_id in tuple(self._tasks):
            await self.stop(question_id)

    def _start(self, question_id: str, every_s: float, show: Callable[[int], Awaitable[object]]) -> None:
        earlier = self._tasks.get(question_id)
        if earlier is not None:
            earlier.cancel()
        task = self._tasks[question_id] = asyncio.create_task(_repeat(int(self._rhythm.most_s / every_s), every_s, show))
        task.add_done_callback(lambda ended: self._end(question_id, ended))

    def _end(self, question_id: str, task: asyncio.Task[None]) -> None:
        """Forget a sign that is over, also one that nobody stopped: another worker may have taken its question."""
        if self._tasks.get(question_id) is task:
            del self._tasks[question_id]
            self._streams = {where: whose for where, whose in self._streams.items() if whose != question_id}


async def _repeat(times: int, every_s: float, show: Callable[[int], Awaitable[object]]) -> None:
    with contextlib.suppress(DeliveryFailure):
        for turn in range(times):
            await show(turn)
            await asyncio.sleep(every_s)
