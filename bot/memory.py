"""Puts the semantic cache together: the shelf in SQL, the index in process or on a server, the embedder."""

from pathlib import Path

from router.embedder import Embedder, WordLlamaEmbedder

from bot.config import Settings
from bot.store.entries import Entries
from router.cache import SemanticCache, Tuning
from router.index import VectorIndex
from router.index_edge import EdgeIndex
from router.index_server import ServerIndex
from router.litellm_embedder import LiteLLMEmbedder
from router.policy import WORDLLAMA, CachePolicy
from router.types import Clock

FOLDER = "index"


def make_embedder(policy: CachePolicy) -> Embedder:
    """Return the embedder that a policy names."""
    if policy.embedder == WORDLLAMA:
        return WordLlamaEmbedder()
    return LiteLLMEmbedder(policy.embedder, policy.embedder_size or 0)


def make_index(settings: Settings, embedder: Embedder) -> VectorIndex:
    """Return the index of an embedder's vectors: on the Qdrant server where one is named, else in the data folder."""
    if settings.qdrant_url:
        return ServerIndex(settings.qdrant_url, settings.qdrant_api_key, embedder.name, embedder.size)
    return EdgeIndex(Path(settings.data) / FOLDER, embedder.name, embedder.size)


def make_cache(settings: Settings, policy: CachePolicy, entries: Entries, clock: Clock) -> SemanticCache:
    """Return the cache of a deployment."""
    embedder = make_embedder(policy)
    threshold = embedder.threshold if policy.similarity is None else policy.similarity
    tuning = Tuning(threshold, policy.deadline_ms / 1000)
    return SemanticCache(entries, make_index(settings, embedder), embedder, tuning, clock)
