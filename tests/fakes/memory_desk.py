"""A desk in memory whose commits can be held up, to see that nothing is acknowledged before them."""

import asyncio
import time
from dataclasses import replace

from bot.desk import Taken
from bot.types import Conversation, Question
from router.types import Visibility
from tests.fakes.desk import FakeDesk


class GatedDesk(FakeDesk):
    """`gate` closed keeps `take` from committing; `committed_at` are the moments of the commits, by `time.perf_counter`."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self.committed_at: list[float] = []

    async def take(self, question: Question) -> Taken:
        self.arrived.set()
        await self.gate.wait()
        taken = await super().take(question)
        self.committed_at.append(time.perf_counter())
        return taken

    async def askers(self, conversation: Conversation) -> frozenset[str]:
        """Compare places by their ids, as the store does: who can see them is not part of where they are."""
        self._reach()
        place = replace(conversation, visibility=Visibility.PUBLIC)
        mine = (one for one in self.taken if replace(one.conversation, visibility=Visibility.PUBLIC) == place)
        return frozenset(one.user for one in mine if not one.private)
