"""Deletes what is kept of a person, or of a workspace, everywhere in the database."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, Connection, Table, and_, delete, or_, select, tuple_, union, update

from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.eval_tables import reviews, samples
from bot.store.money_tables import alerts, reservations, spending
from bot.store.reach_tables import addresses, parts
from bot.store.tables import answers, attempts, decisions, entries, entry_names, flags, flights, inbox, pairs, questions, transcript
from bot.store.transcript import unquote
from bot.types import Platform
from router.caps import Whose
from router.types import Visibility

BATCH = 500
"""Questions in one statement."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a person: their questions' ids, which the vector index has to let go of, and how many flags."""

    questions: tuple[str, ...]
    flags: int


async def forget_user(database: Database, user: str) -> Forgotten:
    """Delete a person's questions with all that belongs to them, and their flags, in one transaction. Raises StoreUnavailable.

    What others asked anew in the person's words, by a button under the answer, goes with it. An answer to somebody else
    that was served from one of theirs stays, and neither names nor quotes its source any more.
    """

    def forget(connection: Connection) -> Forgotten:
        ids = _theirs(connection, user)
        _forget_money(connection, user)
        flagged = connection.execute(delete(flags).where(flags.c.user == user)).rowcount
        connection.execute(delete(reviews).where(reviews.c.reviewer == user))
        for start in range(0, len(ids), BATCH):
            _forget_questions(connection, ids[start : start + BATCH])
        connection.execute(delete(addresses).where(addresses.c.user == user))
        connection.execute(delete(transcript).where(or_(transcript.c.author == user, transcript.c.visible_to == user)))
        return Forgotten(ids, flagged)

    return await database.write(forget)


def _forget_money(connection: Connection, user: str) -> None:
    """Delete what was added up for a person. What they spent stays in the ledger and under all other caps, nobody's."""
    connection.execute(update(attempts).where(attempts.c.user == user).values(user=""))
    direct = select(questions.c.channel).where(questions.c.user == user, questions.c.visibility == Visibility.DIRECT.value)
    alone = and_(spending.c.whose == Whose.CHANNEL.value, spending.c.owner.in_(direct))
    connection.execute(delete(spending).where(or_(alone, and_(spending.c.whose == Whose.USER.value, spending.c.owner == user))))
    for table in (reservations, alerts):
        connection.execute(delete(table).where(table.c.user == user))


async def forget_tenant(database: Database, platform: Platform, tenant: str, *, last: str) -> AsyncIterator[tuple[str, ...]]:
    """Delete all of a workspace, in many short transactions; yield the questions that are gone. Raises StoreUnavailable.

    `last` is the inbox's item that asked for it: while it is there, there may be more to delete.
    """

    def some(connection: Connection) -> tuple[str, ...]:
        ids = _of_tenant(connection, platform, tenant, but=last)
        _forget_questions(connection, ids)
        return ids

    def rest(connection: Connection) -> None:
        anybody = {"tenant": "", "channel": "", "user": ""}
        connection.execute(update(attempts).where(attempts.c.tenant == tenant).values(anybody))
        for table in (spending, reservations):
            connection.execute(delete(table).where(table.c.tenant == tenant))
        connection.execute(delete(addresses).where(addresses.c.platform == platform.value, addresses.c.tenant == tenant))
        connection.execute(delete(inbox).where(inbox.c.id == last))

    while gone := await database.write(some):
        yield gone
    await database.write(rest)


def _of_tenant(connection: Connection, platform: Platform, tenant: str, *, but: str) -> tuple[str, ...]:
    """Return the next questions of a workspace."""
    theirs = [
        select(table.c.id).where(and_(table.c.platform == platform.value, table.c.tenant == tenant, table.c.id != but))
        for table in (questions, inbox)
    ]
    return tuple(connection.execute(union(*theirs).limit(BATCH)).scalars())


def _theirs(connection: Connection, user: str) -> tuple[str, ...]:
    """Return a person's questions, and the copies of them that somebody else's click made."""
    found: set[str] = set()
    for table in (inbox, questions):
        found.update(connection.execute(_asked_or_copied(table, user)).scalars())
    return tuple(sorted(found))


def _asked_or_copied(table: Table, user: str) -> CompoundSelect[str]:
    """Select what a person asked, what has it as its parent, and what goes back to one of their messages."""
    mine = table.c.user == user
    message = (table.c.platform, table.c.tenant, table.c.source_channel, table.c.source_message)
    said = select(*message).where(mine, table.c.source_message != "")
    copied = or_(table.c.parent.in_(select(table.c.id).where(mine)), tuple_(*message).in_(said))
    return union(select(table.c.id).where(mine), select(table.c.id).where(copied))


def _forget_questions(connection: Connection, ids: Sequence[str]) -> None:
    """Delete questions and what refers to them, in the order of the references."""
    quoting = tuple(connection.execute(select(answers.c.question_id).where(answers.c.source.in_(ids))).scalars())
    unquote(connection, quoting)
    connection.execute(update(answers).where(answers.c.source.in_(ids)).values(source="", match_reason=Evicted.FORGOTTEN.value))
    connection.execute(update(decisions).where(decisions.c.shadow_source.in_(ids)).values(shadow_source="", shadow_similarity=None))
    direct = select(questions.c.id).where(questions.c.id.in_(ids), questions.c.visibility == Visibility.DIRECT.value)
    connection.execute(update(attempts).where(attempts.c.question_id.in_(direct)).values(channel=""))
    connection.execute(update(attempts).where(attempts.c.question_id.in_(ids)).values(question_id=None))
    direct = select(questions.c.id).where(questions.c.id.in_(ids), questions.c.visibility == Visibility.DIRECT.value)
    connection.execute(update(attempts).where(attempts.c.question_id.in_(direct)).values(channel=""))
    connection.execute(update(attempts).where(attempts.c.question_id.in_(ids)).values(question_id=None))
    for table in (entry_names, entries, answers, decisions, flags, reviews, samples, parts):
        connection.execute(delete(table).where(table.c.question_id.in_(ids)))
    connection.execute(delete(pairs).where(or_(pairs.c.first.in_(ids), pairs.c.second.in_(ids))))
    connection.execute(delete(flights).where(flights.c.holder.in_(ids)))
    connection.execute(delete(transcript).where(transcript.c.question.in_(ids)))
    for table in (questions, inbox):
        connection.execute(delete(table).where(table.c.id.in_(ids)))
