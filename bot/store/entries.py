"""Which answers may be served again: the truth behind the vector index, and what takes an answer out of service."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.stored_rows import EXACT, fetching, stored_of
from bot.store.tables import answers, entries, entry_names, flights, pairs, questions
from bot.store.tags import tagged
from router.shelf import Stored
from router.types import Clock, Entry

FLIGHT_S = 90
"""A model call that has taken so long is given up by those who wait for its answer."""


class Evicted(StrEnum):
    """Why an answer is not served any more."""

    FLAGGED = "flagged"
    MISMATCH = "mismatch"
    """Somebody said that it answers another question than theirs."""
    REVIEWED = "reviewed"
    """A reviewer found it not acceptable."""
    REPLACED = "replaced"
    CHANGED = "changed"
    """Something that the question names has changed."""
    FORGOTTEN = "forgotten"
    FLUSHED = "flushed"


NAME_CHARS = 255

BLOCKING = frozenset({Evicted.FLAGGED, Evicted.MISMATCH, Evicted.REVIEWED})
"""Evictions after which the question's answer is kept out until a reviewer lets it in."""


class Entries:
    """The cache's Shelf, and its lifecycle. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def exact(self, scope: str, canonical: str) -> Stored | None:
        """Return the newest answer of this scope to this very question that may be served, or is blocked."""
        rows = await self._stored(EXACT, {"scope": scope, "canonical": canonical, "now": self._clock()})
        return stored_of(rows[0]) if rows else None

    async def fetch(self, scope: str, ids: Sequence[str]) -> tuple[Stored, ...]:
        """Return those of these answers that belong to this scope and may be served, or are blocked, in the order of `ids`."""
        if not ids:
            return ()
        named = {f"id{number}": question_id for number, question_id in enumerate(ids)}
        rows = await self._stored(fetching(len(ids)), {"scope": scope, "now": self._clock(), **named})
        found = {row["question_id"]: stored_of(row) for row in rows}
        return tuple(found[question_id] for question_id in ids if question_id in found)

    async def _stored(self, wanted: Select[Any], values: dict[str, object]) -> Sequence[RowMapping]:
        return await self._database.read(lambda connection: connection.execute(wanted, values).mappings().all())

    async def board(self, scope: str, canonical: str, holder: str) -> bool:
        """Take the one place for a model call to this question; False while another holds it."""
        now = self._clock()
        mine = and_(flights.c.scope == scope, flights.c.canonical == canonical)
        free = or_(flights.c.until < now, flights.c.holder == holder)
        values = {"holder": holder, "until": now + timedelta(seconds=FLIGHT_S)}

        def board(connection: Connection) -> bool:
            if connection.execute(update(flights).where(mine, free).values(values)).rowcount:
                return True
            if connection.execute(select(flights.c.holder).where(mine)).first():
                return False
            connection.execute(insert(flights).values(values | {"scope": scope, "canonical": canonical}))
            return True

        try:
            return await self._database.write(board)
        except IntegrityError:
            return False

    async def land(self, holder: str) -> None:
        """Give the place for a model call back."""
        await self._database.change(delete(flights).where(flights.c.holder == holder))

    async def evict(self, why: Evicted, *, question_id: str = "", name: str = "") -> tuple[str, ...]:
        """Take one answer, every answer about something named, or all answers out of service; return whose they are.

        One that the cache gave is an earlier one: that is taken out of service.
        """
        source = select(answers.c.source).where(answers.c.question_id == question_id)
        where = or_(entries.c.question_id == question_id, entries.c.question_id.in_(source)) if question_id else entries.c.question_id != ""
        if name:
            where = entries.c.question_id.in_(select(entry_names.c.question_id).where(entry_names.c.name == _name(name)))
        at = self._clock()
        return await self._database.write(lambda connection: evict(connection, where, why, at))

    async def evict_tagged(self, why: Evicted, tag: str) -> tuple[str, ...]:
        """Take every answer with a tag out of service; return whose they are. Raises UnknownTag."""
        where, at = tagged(tag), self._clock()
        return await self._database.write(lambda connection: evict(connection, where, why, at))

    async def replaced_by(self, entry: Entry) -> tuple[str, ...]:
        """Return the answers that an entry replaced and that the index may still hold: each would take a candidate's place."""
        same = and_(entries.c.scope == entry.scope, entries.c.canonical == entry.canonical)
        gone = and_(entries.c.evicted_why == Evicted.REPLACED.value, entries.c.expires_at > self._clock())
        rows = await self._database.rows(select(entries.c.question_id).where(same, gone))
        return tuple(row["question_id"] for row in rows)

    async def mismatch(self, question_id: str) -> bool:
        """Take out of service what was served for a question that it does not answer, and keep both as a pair.

        False when the question was not answered from the cache.
        """
        at = self._clock()

        def mismatch(connection: Connection) -> bool:
            source = connection.scalar(select(answers.c.source).where(answers.c.question_id == question_id))
            if not source:
                return False
            evict(connection, entries.c.question_id == source, Evicted.MISMATCH, at)
            label_pair(connection, source, question_id, Evicted.MISMATCH, at)
            return True

        return await self._database.write(mismatch)

    async def count(self) -> int:
        """Return how many entries belong into the index."""
        return int(await self._database.value(select(func.count()).select_from(entries).where(self._indexed())))

    async def servable(self, batch: int = 500) -> AsyncIterator[tuple[tuple[Entry, datetime], ...]]:
        """Yield the entries that belong into the index, blocked ones included, each with when it expires."""
        last = ""
        while True:
            wanted = select(entries).where(self._indexed(), entries.c.question_id > last).order_by(entries.c.question_id).limit(batch)
            rows = await self._database.rows(wanted)
            if not rows:
                return
            last = rows[-1]["question_id"]
            yield tuple((_entry_of(row), row["expires_at"]) for row in rows)

    async def indexed(self, ids: Sequence[str]) -> tuple[tuple[Entry, datetime], ...]:
        """Return those of these entries that belong into the index, each with when it expires."""
        rows = await self._database.rows(select(entries).where(self._indexed(), entries.c.question_id.in_(ids)))
        return tuple((_entry_of(row), row["expires_at"]) for row in rows)

    def _indexed(self) -> ColumnElement[bool]:
        return and_(entries.c.expires_at > self._clock(), or_(entries.c.evicted_at.is_(None), entries.c.blocked))


