"""Deletes what is kept of a person, everywhere in the database."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, or_, select, update

from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.tables import answers, attempts, decisions, entries, entry_names, flags, flights, inbox, pairs, questions, transcript


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a person: their questions' ids, which the vector index has to let go of, and how many flags."""

    questions: tuple[str, ...]
    flags: int


async def forget_user(database: Database, user: str) -> Forgotten:
    """Delete a person's questions with all that belongs to them, and their flags, in one transaction. Raises StoreUnavailable.

    An answer to somebody else that was served from one of theirs stays, and does not name its source any more.
    """

    def forget(connection: Connection) -> Forgotten:
        mine = select(inbox.c.id).where(inbox.c.user == user).union(select(questions.c.id).where(questions.c.user == user))
        ids = tuple(connection.execute(mine).scalars())
        theirs = mine.subquery()
        _forget_questions(connection, select(theirs.c[0]))
        flagged = connection.execute(delete(flags).where(flags.c.user == user)).rowcount
        connection.execute(delete(transcript).where(or_(transcript.c.author == user, transcript.c.visible_to == user)))
        return Forgotten(ids, flagged)

    return await database.write(forget)


def _forget_questions(connection: Connection, theirs: Select[tuple[str]]) -> None:
    """Delete questions and what refers to them, in the order of the references."""
    connection.execute(update(answers).where(answers.c.source.in_(theirs)).values(source="", match_reason=Evicted.FORGOTTEN.value))
    connection.execute(delete(entry_names).where(entry_names.c.question_id.in_(theirs)))
    for table in (entries, answers, attempts, decisions, flags):
        connection.execute(delete(table).where(table.c.question_id.in_(theirs)))
    connection.execute(delete(pairs).where(or_(pairs.c.first.in_(theirs), pairs.c.second.in_(theirs))))
    connection.execute(delete(flights).where(flights.c.holder.in_(theirs)))
    connection.execute(delete(transcript).where(transcript.c.question.in_(theirs)))
    # The sub-select reads both tables: they go last, the one that only repeats the other first.
    known = tuple(connection.execute(theirs).scalars())
    for start in range(0, len(known), 500):
        batch = known[start : start + 500]
        connection.execute(delete(questions).where(questions.c.id.in_(batch)))
        connection.execute(delete(inbox).where(inbox.c.id.in_(batch)))
