"""Which messages a reply consists of, on platforms that cannot be asked for it."""

from dataclasses import dataclass

from sqlalchemy import and_, insert, select
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.reach_tables import parts
from bot.store.tables import inbox
from bot.types import MessageRef

BUTTONS = -1
"""The number of the message with a reply's buttons; 0 is the reply's beginning, and its further parts count from there."""


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

    async def note(self, question_id: str, part: Part) -> None:
        """Keep where a part stands; the first note counts."""
        values = {"question_id": question_id, "number": part.number, "channel": part.channel, "message": part.message}
        try:
            await self._database.change(insert(parts).values(values))
        except IntegrityError:
            return

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
