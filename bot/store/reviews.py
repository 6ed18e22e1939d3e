"""What reviewers said of sampled answers, and what is left to review."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, insert, or_, select, update

from bot.evals.types import Fault, Progress, Review, Reviewable, Verdict, Why
from bot.store.corrections import correct, follow
from bot.store.database import Database
from bot.store.eval_tables import reviews, samples
from bot.store.flags import flags_on
from bot.store.records import Records
from bot.store.samples import DIRECT, drawn_of
from bot.store.tables import answers, pairs, questions
from bot.types import Answered, Kind, Question
from router.types import Clock

CONTEXT_TURNS = 6


class Reviews:
    """The review queue. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, records: Records, clock: Clock) -> None:
        self._database = database
        self._records = records
        self._clock = clock

    async def next(self, reviewer: str, *, week: str = "") -> Reviewable | None:
        """Return what this reviewer should look at next, newest week first: what nobody graded, then what lacks a second one."""
        waiting = await self.waiting(reviewer, week=week, limit=1)
        return waiting[0] if waiting else None

    async def waiting(self, reviewer: str, *, week: str = "", limit: int = 20, direct: bool = True) -> tuple[Reviewable, ...]:
        """Return what is left for this reviewer, in the order in which to look at it; `direct`: also what only its asker saw."""
        wanted = _left(reviewer, week).limit(limit)
        rows = await self._database.rows(wanted if direct else wanted.where(samples.c.channel != DIRECT))
        found = [await self.get(row["question_id"], reviewer) for row in rows]
        return tuple(one for one in found if one)

    async def get(self, question_id: str, reviewer: str) -> Reviewable | None:
        """Return a sampled answer as this reviewer sees it; None when it was not sampled or is gone."""
        rows = await self._database.rows(select(samples).where(samples.c.question_id == question_id))
        record = await self._records.get(question_id) if rows else None
        if record is None or not isinstance(record.reply, Answered):
            return None
        question, drawn = record.question, drawn_of(rows[0])
        context = () if question.private else await self._records.turns(question.conversation, question.asked_at, CONTEXT_TURNS)
        if drawn.unit.stratum.channel == DIRECT:
            question = _nobodys(question)
        raised = await self._database.read(lambda connection: flags_on(connection, question_id))
        if not question.user:
            raised = tuple(replace(flag, user="") for flag in raised)
        mine = next((one for one in await self.of(question_id) if one.reviewer == reviewer), None)
        audit = await self._database.value(_audit_of(question_id)) or ""
        return Reviewable(rows[0]["week"], drawn, question, record.reply, context, raised, audit, mine)

    async def of(self, question_id: str) -> tuple[Review, ...]:
        """Return every review of an answer, oldest first."""
        wanted = select(reviews).where(reviews.c.question_id == question_id).order_by(reviews.c.at, reviews.c.reviewer)
        return tuple(review_of(row) for row in await self._database.rows(wanted))

    async def put(self, review: Review, *, into_cache: bool = False) -> bool | None:
        """Keep a review, replacing the reviewer's earlier one; True when it is their first, None when there is no such answer.

        What is not acceptable is not served again; what was flagged and is acceptable is, unless another reviewer says no. Either
        verdict closes the answer's flags.
        `into_cache`: the correction takes the place of the entry that was taken out of service, where there was one.
        """
        mine = and_(reviews.c.question_id == review.question_id, reviews.c.reviewer == review.reviewer)
        values = {
            "verdict": review.verdict.value,
            "fault": review.fault.value if review.fault else None,
            "comment": review.comment,
            "correction": review.correction,
            "at": review.at,
        }

        def put(connection: Connection) -> bool | None:
            # The row's lock makes two reviews of one answer wait for each other; SQLite has one writer anyway.
            known = select(questions.c.id).where(questions.c.id == review.question_id).with_for_update()
            if connection.scalar(known) is None:
                return None
            first = not connection.execute(update(reviews).where(mine).values(values)).rowcount
            if first:
                connection.execute(insert(reviews).values(values | {"question_id": review.question_id, "reviewer": review.reviewer}))
            follow(connection, review)
            if into_cache and review.correction.strip():
                correct(connection, review)
            return first

        return await self._database.write(put)

    async def progress(self, week: str) -> Progress:
        """Return how far the review of a week is."""
        joined = samples.outerjoin(reviews, reviews.c.question_id == samples.c.question_id)
        wanted = select(samples.c.question_id, samples.c.why, samples.c.twice, reviews.c.reviewer).select_from(joined)
        return _progress(week, await self._database.rows(wanted.where(samples.c.week == week)))


def _nobodys(question: Question) -> Question:
    """Return a question without who asked it and where: a direct message's channel names its asker, too."""
    place = replace(question.conversation, channel=DIRECT, thread="")
    return replace(question, user="", conversation=place, source=None, reply_url="")


def review_of(row: RowMapping) -> Review:
    """Read a review from a row."""
    fault = Fault(row["fault"]) if row["fault"] else None
    return Review(row["question_id"], row["reviewer"], Verdict(row["verdict"]), row["at"], fault, row["comment"], row["correction"])


def _left(reviewer: str, week: str) -> Select[tuple[str]]:
    """Select what a reviewer has not graded and somebody should."""
    mine = select(reviews.c.question_id).where(reviews.c.reviewer == reviewer)
    grades = select(func.count()).where(reviews.c.question_id == samples.c.question_id).scalar_subquery()
    wanting: ColumnElement[bool] = or_(grades == 0, and_(samples.c.twice, grades == 1))
    where = and_(wanting, samples.c.question_id.not_in(mine))
    if week:
        where = and_(where, samples.c.week == week)
    return select(samples.c.question_id).where(where).order_by(grades, samples.c.week.desc(), samples.c.position)


def _audit_of(question_id: str) -> Select[tuple[str]]:
    """Select what a model answered to the question of a hit."""
    audits = and_(pairs.c.first == question_id, pairs.c.kind == Kind.AUDIT.value)
    return select(answers.c.text).join(pairs, pairs.c.second == answers.c.question_id).where(audits)


def _progress(week: str, rows: Sequence[RowMapping]) -> Progress:
    grades = Counter(row["question_id"] for row in rows if row["reviewer"])
    drawn = {row["question_id"]: row for row in rows}
    twice = [question_id for question_id, row in drawn.items() if row["twice"]]
    return Progress(
        week=week,
        sampled=sum(row["why"] == Why.RANDOM.value for row in drawn.values()),
        added=sum(row["why"] != Why.RANDOM.value for row in drawn.values()),
        graded=len(grades),
        graded_twice=sum(number > 1 for number in grades.values()),
        left=len(drawn) - len(grades),
        left_twice=sum(grades[question_id] < 2 for question_id in twice),  # noqa: PLR2004 (two reviewers)
        by_reviewer=dict(Counter(row["reviewer"] for row in rows if row["reviewer"])),
    )
