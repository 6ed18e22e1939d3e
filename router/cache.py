"""The semantic cache: finds an earlier answer that fits, remembers new ones. It never fails a question."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from router.embedder import Embedder
from router.index import IndexFailure, IndexUpkeep, Point, VectorIndex
from router.sameness import Reading, compare, read
from router.shelf import NOTHING, Found, Grey, Shelf, Stored
from router.types import Clock, Entry, Match, Query, Tier

CANDIDATES = 5
READINGS = 8192
"""Readings that are kept, about 2.4 KB each: reading takes 0.25 ms, and a stored question is compared more than once."""

EXACT = "the same question, word for word"
WAIT_S = 0.15
"""Between two looks whether somebody else's model call for the same question has brought its answer."""

_log = logging.getLogger(__name__)


class Index(VectorIndex, IndexUpkeep, Protocol):
    """What the cache needs of an index."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """The least likeness of wordings (cosine) beside everything else, and the seconds that the vector search may take."""

    threshold: float
    deadline_s: float


class SemanticCache:
    """Looks up and remembers, within the limits of `tuning`."""

    def __init__(self, shelf: Shelf, index: Index, embedder: Embedder, tuning: Tuning, clock: Clock) -> None:
        self._shelf = shelf
        self._index = index
        self._embedder = embedder
        self._threshold = tuning.threshold
        self._deadline_s = tuning.deadline_s
        self._clock = clock
        self._read = lru_cache(READINGS)(read)

    async def look_up(self, query: Query, ttl_s: int, *, patience_s: float = 0.0) -> Found:
        """Return the earlier answer that fits a query, or how to remember the one to come.

        While another process asks a model the same question its answer is waited for, for at most `patience_s` seconds.
        """
        reading = self._read(query.text)
        if not reading.standalone or not ttl_s:
            return NOTHING
        entry = entry_of(reading, query, ttl_s)
        found = await self._find(reading, entry, query.least)
        if query.fresh:
            # Asking again does not serve, but it does not get round a flag either.
            return found if found == NOTHING else Found(None, None, entry)
        if found.entry and patience_s:
            return await self._wait(found.entry, query, patience_s) or found
        return found

    async def _wait(self, entry: Entry, query: Query, patience_s: float) -> Found | None:
        """Take the one place for a model call to this question; while another holds it, wait for its answer."""
        until = self._clock() + timedelta(seconds=patience_s)
        while not await self._shelf.board(entry.scope, entry.canonical, query.id):
            if self._clock() >= until:
                return None
            await asyncio.sleep(WAIT_S)
        # The place may have become free between our look and our taking it: then the answer is there.
        found = await self._exact(entry, query.least)
        if found:
            await self._shelf.land(query.id)
        return found

    async def remember(self, entry: Entry, replaced: Sequence[str] = ()) -> None:
        """Put an answer that the store has into the index, and take out those that it replaced; a failure costs hits, nothing else."""
        try:
            (vector,) = await self._embedder.embed([entry.masked])
            await self._index.put([point_of(entry, vector, self._clock() + timedelta(seconds=entry.ttl_s))])
            await self._index.remove(replaced)
        except IndexFailure as failure:
            _log.warning("not indexed question=%s: %s", entry.question_id, failure)

    async def restore(self, entries: Sequence[tuple[Entry, datetime]]) -> None:
        """Put entries of the store back into the index, each with when it expires. Raises IndexFailure."""
        vectors = await self._embedder.embed([entry.masked for entry, _ in entries])
        await self._index.put([point_of(entry, vector, until) for (entry, until), vector in zip(entries, vectors, strict=True)])

    async def forget(self, question_ids: Sequence[str]) -> None:
        """Take answers out of the index, too; the store has let go of them before. Raises IndexFailure."""
        await self._index.remove(question_ids)

    async def tidy(self) -> None:
        """Take out of the index what has expired. Raises IndexFailure."""
        await self._index.remove_expired(self._clock().timestamp())

    async def clear(self) -> None:
        """Empty the index. Raises IndexFailure."""
        await self._index.clear()

    async def size(self) -> int:
        """Return how many answers are indexed. Raises IndexFailure."""
        return await self._index.count()

    async def close(self) -> None:
        """Close the index."""
        await self._index.close()

    async def _find(self, reading: Reading, entry: Entry, least: Tier) -> Found:
        return await self._exact(entry, least) or await self._near(reading, entry, least) or Found(None, None, entry)

    async def _exact(self, entry: Entry, least: Tier) -> Found | None:
        stored = await self._shelf.exact(entry.scope, entry.canonical)
        return _served(stored, 1.0, EXACT) if stored and _is_enough(stored, least) else None

    async def _near(self, reading: Reading, entry: Entry, least: Tier) -> Found | None:
        """Return the first candidate that means the same, else the first that a judge may let through.

        One that is blocked keeps the new answer out, too; one from a lesser tier than `least` is passed over.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                (vector,) = await self._embedder.embed([entry.masked])
                now = self._clock().timestamp()
                near = await self._index.nearest(vector, entry.scope, entities_key(entry.entities), now=now, limit=CANDIDATES)
        except (IndexFailure, TimeoutError) as failure:
            _log.warning("cache skipped question=%s: %s", entry.question_id, failure if isinstance(failure, IndexFailure) else "too slow")
            return None
        likeness = {candidate.id: candidate.similarity for candidate in near}
        grey: Grey | None = None
        for stored in await self._shelf.fetch(entry.scope, tuple(likeness)):
            if not _is_enough(stored, least):
                continue
            similarity = likeness[stored.question_id]
            verdict = compare(self._read(stored.question), reading, similarity, self._threshold)
            if verdict.same:
                return _served(stored, similarity, verdict.reason)
            if verdict.grey and grey is None and not stored.blocked:
                grey = Grey(stored, _match(stored, similarity, verdict.reason))
        return Found(None, None, entry, grey) if grey else None


def _is_enough(stored: Stored, least: Tier) -> bool:
    """Tell whether an answer may be served where at least a tier's is wanted; a flag on a lesser one holds all the same."""
    return stored.blocked or least is not Tier.FRONTIER or stored.tier is Tier.FRONTIER


def _served(stored: Stored, similarity: float, reason: str) -> Found:
    return NOTHING if stored.blocked else Found(stored, _match(stored, similarity, reason), None)


def _match(stored: Stored, similarity: float, reason: str) -> Match:
    return Match(stored.question_id, stored.question, stored.answered_at, similarity, reason)


def entry_of(reading: Reading, query: Query, ttl_s: int) -> Entry:
    """Return how the answer to a query is to be found again."""
    return Entry(
        question_id=query.id,
        scope=query.scope.key,
        canonical=hashlib.sha256(reading.canonical.encode("utf-8", "surrogatepass")).hexdigest(),
        entities=reading.entities,
        names=tuple(key.partition(":")[2].rpartition(":")[0] for key in reading.entities),
        masked=reading.masked,
        ttl_s=ttl_s,
    )


def entities_key(entities: Sequence[str]) -> str:
    """Return a set of entity keys as the one string that the index matches exactly."""
    return "\n".join(entities)


def point_of(entry: Entry, vector: Sequence[float], until: datetime) -> Point:
    """Return the index's point of an entry that expires at a moment."""
    return Point(
        id=entry.question_id,
        vector=vector,
        scope=entry.scope,
        entities=entities_key(entry.entities),
        entity_keys=entry.entities,
        expires_at=until.timestamp(),
    )
