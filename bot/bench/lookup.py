"""The look-up part of `switchboard bench`: the whole cache at several sizes, beside its peers."""

import asyncio
import random
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bench.latency import Latency, timed
from bot.bench.peers import local_mode
from bot.bench.questions import question
from bot.bench.stalls import Stall, measure_stalls
from bot.bench.stock import BATCH, SCOPE, TTL_S, Stock, stocked
from bot.processes import settle
from router.cache import SemanticCache
from router.types import Query

SIZES = (1_000, 10_000, 100_000)
LOOK_UPS = 1_000
WARM_UP = 200
OURS_S, PEER_S = 60.0, 10.0
"""How long one size is measured at most; among many answers the local mode takes seconds for one look-up."""
SETTLE_S = 2.0
"""After filling, the index tidies up when a second was quiet; a worker's index has long done so."""
SEED, WARM_UP_SEED, COSINE_SEED = 1, 2, 3

Report = Callable[[str], None]
"""Told what is being done."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """One size: our look-up, the same with qdrant-client's local mode as its index, and the usual cosine cache's."""

    entries: int
    ours: Latency
    local_mode: Latency
    cosine: Latency


@dataclass(frozen=True, slots=True)
class Looked:
    """All sizes, and the stalls of the event loop at the largest."""

    sizes: tuple[LookUps, ...]
    stalls: tuple[Stall, ...]


async def run_lookup(largest: int, report: Report, *, look_ups: int = LOOK_UPS, settle_s: float = SETTLE_S) -> Looked:
    """Fill a cache up to `largest` answers and measure it at each size on the way; the local mode follows, alone in its process."""
    sizes = [size for size in SIZES if size < largest] + [largest]
    measured: list[tuple[Latency, Latency]] = []
    with tempfile.TemporaryDirectory(prefix="switchboard-bench-", ignore_cleanup_errors=True) as folder:
        async with stocked(Path(folder)) as stock:
            for below, size in zip([0, *sizes], sizes, strict=False):
                await _fill(stock, below, size, report)
                report("letting the index tidy up")
                await asyncio.sleep(settle_s)
                await stock.quiet()
                settle()
                measured.append(await _measure(stock, size, look_ups, report))
            report("measuring the event loop")
            fresh = [question(largest + number).first for number in range(look_ups)]
            stalls = await measure_stalls(stock, _drawn(SEED, largest, look_ups), fresh)
            local = await _measure_local(stock, sizes, look_ups, report)
    rows = zip(sizes, measured, local, strict=True)
    return Looked(tuple(LookUps(size, ours, peer, cosine) for size, (ours, cosine), peer in rows), stalls)


async def _fill(stock: Stock, below: int, size: int, report: Report) -> None:
    for first in range(below, size, BATCH):
        report(f"filling: {first:,} of {size:,} answers")
        await stock.add(first, min(first + BATCH, size))


async def _measure(stock: Stock, size: int, look_ups: int, report: Report) -> tuple[Latency, Latency]:
    """Time our look-up and the cosine cache's, each with questions of its own drawing: vectors of texts are kept."""
    ours, usual = stock.cache(stock.ours), stock.cosine_cache()
    report(f"looking up among {size:,}")
    await timed(_serves(ours), _drawn(WARM_UP_SEED, size, WARM_UP), within_s=PEER_S)
    mine = await timed(_serves(ours), _drawn(SEED, size, look_ups), within_s=OURS_S)
    report(f"looking up among {size:,}: the usual cosine cache")
    return mine, await timed(lambda text: usual.look_up(text, SCOPE.key), _drawn(COSINE_SEED, size, look_ups), within_s=PEER_S)


async def _measure_local(stock: Stock, sizes: Sequence[int], look_ups: int, report: Report) -> list[Latency]:
    """Fill the local mode from the shelf, which yields the answers in the order in which they came, and ask it what ours was asked."""
    taken, filled = [], 0
    async with local_mode(stock.embedder) as index:
        cache = stock.cache(index)
        async for batch in stock.entries.servable(BATCH):
            report(f"filling the local mode: {filled:,} answers")
            await cache.restore(batch)
            filled += len(batch)
            if filled in sizes:
                report(f"looking up among {filled:,}: qdrant-client's local mode")
                taken.append(await timed(_serves(cache), _drawn(SEED, filled, look_ups), within_s=PEER_S))
    return taken


def questions(draw: random.Random, size: int, count: int) -> list[str]:
    """Draw questions about the first `size` answers of a shelf.

    Half are remembered in other words, a quarter is about another device, and a quarter asks something new of the same one.
    """
    asked = [question(draw.randrange(size)) for _ in range(count)]
    return [(one.again, one.other, one.again, one.new)[number % 4] for number, one in enumerate(asked)]


def _drawn(seed: int, size: int, count: int) -> list[str]:
    return questions(random.Random(seed), size, count)  # noqa: S311 (which questions are asked is no secret)


def _serves(cache: SemanticCache) -> Callable[[str], Coroutine[None, None, bool]]:
    async def serves(text: str) -> bool:
        return (await cache.look_up(Query(text, SCOPE, id="q_asked"), TTL_S)).stored is not None

    return serves
