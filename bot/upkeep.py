"""Keeps the vector index in step with the store: rebuilds it, lets go of what was forgotten, tidies what expired."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Coroutine

from bot.store.entries import Entries
from bot.store.errors import StoreUnavailable
from bot.store.switches import INDEX_ADD, INDEX_REMOVE, Switches
from router.cache import SemanticCache
from router.index import IndexFailure

REBUILD = "index.rebuild"
"""A switch: whoever owns the index is to rebuild it. The owner removes it when it is done."""
PROGRESS = "index.progress"
"""A switch: how many answers a running rebuild has indexed so far."""

POLL_S = 2.0
TIDY_S = 600.0

_log = logging.getLogger(__name__)


async def rebuild(cache: SemanticCache, entries: Entries) -> AsyncIterator[int]:
    """Build the index anew from the store; yield how many answers are indexed so far. Raises IndexFailure, StoreUnavailable."""
    await cache.clear()
    yield 0
    async for done in fill(cache, entries):
        yield done


async def fill(cache: SemanticCache, entries: Entries) -> AsyncIterator[int]:
    """Put everything that belongs into the index there; yield how much is done so far. Raises IndexFailure, StoreUnavailable."""
    done = 0
    async for batch in entries.servable():
        await cache.restore(batch)
        done += len(batch)
        yield done


class Upkeep:
    """What the owner of an index does beside answering. Failures are logged and tried again."""

    def __init__(self, cache: SemanticCache, entries: Entries, switches: Switches) -> None:
        self._cache = cache
        self._entries = entries
        self._switches = switches

    async def run(self) -> None:
        """Keep the index until cancelled; begin with what it lacks."""
        await self._guarded(self._fill_up())
        ticks = 0
        while True:
            await asyncio.sleep(POLL_S)
            ticks += 1
            await self._guarded(self._follow())
            if ticks % round(TIDY_S / POLL_S) == 0:
                await self._guarded(self._fill_up())

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except (IndexFailure, StoreUnavailable) as failure:
            _log.warning("index upkeep: %s", failure)

    async def _fill_up(self) -> None:
        """Take out what expired, and put in what is missing: the index lost it, was down, or a worker died before it got there."""
        await self._cache.tidy()
        if await self._cache.size() < await self._entries.count():
            async for done in fill(self._cache, self._entries):
                _log.info("index filled so far: %d", done)

    async def _follow(self) -> None:
        """Do what the switches ask for."""
        asked = await self._switches.all("index.")
        if REBUILD in asked:
            async for done in rebuild(self._cache, self._entries):
                await self._switches.set(PROGRESS, str(done))
            await self._switches.set(REBUILD, "")
        for name, value in asked.items():
            if name.startswith(INDEX_REMOVE):
                await self._cache.forget(json.loads(value))
            elif name.startswith(INDEX_ADD):
                if wanted := await self._entries.indexed(json.loads(value)):
                    await self._cache.restore(wanted)
            else:
                continue
            await self._switches.set(name, "")
