"""The vector index on a Qdrant server or cluster."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from pydantic import SecretStr
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from router.index import (
    IndexFailure,
    Near,
    Point,
    Reason,
    Vector,
    collection_name,
    cosine,
    payload_of,
    point_uuid,
    question_of,
    single,
    within,
)
from router.index_attempt import Attempt
from router.index_errors import failure_of

T = TypeVar("T")

INDEXES = {
    "within": models.PayloadSchemaType.KEYWORD,
    "about": models.PayloadSchemaType.KEYWORD,
    "expires_at": models.PayloadSchemaType.FLOAT,
}

BATCH_NUMBERS = 8192
"""Numbers of vectors in one request: the client turns them into JSON on the event loop, about 5 ms for so many."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a call may take as a whole. The client's own timeout is no deadline: a server that drips outlives it."""

    read_s: float = 2.0
    write_s: float = 10.0


class ServerIndex:
    """A VectorIndex and IndexUpkeep on a server, reached at the first call.

    The collection and its payload indexes are made when they are missing, also when they disappear later. `name` is the
    embedder's name and `size` its vectors' size. A `client` that is given is closed with the index.
    """

    def __init__(  # noqa: PLR0913 (the last two are keyword-only configuration)
        self,
        url: str,
        api_key: SecretStr | None,
        name: str,
        size: int,
        *,
        client: AsyncQdrantClient | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._url = url
        self._key = api_key
        self._name = collection_name(name, size)
        self._size = size
        self._given = client
        self._patience = patience
        self._connected = Attempt(self._connect)
        self._ready = Attempt(self._prepare)
        self._closed = False

    async def nearest(self, vector: Vector, scope: str, entities: str, *, now: float, limit: int) -> tuple[Near, ...]:
        """See `VectorIndex.nearest`."""
        query = single(vector, self._size).tolist()
        exactly = models.Filter(
            must=[
                models.FieldCondition(key="within", match=models.MatchValue(value=within(scope, entities))),
                models.FieldCondition(key="expires_at", range=models.Range(gt=now)),
            ]
        )
        found = await self._read(
            lambda client: client.query_points(self._name, query=query, query_filter=exactly, limit=limit, with_payload=False)
        )
        return tuple(Near(question_of(str(point.id)), cosine(point.score)) for point in found.points)

    async def put(self, points: Sequence[Point]) -> None:
        """See `VectorIndex.put`; it goes in batches and stops at the first that fails."""
        step = max(1, BATCH_NUMBERS // self._size)
        for first in range(0, len(points), step):
            batch = [_point(point, self._size) for point in points[first : first + step]]
            await self._write(lambda client, batch=batch: client.upsert(self._name, points=batch, wait=True))  # type: ignore[misc]

    async def remove(self, ids: Sequence[str]) -> None:
        """See `VectorIndex.remove`."""
        if ids:
            await self._delete(models.PointIdsList(points=[point_uuid(question) for question in ids]))

    async def remove_about(self, keys: Sequence[str]) -> None:
        """See `IndexUpkeep.remove_about`."""
        if keys:
            await self._delete_where(models.FieldCondition(key="about", match=models.MatchAny(any=list(keys))))

    async def remove_expired(self, now: float) -> None:
        """See `IndexUpkeep.remove_expired`."""
        await self._delete_where(models.FieldCondition(key="expires_at", range=models.Range(lte=now)))

    async def count(self) -> int:
        """See `VectorIndex.count`."""
        return (await self._read(lambda client: client.count(self._name, exact=True))).count

    async def clear(self) -> None:
        """See `VectorIndex.clear`."""
        await self._within(self._patience.write_s, self._make_anew)

    async def close(self) -> None:
        """See `VectorIndex.close`."""
        self._closed = True
        await self._ready.end()
        client = await self._connected.end() or self._given
        if client is not None:
            await client.close()

    async def _delete_where(self, condition: models.FieldCondition) -> None:
        await self._delete(models.FilterSelector(filter=models.Filter(must=[condition])))

    async def _delete(self, selector: models.PointIdsList | models.FilterSelector) -> None:
        await self._write(lambda client: client.delete(self._name, points_selector=selector, wait=True))

    async def _read(self, call: Callable[[AsyncQdrantClient], Awaitable[T]]) -> T:
        return await self._within(self._patience.read_s, lambda: self._on_collection(call))

    async def _write(self, call: Callable[[AsyncQdrantClient], Awaitable[T]]) -> T:
        return await self._within(self._patience.write_s, lambda: self._on_collection(call))

    async def _within(self, seconds: float, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work in so many seconds, and translate what it raises."""
        if self._closed:
            raise IndexFailure(Reason.DOWN, "the index is closed")
        try:
            async with asyncio.timeout(seconds):
                return await work()
        except Exception as error:  # the client lets through whatever its JSON reader and its transport raise
            raise failure_of(error) from error

    async def _on_collection(self, call: Callable[[AsyncQdrantClient], Awaitable[T]]) -> T:
        """Make one call; when the collection has disappeared, make that and call once more."""
        try:
            return await call(await self._ready.get())
        except UnexpectedResponse as response:
            if response.status_code != HTTPStatus.NOT_FOUND:
                raise
        self._ready.drop()
        return await call(await self._ready.get())

    async def _make_anew(self) -> None:
        client = await self._connected.get()
        await client.delete_collection(self._name)
        self._ready.drop()
        await self._ready.get()

    async def _connect(self) -> AsyncQdrantClient:
        """Make the client, in a thread: reading the certificates takes 20 ms and more."""
        if self._given is not None:
            return self._given
        key = self._key.get_secret_value() if self._key is not None else None
        longer = math.ceil(self._patience.write_s) + 1
        return await asyncio.to_thread(lambda: AsyncQdrantClient(url=self._url, api_key=key, timeout=longer, check_compatibility=False))

    async def _prepare(self) -> AsyncQdrantClient:
        """Make what is missing of the collection. Two workers may do so at once."""
        client = await self._connected.get()
        async with asyncio.timeout(self._patience.write_s):
            if not await client.collection_exists(self._name):
                await self._create(client)
            await self._complete(client)
        return client

    async def _create(self, client: AsyncQdrantClient) -> None:
        vectors = models.VectorParams(size=self._size, distance=models.Distance.COSINE)
        try:
            await client.create_collection(self._name, vectors_config=vectors)
        except UnexpectedResponse:
            if not await client.collection_exists(self._name):  # it does when another worker was faster
                raise

    async def _complete(self, client: AsyncQdrantClient) -> None:
        info = await client.get_collection(self._name)
        vectors = info.config.params.vectors
        if not isinstance(vectors, models.VectorParams) or vectors.size != self._size:
            raise IndexFailure(Reason.WRONG_SIZE, f"the server's collection does not hold vectors of {self._size} numbers")
        for field in INDEXES.keys() - info.payload_schema.keys():
            await client.create_payload_index(self._name, field_name=field, field_schema=INDEXES[field], wait=True)


def _point(point: Point, size: int) -> models.PointStruct:
    return models.PointStruct(id=point_uuid(point.id), vector=single(point.vector, size).tolist(), payload=payload_of(point))
