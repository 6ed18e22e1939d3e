"""The vector indexes that the contract suite runs over, and points to put into them."""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from qdrant_client import AsyncQdrantClient

from router.index import Point
from router.index_edge import EdgeIndex
from router.index_server import ServerIndex
from tests.fakes.qdrant_server import running_qdrant

KINDS = ("edge", "memory", "server")
"""Qdrant Edge in its process, the client's own in-memory mode, and a server over HTTP."""

SIZE = 4
NOW = 1_800_000_000.0
EAST = (1.0, 0.0, 0.0, 0.0)
NORTH = (0.0, 1.0, 0.0, 0.0)
WEST = (-1.0, 0.0, 0.0, 0.0)
NORTH_EAST = (math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0)

Index = EdgeIndex | ServerIndex


@asynccontextmanager
async def running_index(kind: str, folder: Path) -> AsyncIterator[Index]:
    """An empty index of a kind; what it needs runs for as long."""
    if kind == "edge":
        index: Index = EdgeIndex(folder, "embedder", SIZE)
        yield index
        await index.close()
    elif kind == "memory":
        index = ServerIndex("", None, "embedder", SIZE, client=AsyncQdrantClient(":memory:"))
        yield index
        await index.close()
    else:
        async with running_qdrant() as (_, url):
            index = ServerIndex(url, None, "embedder", SIZE)
            yield index
            await index.close()


def point(name: str, vector: Sequence[float] = EAST, scope: str = "t/public", entities: str = "", **more: tuple[str, ...]) -> Point:
    """A point that expires a minute after NOW."""
    return Point(name, vector, scope, entities, expires_at=NOW + 60, **more)


async def ids(index: Index, vector: Sequence[float] = EAST, scope: str = "t/public", entities: str = "", limit: int = 10) -> list[str]:
    """The ids of what an index finds NOW."""
    return [near.id for near in await index.nearest(vector, scope, entities, now=NOW, limit=limit)]
