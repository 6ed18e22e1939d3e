"""Which messages a reply consists of, on platforms that cannot be asked for it."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.reach_tables import parts
from bot.store.tables import inbox
from bot.types import MessageRef

STREAM, BUTTONS = -2, -1
"""The numbers of a reply's beginning while it is streamed, and of the message with its buttons; 0 is the reply's beginning
itself, and its further parts count from there."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the reply to a question."""

    number: int
    channel: str
    message: str


class Parts:
    """The messages of each reply, noted as soon as they stand. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, question_id: str, *noted: Part) -> None:
        """Keep where parts stand; the last note of a part counts. A question that was forgotten meanwhile has none."""

        def note(connection: Connection) -> None:
            for part in noted:
                place = {"channel": part.channel, "message": part.message}
                if not connection.execute(update(parts).where(_is(question_id, part.number)).values(place)).rowcount:
                    connection.execute(insert(parts).values({"question_id": question_id, "number": part.number} | place))

        with suppress(IntegrityError):
            await self._database.write(note)

    async def drop(self, question_id: str, number: int) -> None:
        """Forget a part that does not stand any more."""
        await self._database.change(delete(parts).where(_is(question_id, number)))

    async def of(self, question_id: str) -> tuple[Part, ...]:
        """Return the parts that stand, by number."""
        wanted = select(parts.c.number, parts.c.channel, parts.c.message).where(parts.c.question_id == question_id)
        return tuple(Part(**row) for row in await self._database.rows(wanted.order_by(parts.c.number)))

    async def question_at(self, ref: MessageRef) -> str | None:
        """Return the question that a message is a part of the reply to."""
        there = and_(parts.c.channel == ref.channel, parts.c.message == ref.message)
        mine = and_(inbox.c.platform == ref.platform.value, inbox.c.tenant == ref.tenant)
        wanted = select(inbox.c.id).join(parts, parts.c.question_id == inbox.c.id).where(there, mine)
        found: str | None = await self._database.value(wanted)
        return found


def _is(question_id: str, number: int) -> ColumnElement[bool]:
    return and_(parts.c.question_id == question_id, parts.c.number == number)
