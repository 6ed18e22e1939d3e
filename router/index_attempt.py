"""One attempt that many callers wait for, such as opening an index."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

T = TypeVar("T")


class Attempt(Generic[T]):
    """Makes something once for all who ask. A caller that gives up leaves the attempt running for the next one.

    A failed attempt is made anew at the next call.
    """

    def __init__(self, make: Callable[[], Coroutine[None, None, T]]) -> None:
        self._make = make
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Return what was made, waiting for it if need be; raises what the attempt raised."""
        if self._task is None:
            self._task = asyncio.create_task(self._make())
            self._task.add_done_callback(self._settle)
        return await asyncio.shield(self._task)

    def drop(self) -> None:
        """Make it anew at the next call."""
        self._task = None

    async def end(self) -> T | None:
        """Wait for an attempt that is under way, and return what was made, if anything was."""
        task, self._task = self._task, None
        if task is None:
            return None
        await asyncio.wait({task})
        return None if task.cancelled() or task.exception() else task.result()

    def _settle(self, task: asyncio.Task[T]) -> None:
        """Let go of a failure; asking for the exception keeps asyncio from reporting one that nobody waited for."""
        if (task.cancelled() or task.exception()) and self._task is task:
            self._task = None
