"""The messages of the chat page. The page's ingress and the worker's courier meet here."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from bot.store.database import Database
from bot.store.tables import counters, transcript

_COUNTER = "transcript"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message on the chat page.

    `thread` is the id of the thread's root entry, empty for a root; `visible_to` is empty for everybody in the channel,
    else one user's id; `body` is JSON text; `question` is the question that it asks or replies to; `revision` is the
    store's and grows with each change.
    """

    id: str
    channel: str
    thread: str
    author: str
    visible_to: str
    body: str
    at: datetime
    question: str = ""
    deleted: bool = False
    revision: int = 0


class Transcript:
    """Keeps entries by id; each change gives an entry a new, higher revision, in the order of commit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, entry: Entry) -> None:
        """Insert an entry, or replace the one with its id."""

        def put(connection: Connection) -> None:
            row = asdict(replace(entry, revision=_next_revision(connection)))
            if not connection.execute(update(transcript).where(transcript.c.id == entry.id).values(row)).rowcount:
                connection.execute(insert(transcript).values(row))

        await self._database.write(put)

    async def get(self, entry_id: str) -> Entry | None:
        """Return an entry by id."""
        rows = await self._database.rows(select(transcript).where(transcript.c.id == entry_id))
        return Entry(**rows[0]) if rows else None

    async def since(self, revision: int, user: str, limit: int = 200) -> tuple[Entry, ...]:
        """Return what changed after a revision and `user` may see, oldest change first."""
        wanted = (
            select(transcript)
            .where(transcript.c.revision > revision, or_(transcript.c.visible_to == "", transcript.c.visible_to == user))
            .order_by(transcript.c.revision)
            .limit(limit)
        )
        return tuple(Entry(**row) for row in await self._database.rows(wanted))


def unquote(connection: Connection, question_ids: Sequence[str]) -> None:
    """Take out of the replies to questions what they quote of an earlier one: the `match` of their bodies."""
    quoting = transcript.c.question.in_(question_ids)
    for row in connection.execute(select(transcript.c.id, transcript.c.body).where(quoting)).all():
        body = json.loads(row.body)
        if body.get("match"):
            values = {"body": json.dumps(body | {"match": None}), "revision": _next_revision(connection)}
            connection.execute(update(transcript).where(transcript.c.id == row.id).values(values))


def _next_revision(connection: Connection) -> int:
    """Count up; the row's lock makes revisions commit in their order."""
    counted = connection.execute(
        update(counters).where(counters.c.name == _COUNTER).values(value=counters.c.value + 1).returning(counters.c.value)
    )
    return int(counted.scalar_one())
