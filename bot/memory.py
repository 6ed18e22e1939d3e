"""Puts the semantic cache together and keeps it: the shelf in SQL, the index in process or on a server, the embedder."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.config import Settings
from bot.deployment import Deployment, utc_now
from bot.remembering import Audit, Remembering
from bot.store.entries import Entries
from bot.store.store import Store
from bot.upkeep import Upkeep
from router.cache import Index, SemanticCache, Tuning
from router.embedder import Embedder, WordLlamaEmbedder
from router.index_edge import EdgeIndex
from router.index_server import ServerIndex
from router.policy import WORDLLAMA, Policy
from router.prices import Prices
from router.types import Clock, Mode

FOLDER = "index"


@dataclass(frozen=True, slots=True)
class Memory:
    """The cache of a worker, and what follows its answers."""

    cache: SemanticCache
    remembering: Remembering


def make_embedder(policy: Policy) -> Embedder:
    """Return the embedder that a policy names. One that LiteLLM reaches takes seconds to import."""
    cache = policy.cache
    if cache.embedder == WORDLLAMA:
        return WordLlamaEmbedder()
    from router.litellm_embedder import LiteLLMEmbedder  # noqa: PLC0415 (LiteLLM takes seconds to import)

    return LiteLLMEmbedder(cache, Prices(policy.prices))


def make_index(settings: Settings, embedder: Embedder) -> Index:
    """Return the index of an embedder's vectors: on the Qdrant server where one is named, else in the data folder."""
    if settings.qdrant_url:
        return ServerIndex(settings.qdrant_url, settings.qdrant_api_key, embedder.name, embedder.size)
    return EdgeIndex(settings.data / FOLDER, embedder.name, embedder.size)


def make_cache(settings: Settings, policy: Policy, entries: Entries, clock: Clock) -> SemanticCache:
    """Return the cache of a deployment."""
    embedder, cache = make_embedder(policy), policy.cache
    threshold = embedder.threshold if cache.similarity is None else cache.similarity
    tuning = Tuning(threshold, cache.deadline_ms / 1000)
    return SemanticCache(entries, make_index(settings, embedder), embedder, tuning, clock)


@asynccontextmanager
async def open_cache(deployment: Deployment, store: Store) -> AsyncIterator[SemanticCache | None]:
    """Yield the cache where the policy turns it on."""
    policy = deployment.policy
    if policy.cache.mode is Mode.OFF:
        yield None
        return
    cache = make_cache(deployment.settings, policy, store.entries, utc_now)
    try:
        yield cache
    finally:
        await cache.close()


@asynccontextmanager
async def open_memory(deployment: Deployment, store: Store) -> AsyncIterator[Memory | None]:
    """Yield a worker's cache where the policy turns it on, and keep its index in step with the store meanwhile."""
    async with open_cache(deployment, store) as cache:
        if cache is None:
            yield None
            return
        audit = Audit(deployment.policy.cache.audit_share, secrets.SystemRandom().random)
        upkeep = asyncio.create_task(Upkeep(cache, store.entries, store.switches).run())
        try:
            yield Memory(cache, Remembering(cache, store.entries, store.inbox, utc_now, audit))
        finally:
            upkeep.cancel()
            await asyncio.gather(upkeep, return_exceptions=True)
