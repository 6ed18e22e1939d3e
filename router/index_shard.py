"""One Qdrant Edge folder: opened by its one owner, asked, changed, tidied."""

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from qdrant_edge import (
    CountRequest,
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    HnswIndexConfig,
    MatchAny,
    MatchValue,
    PayloadSchemaType,
    Query,
    QueryRequest,
    RangeFloat,
    UpdateOperation,
)
from qdrant_edge import Point as EdgePoint

from router.index import IndexFailure, Near, Point, Reason, cosine, payload_of, point_uuid, question_of, within

INDEXES = {
    "within": PayloadSchemaType.Keyword,
    "about": PayloadSchemaType.Keyword,
    "expires_at": PayloadSchemaType.Float,
}

LOCKED = "another process has it open; stop it, or give this one another folder or QDRANT_URL"
NO_SPACE = "the disk has less than {} MiB left"


class Shard:
    """The points of one collection in `folder`, held with a lock file beside it. Every method blocks and raises IndexFailure.

    The search is exact, without an HNSW graph: with the payload filter first it takes a few milliseconds at 100,000 points,
    and a graph would take minutes to build and now and then miss the very match (measured with 0.9.0). One search thread:
    handing a small search to a pool costs more than the search.
    """

    def __init__(self, folder: Path, size: int, min_free_bytes: int) -> None:
        self._folder = folder
        self._size = size
        self._min_free = min_free_bytes
        self._lock = -1
        self._shard: EdgeShard | None = None

    def open(self) -> bool:
        """Take the lock, and load the folder or create it; False when it was open."""
        if self._shard is not None:
            return False
        self._own()
        self._need_space()
        with _translated():
            if (self._folder / "segments").exists():
                self._shard = EdgeShard.load(str(self._folder), self._config())
            else:
                self._create()
        return True

    def nearest(self, vector: Sequence[float], scope: str, entities: str, now: float, limit: int) -> tuple[Near, ...]:
        """See `VectorIndex.nearest`."""
        exactly = Filter(
            must=[
                FieldCondition(key="within", match=MatchValue(within(scope, entities))),
                FieldCondition(key="expires_at", range=RangeFloat(gt=now)),
            ]
        )
        query = QueryRequest(query=Query.Nearest(list(vector)), filter=exactly, limit=limit, with_payload=False)
        with _translated():
            return tuple(Near(question_of(str(found.id)), cosine(found.score)) for found in self._opened().query(query))

    def put(self, points: Sequence[Point]) -> None:
        """Insert or replace points."""
        self._need_space()
        self._change(UpdateOperation.upsert_points([_edge_point(point) for point in points]))

    def remove(self, ids: Sequence[str]) -> None:
        """Delete by question id."""
        self._change(UpdateOperation.delete_points([point_uuid(question) for question in ids]))

    def remove_about(self, keys: Sequence[str]) -> int:
        """Delete what has one of `keys` among its entity keys or tags; return how many."""
        return self._remove_where(FieldCondition(key="about", match=MatchAny(list(keys))))

    def remove_expired(self, now: float) -> int:
        """Delete what does not expire after `now`; return how many."""
        return self._remove_where(FieldCondition(key="expires_at", range=RangeFloat(lte=now)))

    def count(self) -> int:
        """Count the points, exactly."""
        with _translated():
            return self._opened().count(CountRequest(exact=True))

    def flush(self) -> None:
        """Write all changes to disk."""
        with _translated():
            self._opened().flush()

    def tidy(self) -> None:
        """Merge the segments and drop what is dead in them; 1.5 s at 100,000 points, nothing when there is nothing to gain."""
        self._need_space()
        with _translated():
            self._opened().optimize()
            self._opened().flush()

    def clear(self) -> None:
        """Drop the folder, whatever is in it, and create it anew."""
        self._own()
        self._shut()
        with _translated():
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._need_space()
            self._create()

    def close(self) -> None:
        """Flush, close and let go of the lock; safe to repeat."""
        self._shut()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def reset(self) -> None:
        """Close after a failure, keeping the lock, so that the next use loads what is on disk."""
        self._shut()

    def _opened(self) -> EdgeShard:
        if self._shard is None:
            raise IndexFailure(Reason.DOWN, "the folder is not open")
        return self._shard

    def _change(self, operation: UpdateOperation) -> None:
        with _translated():
            self._opened().update(operation)

    def _remove_where(self, condition: FieldCondition) -> int:
        before = self.count()
        self._change(UpdateOperation.delete_points_by_filter(Filter(must=[condition])))
        return before - self.count()

    def _create(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        shard = EdgeShard.create(str(self._folder), self._config())
        for field, kind in INDEXES.items():
            shard.update(UpdateOperation.create_field_index(field, kind))
        shard.flush()
        self._shard = shard

    def _config(self) -> EdgeConfig:
        return EdgeConfig(
            vectors=EdgeVectorParams(size=self._size, distance=Distance.Cosine),
            hnsw_config=HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
            optimizers=EdgeOptimizersConfig(default_segment_number=1),
            max_search_threads=1,
        )

    def _own(self) -> None:
        """Take the lock file. The engine's own lock on its log would do, but not while the folder is dropped and made anew."""
        if self._lock >= 0:
            return
        with _translated():
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._folder.parent / f"{self._folder.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise IndexFailure(Reason.LOCKED, LOCKED) from error
        self._lock = lock

    def _need_space(self) -> None:
        with _translated():
            free = shutil.disk_usage(self._folder.parent).free
        if free < self._min_free:
            raise IndexFailure(Reason.FULL, NO_SPACE.format(self._min_free // 2**20))

    def _shut(self) -> None:
        shard, self._shard = self._shard, None
        if shard is None:
            return
        with contextlib.suppress(IndexFailure), _translated():  # what cannot be written is lost: the index can be rebuilt
            shard.flush()
        with contextlib.suppress(IndexFailure), _translated():
            shard.close()


def _edge_point(point: Point) -> EdgePoint:
    return EdgePoint(point_uuid(point.id), list(point.vector), payload_of(point))


class _translated(contextlib.AbstractContextManager[None]):  # noqa: N801 (reads as what it does)
    """Turn what the engine or the file system raises into an IndexFailure. The engine has no exception classes of its own."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, IndexFailure | KeyboardInterrupt | SystemExit):
            return
        raise IndexFailure(_reason(error), str(error)) from error


def _reason(error: BaseException) -> Reason:
    text = str(error)
    if "Can't init WAL: Kind(WouldBlock)" in text:
        return Reason.LOCKED
    if "expected vector size" in text or "expected dim" in text:
        return Reason.WRONG_SIZE
    if (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)) or "No space left" in text:
        return Reason.FULL
    return Reason.BROKEN
