"""What every question leaves behind: its decision, its attempts with tokens and cost, and its answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select

from bot.store.database import Database
from bot.store.errors import LeaseLost, SourceWithdrawn
from bot.store.inbox import Claim
from bot.store.ledger import release
from bot.store.record_rows import attempt_lines, book_void, record_of, sources_of, write_record
from bot.store.result import Record, Result
from bot.store.rows import question_of
from bot.store.tables import answers, decisions, inbox, questions
from bot.types import Answered, Conversation, Kind, MessageRef, Platform, Question
from router.types import Attempt, Turn

_SHOWN = questions.c.kind.not_in((Kind.AUDIT.value, Kind.CORRECTION.value))
"""What an audit answers is shown to nobody, and what a reviewer wrote to those alone who ask the same later."""


class Records:
    """Writes and reads the record of questions. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, claim: Claim, result: Result, *, at: datetime, expires_at: datetime) -> None:
        """Write the whole record in one transaction, and mark the item as answered.

        Raises LeaseLost, or SourceWithdrawn for an earlier answer that may not be served any more: nothing is written then but
        what the calls cost.
        """
        try:
            await self._database.write(lambda connection: write_record(connection, claim, result, at=at, expires_at=expires_at))
        except (LeaseLost, SourceWithdrawn):
            await self._database.write(lambda connection: book_void(connection, claim.question, result.attempts))
            raise

    async def note(self, question: Question, made: Sequence[Attempt]) -> None:
        """Write attempts that were made on behalf of a question, but not to answer it."""

        def write(connection: Connection) -> None:
            release(connection, question.id)
            book_void(connection, question, made)

        await self._database.write(write)

    async def get(self, question_id: str) -> Record | None:
        """Return a question with its reply, whether or not it is answered yet."""
        found = await self._select(questions.c.id == question_id, limit=1)
        if found:
            return found[0]
        waiting = await self._database.rows(select(inbox).where(inbox.c.id == question_id))
        return Record(question_of(waiting[0]), None) if waiting else None

    async def recent(self, platform: Platform, tenant: str, user: str, limit: int) -> tuple[Record, ...]:
        """Return a person's last answered questions, newest first."""
        return await self._select(
            and_(questions.c.platform == platform.value, questions.c.tenant == tenant, questions.c.user == user, _SHOWN), limit=limit
        )

    async def latest(self, limit: int) -> tuple[Record, ...]:
        """Return the last questions of everybody, newest first."""
        return await self._select(questions.c.id != "", limit=limit)

    async def turns(self, place: Conversation, before: datetime, limit: int) -> tuple[Turn, ...]:
        """Return the earlier public exchange of ours in a thread, oldest first: each question and its answer."""
        if not place.thread:
            return ()
        earlier = and_(_in_thread(place), questions.c.asked_at < before, questions.c.private.is_(False), _SHOWN)
        records = await self._select(earlier, limit=limit)
        turns: list[Turn] = []
        for record in reversed(records):
            turns.append(Turn(record.question.text, assistant=False))
            if isinstance(record.reply, Answered):
                turns.append(Turn(record.reply.text, assistant=True))
        return tuple(turns[-limit:])

    async def askers(self, place: Conversation) -> frozenset[str]:
        """Return who asked something in a thread, answered or not."""
        if not place.thread:
            return frozenset()
        mine = and_(inbox.c.platform == place.platform.value, inbox.c.tenant == place.tenant)
        thread = and_(inbox.c.channel == place.channel, inbox.c.thread == place.thread, inbox.c.private.is_(False))
        rows = await self._database.rows(select(inbox.c.user).where(mine, thread).distinct())
        return frozenset(row["user"] for row in rows)

    async def question_at(self, ref: MessageRef) -> str | None:
        """Return the question whose reply stands at `ref`."""
        there = and_(inbox.c.reply_channel == ref.channel, inbox.c.reply_message == ref.message)
        mine = and_(inbox.c.platform == ref.platform.value, inbox.c.tenant == ref.tenant)
        found: str | None = await self._database.value(select(inbox.c.id).where(there, mine))
        return found

    async def _select(self, where: ColumnElement[bool], *, limit: int) -> tuple[Record, ...]:
        wanted = (
            select(questions, answers, decisions.c.reasons)
            .outerjoin(answers, answers.c.question_id == questions.c.id)
            .outerjoin(decisions, decisions.c.question_id == questions.c.id)
            .where(where)
            .order_by(questions.c.asked_at.desc(), questions.c.recorded_at.desc())
            .limit(limit)
        )

        def read(connection: Connection) -> tuple[Record, ...]:
            rows = [row._mapping for row in connection.execute(wanted)]  # noqa: SLF001 (the public name of a row's mapping)
            made = attempt_lines(connection, [row[questions.c.id] for row in rows])
            sources = sources_of(connection, [row[answers.c.source] for row in rows if row[answers.c.source]])
            return tuple(record_of(row, made, sources) for row in rows)

        return await self._database.read(read)


def _in_thread(place: Conversation) -> ColumnElement[bool]:
    mine = and_(questions.c.platform == place.platform.value, questions.c.tenant == place.tenant)
    return and_(mine, questions.c.channel == place.channel, questions.c.thread == place.thread)
