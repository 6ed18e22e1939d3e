"""How fast a person asks, and what becomes of all that they asked too fast."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, literal, select, update

from bot.replies import Failed
from bot.store.claims import State
from bot.store.database import Database
from bot.store.record_rows import failure_values
from bot.store.tables import inbox, questions
from bot.types import Kind, Question

ASKED = tuple(kind.value for kind in (Kind.ASK, Kind.SMALL, Kind.ESCALATE, Kind.LIVE))

BATCH = 500
"""How many items a transaction closes: an acknowledgement that waits for it waits some ten milliseconds."""

_KEPT = tuple(column.name for column in questions.c if column.name in inbox.c)
"""What a record takes over from the item."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many questions a person may ask within a window; `name` is the window's in a sentence."""

    name: str
    window: timedelta
    most: int


@dataclass(frozen=True, slots=True)
class Before:
    """What a person had asked within a window before a question: how much, counted up to one more than the most.

    `full_until`: what they ask after that question and before this moment comes after more than the most. None below it.
    """

    count: int
    full_until: datetime | None


class Pace:
    """Counts what a person asked, and closes what is beyond a limit. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def before(self, question: Question, limit: Limit) -> Before:
        """Return what the person had asked in the window before a question came in."""
        (mine,) = await self._database.rows(select(inbox.c.seq, inbox.c.created_at).where(inbox.c.id == question.id))
        earlier = and_(inbox.c.seq < mine["seq"], inbox.c.created_at > mine["created_at"] - limit.window)
        newest = select(inbox.c.created_at).where(_asked_by(question), earlier).order_by(inbox.c.created_at.desc())
        moments = [row["created_at"] for row in await self._database.rows(newest.limit(limit.most + 1))]
        if len(moments) < limit.most:
            return Before(len(moments), None)
        return Before(len(moments), min(mine["created_at"], *moments[: limit.most]) + limit.window)

    async def close_rest(self, question: Question, until: datetime, failure: Failed, at: datetime) -> None:
        """Record `failure` for what the person asked after a question and before `until`, unless it is worked on or was shown before."""
        seq = select(inbox.c.seq).where(inbox.c.id == question.id).scalar_subquery()
        rest = and_(_asked_by(question), inbox.c.seq > seq, inbox.c.created_at < until, _untouched())
        while await self._database.write(lambda connection: _close(connection, rest, failure, at)) == BATCH:
            pass


def _asked_by(question: Question) -> ColumnElement[bool]:
    return and_(inbox.c.tenant == question.conversation.tenant, inbox.c.user == question.user, inbox.c.kind.in_(ASKED))


def _untouched() -> ColumnElement[bool]:
    kept = exists().where(questions.c.id == inbox.c.id)
    return and_(inbox.c.state == State.WAITING.value, inbox.c.lease_token.is_(None), inbox.c.reply_message.is_(None), ~kept)


def _close(connection: Connection, rest: ColumnElement[bool], failure: Failed, at: datetime) -> int:
    """Close up to BATCH items and write their records, both or neither; return how many."""
    picked = select(inbox.c.seq).where(rest).order_by(inbox.c.seq).limit(BATCH).with_for_update(skip_locked=True)
    closed = update(inbox).where(inbox.c.seq.in_(picked)).values(state=State.DONE.value, finished_at=at).returning(inbox.c.seq)
    found = connection.scalars(closed).all()
    left = {"recorded_at": at} | failure_values(failure)
    values = [literal(value, questions.c[name].type) for name, value in left.items()]
    asked = select(*(inbox.c[name] for name in _KEPT), *values).where(inbox.c.seq.in_(found))
    if found:
        connection.execute(insert(questions).from_select([*_KEPT, *left], asked))
    return len(found)
