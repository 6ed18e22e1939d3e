"""Measures how long the event loop stands still while something else runs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TICK_S = 0.001


class Ticker:
    """Wakes up every millisecond; `longest_ms` is how much too late it did so at worst."""

    def __init__(self) -> None:
        self.longest_ms = 0.0

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            due = time.perf_counter() + TICK_S
            await asyncio.sleep(TICK_S)
            self.longest_ms = max(self.longest_ms, (time.perf_counter() - due) * 1000)


@asynccontextmanager
async def ticking() -> AsyncIterator[Ticker]:
    """Tick meanwhile."""
    ticker = Ticker()
    task = asyncio.create_task(ticker.run())
    await asyncio.sleep(0)  # the ticker begins before the work does
    try:
        yield ticker
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
