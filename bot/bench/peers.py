"""What the bench compares the cache with: the usual cosine cache, and qdrant-client's local mode as the index."""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from qdrant_client import AsyncQdrantClient

from bot.store.entries import Entries
from router.embedder import Embedder, Vector
from router.index import Point, VectorIndex
from router.index_server import Patience, ServerIndex
from router.types import Clock

COSINE = 0.93
"""The similarity from which the usual semantic caches serve an answer."""
EVERYBODY = "everybody"
SLOW = Patience(read_s=600.0, write_s=600.0)
"""The peer is measured to its end, not cut off."""


@asynccontextmanager
async def local_mode(embedder: Embedder) -> AsyncIterator[ServerIndex]:
    """Yield an index in qdrant-client's local mode: the client's own engine in Python, with the same filter as ours."""
    index = ServerIndex("", None, embedder.name, embedder.size, client=AsyncQdrantClient(":memory:"), patience=SLOW)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it has no payload indexes and is not meant for so many points: that is measured
        yield index
    await index.close()


class CosineCache:
    """Serves the nearest question if it is near enough: the same embedder, index and shelf, no reading, and nothing to filter by.

    All its points have one scope and no entities, so that the index's filter lets everything through.
    """

    def __init__(self, shelf: Entries, index: VectorIndex, embedder: Embedder, clock: Clock) -> None:
        self._shelf = shelf
        self._index = index
        self._embedder = embedder
        self._clock = clock

    async def look_up(self, text: str, scope: str) -> bool:
        """Tell whether an answer would be served, after reading it."""
        (vector,) = await self._embedder.embed([text])
        near = await self._index.nearest(vector, EVERYBODY, "", now=self._clock().timestamp(), limit=1)
        return bool(near) and near[0].similarity >= COSINE and bool(await self._shelf.fetch(scope, [near[0].id]))


def cosine_point(question_id: str, vector: Vector, until: datetime) -> Point:
    """Return the point of a question for CosineCache."""
    return Point(question_id, vector, EVERYBODY, "", expires_at=until.timestamp())