def is_withdrawn(connection: Connection, question_id: str) -> bool:
    """Whether an answer may not be delivered any more: it is gone, or was taken out of service other than by a newer one."""
    why = connection.scalar(select(entries.c.evicted_why).where(entries.c.question_id == question_id))
    return why not in ("", Evicted.REPLACED.value)


def label_pair(connection: Connection, first: str, second: str, why: Evicted, at: datetime) -> None:
    """Keep what a person said of an answer that was served for another question; it takes the place of a judge's word."""
    # The lock makes two people's clicks wait for each other.
    connection.execute(select(questions.c.id).where(questions.c.id == second).with_for_update())
    connection.execute(delete(pairs).where(pairs.c.first == first, pairs.c.second == second))
    connection.execute(insert(pairs).values(first=first, second=second, kind=why.value, at=at))


def add_entry(connection: Connection, entry: Entry, at: datetime) -> None:
    """Write an entry, which takes earlier answers to the very same question out of service, and end its flight.

    Nothing is written where an earlier answer to the question was blocked meanwhile.
    """
    connection.execute(delete(flights).where(flights.c.scope == entry.scope, flights.c.canonical == entry.canonical))
    same = and_(entries.c.scope == entry.scope, entries.c.canonical == entry.canonical)
    if connection.execute(select(entries.c.question_id).where(same, entries.c.blocked)).first():
        return
    evict(connection, same, Evicted.REPLACED, at)
    connection.execute(insert(entries).values(entry_values(entry, at)))
    if names := name_values(entry):
        connection.execute(insert(entry_names), names)


def entry_values(entry: Entry, at: datetime) -> dict[str, object]:
    """Return the row of an entry whose answer was given at a moment."""
    return {
        "question_id": entry.question_id,
        "scope": entry.scope,
        "canonical": entry.canonical,
        "entities": list(entry.entities),
        "masked": entry.masked,
        "expires_at": at + timedelta(seconds=entry.ttl_s),
        "evicted_why": "",
        "blocked": False,
    }


def name_values(entry: Entry) -> list[dict[str, str]]:
    """Return the rows of what an entry's question names, by which it can be forgotten."""
    names = sorted({_name(name) for name in entry.names})
    return [{"question_id": entry.question_id, "name": name} for name in names]


def _name(name: str) -> str:
    """Return a name as it is kept and looked for."""
    return name.casefold()[:NAME_CHARS]


def evict(connection: Connection, where: ColumnElement[bool], why: Evicted, at: datetime) -> tuple[str, ...]:
    """Take entries out of service and return whose they are; see BLOCKING for what keeps their question out."""
    values = {"evicted_at": at, "evicted_why": why.value} | ({"blocked": True} if why in BLOCKING else {})
    standing = entries.c.blocked.is_(False) if why in BLOCKING else entries.c.evicted_at.is_(None)
    taken = connection.execute(update(entries).where(where, standing).values(values).returning(entries.c.question_id))
    return tuple(taken.scalars())


def _entry_of(row: RowMapping) -> Entry:
    return Entry(
        question_id=row["question_id"],
        scope=row["scope"],
        canonical=row["canonical"],
        entities=tuple(row["entities"]),
        names=(),
        masked=row["masked"],
        ttl_s=0,
    )
