"""How long the event loop stands still while the cache and its index work."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.bench.stock import BATCH, SCOPE, TTL_S, Stock, entry_for
from bot.bench.ticker import ticking
from router.cache import SemanticCache
from router.types import Entry, Query

AT_ONCE = 8
RESTORED = 4
"""Batches that are put back into the index as a rebuild does."""
CHANGED = 200
"""Answers that are remembered, and then forgotten."""


@dataclass(frozen=True, slots=True)
class Stall:
    """The longest time that the event loop stood still during some work."""

    work: str
    longest_ms: float


async def measure_stalls(stock: Stock, asked: Sequence[str], fresh: Sequence[str]) -> tuple[Stall, ...]:
    """Do each kind of index work while a ticker runs; doing nothing shows what the machine itself adds. Empties our index in the end.

    `asked` are looked up; `fresh` are questions that are not remembered yet.
    """
    cache = stock.cache(stock.ours)
    entries = [entry_for(text, f"q_fresh_{number}") for number, text in enumerate(fresh[:CHANGED])]
    works = (
        ("nothing, for a second", asyncio.sleep(1)),
        (f"{len(asked)} look-ups, {AT_ONCE} at once", _look_up(cache, asked)),
        (f"remembering {len(entries)} answers", _remember(cache, entries)),
        (f"putting up to {RESTORED * BATCH:,} answers back, as a rebuild does", _restore(cache, stock)),
        (f"forgetting {len(entries)}, tidying, counting", _forget(cache, entries)),
        ("emptying and closing", _empty(cache)),
    )
    stalls = []
    for name, work in works:
        async with ticking() as ticker:
            await work
        stalls.append(Stall(name, round(ticker.longest_ms, 2)))
    return tuple(stalls)


async def _look_up(cache: SemanticCache, asked: Sequence[str]) -> None:
    for first in range(0, len(asked), AT_ONCE):
        await asyncio.gather(*(cache.look_up(Query(text, SCOPE, id="q_asked"), TTL_S) for text in asked[first : first + AT_ONCE]))


async def _remember(cache: SemanticCache, entries: Sequence[Entry]) -> None:
    for entry in entries:
        await cache.remember(entry)


async def _restore(cache: SemanticCache, stock: Stock) -> None:
    done = 0
    async for batch in stock.entries.servable(BATCH):
        await cache.restore(batch)
        done += 1
        if done == RESTORED:
            break


async def _forget(cache: SemanticCache, entries: Sequence[Entry]) -> None:
    await cache.forget([entry.question_id for entry in entries])
    await cache.tidy()
    await cache.size()


async def _empty(cache: SemanticCache) -> None:
    await cache.clear()
    await cache.close()
