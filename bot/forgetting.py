"""The commands `reindex` and `forget`: they change the store, and reach the index through whoever owns it."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.config import SettingsError
from bot.deployment import Deployment, open_store
from bot.memory import open_cache
from bot.store.entries import Evicted
from bot.store.forget import forget_user
from bot.store.store import Store
from bot.upkeep import PROGRESS, REBUILD, rebuild
from router.cache import SemanticCache
from router.entities import find_entities
from router.index import IndexFailure, Reason
from router.metering import metered

CACHE_OFF = "the cache is off in the policy (`mode` under [cache]), so there is no index"
NO_OWNER = "another process owns the index and does not rebuild it: is a worker running?"
POLL_S = 0.5
PATIENCE_S = 60.0

Report = Callable[[int], None]
"""Told how many answers are indexed so far."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is to be forgotten: all of a person, one answer, every answer about something named or with a tag, or every answer."""

    user: str = ""
    answer: str = ""
    entity: str = ""
    tag: str = ""
    everything: bool = False


async def run_reindex(deployment: Deployment, report: Report) -> int:
    """Build the index anew from the store and return how many answers it holds. Raises SettingsError, IndexFailure."""
    async with open_store(deployment.settings) as store, open_cache(deployment, store) as cache:
        if cache is None:
            raise SettingsError(CACHE_OFF)
        try:
            return await _rebuild_here(cache, store, report)
        except IndexFailure as failure:
            if failure.reason is not Reason.LOCKED:
                raise
        return await _rebuild_there(store, report)


async def run_forget(deployment: Deployment, what: Forgetting) -> str:
    """Forget, and say what was forgotten. Raises ValueError when nothing is named."""
    if not any((what.user, what.answer, what.entity, what.tag, what.everything)):
        raise ValueError("nothing is named")
    async with open_store(deployment.settings) as store, open_cache(deployment, store) as cache:
        if what.user:
            gone = await forget_user(store.database, what.user)
            await _let_go(cache, store, gone.questions)
            return f"Deleted {len(gone.questions)} questions with their answers, and {gone.flags} flags, of {what.user}."
        evicted = await _evict(store, what)
        await _let_go(cache, store, evicted)
        return f"{len(evicted)} {'answer is' if len(evicted) == 1 else 'answers are'} not served again."


async def _evict(store: Store, what: Forgetting) -> Sequence[str]:
    if what.tag:
        return await store.entries.evict_tagged(Evicted.FORGOTTEN, what.tag)
    why = Evicted.CHANGED if what.entity else Evicted.FLUSHED if what.everything else Evicted.FORGOTTEN
    names = {entity.value for entity in find_entities(what.entity)} | {what.entity}
    return [gone for name in sorted(names) for gone in await store.entries.evict(why, question_id=what.answer, name=name)]


async def _rebuild_here(cache: SemanticCache, store: Store, report: Report) -> int:
    done = 0
    with metered() as made:
        async for done in rebuild(cache, store.entries):
            report(done)
    await store.spending.book(made)
    return done


async def _rebuild_there(store: Store, report: Report) -> int:
    """Ask the owner of the index, and follow its progress."""
    await store.switches.set(PROGRESS, "")
    await store.switches.set(REBUILD, secrets.token_hex(4))
    loop = asyncio.get_running_loop()
    done, moved = 0, loop.time()
    while REBUILD in (asked := await store.switches.all("index.")):
        seen = int(asked.get(PROGRESS, "0"))
        if seen > done:
            done, moved = seen, loop.time()
            report(done)
        if loop.time() - moved > PATIENCE_S:
            await store.switches.set(REBUILD, "")
            raise SettingsError(NO_OWNER)
        await asyncio.sleep(POLL_S)
    return int((await store.switches.all(PROGRESS)).get(PROGRESS, "0"))


async def _let_go(cache: SemanticCache | None, store: Store, ids: Sequence[str]) -> None:
    """Take answers out of the index, which never serves what the store has let go of, but should not keep it either."""
    if not ids:
        return
    if cache is not None:
        with suppress(IndexFailure):
            await cache.forget(ids)
            return
    await store.switches.let_go(ids)
