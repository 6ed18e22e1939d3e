"""Runs what may happen after an answer to a platform: kept, bounded in time, and finished before we stop."""

import asyncio
import logging
from collections.abc import Awaitable

DEADLINE_S = 10.0
DRAIN_S = 5.0

_log = logging.getLogger(__name__)


class Later:
    """Tasks that nobody waits for. The event loop holds tasks weakly, so they are kept here until they end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Awaitable[None], what: str, seconds: float = DEADLINE_S) -> None:
        """Begin; `what` names it in the log."""
        task = asyncio.ensure_future(_bounded(work, what, seconds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float = DRAIN_S) -> None:
        """Wait for all of it, then cancel what is left."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _bounded(work: Awaitable[None], what: str, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await work
    except Exception as error:  # noqa: BLE001 (nobody waits for it: what goes wrong can only be noted)
        _log.warning("%s failed: %s", what, type(error).__name__)
