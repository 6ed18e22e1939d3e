"""People's verdicts on answers: at most one for each person and answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, insert, select, update

from bot.store.database import Database
from bot.store.entries import Evicted, evict, label_pair
from bot.store.tables import answers, attempts, decisions, entries, flags, inbox, questions
from bot.types import Flag, FlagReason, FlagSource, Resolution
from router.types import Outcome

STANDING = and_(flags.c.retracted_at.is_(None), flags.c.helpful.is_(False))
OPEN = and_(STANDING, flags.c.resolved_at.is_(None))
"""A flag that stands and that nobody has dealt with."""

_UNRESOLVED = {"resolution": None, "resolved_by": None, "resolved_at": None}


@dataclass(frozen=True, slots=True)
class Traced:
    """A flag that stands, with the gateway's name for the call that its answer came from, and the tier of that."""

    trace_id: str
    tier: str
    reason: str


@dataclass(frozen=True, slots=True)
class FlaggedAnswer:
    """A flag with the question, decision and answer that it is about; they are empty while the answer is on its way."""

    flag: Flag
    question: str
    tier: str
    model: str
    answer: str
    reasons: tuple[str, ...]


class Flags:
    """Puts, retracts and lists flags. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, flag: Flag, *, helpful: bool = False) -> bool | None:
        """Keep a person's verdict, replacing an earlier one; True when it is their first, None when there is no such question.

        A flag that names no reason keeps the reason that was given before. One that was dealt with is open again.
        """
        values = {
            "helpful": helpful,
            "source": flag.source.value,
            "at": flag.at,
            "retracted_at": flag.retracted_at,
            **_UNRESOLVED,
        }
        said = {"reason": flag.reason.value if flag.reason else None, "comment": flag.comment}
        mine = and_(flags.c.question_id == flag.question_id, flags.c.user == flag.user)

        def put(connection: Connection) -> bool | None:
            # The row's lock makes two flags of one person wait for each other; SQLite has one writer anyway.
            if connection.scalar(select(inbox.c.seq).where(inbox.c.id == flag.question_id).with_for_update()) is None:
                return None
            if not helpful:
                _take_out_of_service(connection, flag)
            changed = connection.execute(update(flags).where(mine).values(values | (said if flag.reason or helpful else {})))
            if changed.rowcount:
                return False
            connection.execute(insert(flags).values(values | said | {"question_id": flag.question_id, "user": flag.user}))
            return True

        return await self._database.write(put)

    async def retract(self, question_id: str, user: str, at: datetime) -> bool:
        """Take a person's flag back; False when none stands."""
        mine = and_(flags.c.question_id == question_id, flags.c.user == user)
        return bool(await self._database.change(update(flags).where(mine, STANDING).values(retracted_at=at)))

    async def resolve(self, question_id: str, resolution: Resolution, by: str, at: datetime) -> int:
        """Note what somebody made of the open flags on an answer; return how many there were."""
        return await self._database.write(lambda connection: resolve_flags(connection, question_id, resolution, by, at))

    async def traced(self, question_id: str, user: str) -> Traced | None:
        """Return a person's flag where it stands and a gateway gave the answer, also where the cache served that again."""
        given = case((answers.c.source != "", answers.c.source), else_=answers.c.question_id)
        wanted = (
            select(attempts.c.trace_id, attempts.c.tier, flags.c.reason)
            .select_from(flags)
            .join(answers, answers.c.question_id == flags.c.question_id)
            .join(attempts, and_(attempts.c.question_id == given, attempts.c.outcome == Outcome.ANSWERED.value))
            .where(flags.c.question_id == question_id, flags.c.user == user)
            .where(STANDING, attempts.c.trace_id != "")
            .order_by(attempts.c.id.desc())
            .limit(1)
        )
        rows = await self._database.rows(wanted)
        return Traced(rows[0]["trace_id"], rows[0]["tier"], rows[0]["reason"] or "") if rows else None

    async def standing(self, limit: int) -> tuple[FlaggedAnswer, ...]:
        """Return the flags that stand, newest first, with what they are about."""
        return await self._select(STANDING, limit)

    async def open(self, limit: int) -> tuple[FlaggedAnswer, ...]:
        """Return the flags that nobody has dealt with, newest first, with what they are about."""
        return await self._select(OPEN, limit)

    async def open_count(self) -> int:
        """Return how many flags nobody has dealt with."""
        return int(await self._database.value(select(func.count()).select_from(flags).where(OPEN)))

    async def _select(self, where: ColumnElement[bool], limit: int) -> tuple[FlaggedAnswer, ...]:
        wanted = (
            select(flags, questions.c.text, answers.c.tier, answers.c.model, answers.c.text.label("answer"), decisions.c.reasons)
            .outerjoin(questions, questions.c.id == flags.c.question_id)
            .outerjoin(answers, answers.c.question_id == flags.c.question_id)
            .outerjoin(decisions, decisions.c.question_id == flags.c.question_id)
            .where(where)
            .order_by(flags.c.at.desc())
            .limit(limit)
        )
        return tuple(_flagged(row) for row in await self._database.rows(wanted))


def resolve_flags(connection: Connection, question_id: str, resolution: Resolution, by: str, at: datetime) -> int:
    """Note what somebody made of the open flags on an answer; return how many there were."""
    values = {"resolution": resolution.value, "resolved_by": by, "resolved_at": at}
    return connection.execute(update(flags).where(flags.c.question_id == question_id, OPEN).values(values)).rowcount


def flags_on(connection: Connection, question_id: str) -> tuple[Flag, ...]:
    """Return the flags that stand on an answer, oldest first."""
    rows = connection.execute(select(flags).where(flags.c.question_id == question_id, STANDING).order_by(flags.c.at)).mappings()
    return tuple(_flag_of(row) for row in rows)


def _take_out_of_service(connection: Connection, flag: Flag) -> None:
    """Evict what was flagged: the answer itself, or the earlier one that was served for it, and then keep both as a pair."""
    source = connection.scalar(select(answers.c.source).where(answers.c.question_id == flag.question_id))
    evict(connection, entries.c.question_id == (source or flag.question_id), Evicted.FLAGGED, flag.at)
    if source:
        why = Evicted.MISMATCH if flag.reason is FlagReason.WRONG_MATCH else Evicted.FLAGGED
        label_pair(connection, source, flag.question_id, why, flag.at)


def _flagged(row: RowMapping) -> FlaggedAnswer:
    return FlaggedAnswer(
        _flag_of(row), row["text"] or "", row["tier"] or "", row["model"] or "", row["answer"] or "", tuple(row["reasons"] or ())
    )


def _flag_of(row: RowMapping) -> Flag:
    reason = FlagReason(row["reason"]) if row["reason"] else None
    return Flag(row["question_id"], row["user"], FlagSource(row["source"]), reason, row["comment"], row["at"])
