"""Reads what was sampled with all that was said of it, and how many answers there were: what the evals reckon with."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, select

from bot.evals.types import Grade, Review, Verdict
from bot.store.database import Database
from bot.store.eval_tables import reviews, samples
from bot.store.flags import STANDING
from bot.store.reviews import review_of
from bot.store.samples import DIRECT, drawn_of
from bot.store.tables import answers, attempts, decisions, flags, pairs, questions
from bot.types import Kind
from router.types import Outcome, Purpose, Tier

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Volume:
    """All answers of a tier in a time, how many of them were flagged, and what they cost: `priced` of them at a known price."""

    tier: Tier
    answers: int
    flagged: int
    priced: int
    usd: Decimal


_ANSWERED = and_(attempts.c.outcome == Outcome.ANSWERED.value, attempts.c.purpose == Purpose.ANSWER.value)
_TARGET = (
    select(func.max(attempts.c.target))
    .where(attempts.c.question_id == samples.c.question_id, _ANSWERED)
    .correlate(samples)
    .scalar_subquery()
    .label("target")
)


async def read_grades(database: Database, *, since: str = "", until: str = "9999") -> tuple[Grade, ...]:
    """Return everything sampled in the weeks from `since` to `until`, graded or not. Raises StoreUnavailable."""
    return await database.read(lambda connection: _grades(connection, and_(samples.c.week >= since, samples.c.week <= until)))


async def read_volumes(database: Database, since: datetime, until: datetime) -> tuple[Volume, ...]:
    """Return each tier's answers to what people asked in a time. Raises StoreUnavailable."""
    flagged = select(flags.c.question_id).where(STANDING).distinct().subquery()
    wanted = (
        select(
            answers.c.tier,
            func.count().label("answers"),
            func.count(flagged.c.question_id).label("flagged"),
            func.count(answers.c.cost_usd).label("priced"),
            func.sum(answers.c.cost_usd).label("usd"),
        )
        .join(questions, questions.c.id == answers.c.question_id)
        .outerjoin(flagged, flagged.c.question_id == answers.c.question_id)
        .where(answers.c.answered_at >= since, answers.c.answered_at < until, questions.c.kind == Kind.ASK.value)
        .group_by(answers.c.tier)
    )
    rows = {row["tier"]: row for row in await database.rows(wanted)}
    return tuple(
        Volume(tier, row["answers"], row["flagged"], row["priced"], row["usd"] or Decimal(0))
        for tier in Tier
        if (row := rows.get(tier.value))
    )


@dataclass(frozen=True, slots=True)
class Consumption:
    """The calls of a tier that answered, and their tokens on average."""

    tier: Tier
    calls: int
    prompt: float
    completion: float


async def read_consumption(database: Database) -> tuple[Consumption, ...]:
    """Return what the answers of each tier took, of those calls whose tokens are known. Raises StoreUnavailable."""
    columns = (attempts.c.tier, func.count().label("calls"))
    means = (func.avg(attempts.c.prompt_tokens).label("prompt"), func.avg(attempts.c.completion_tokens).label("completion"))
    known = and_(_ANSWERED, attempts.c.prompt_tokens.is_not(None), attempts.c.completion_tokens.is_not(None))
    rows = await database.rows(select(*columns, *means).where(known).group_by(attempts.c.tier))
    return tuple(Consumption(Tier(row["tier"]), row["calls"], float(row["prompt"]), float(row["completion"])) for row in rows)


@dataclass(frozen=True, slots=True)
class Escalated:
    """A question whose answer of the small model somebody found too little; `ok` is how acceptable the frontier model's was, if graded."""

    question_id: str
    text: str
    ok: float | None


async def read_escalated(database: Database) -> tuple[Escalated, ...]:
    """Return the questions that people took from the small model to the frontier model. Raises StoreUnavailable."""
    better = answers.alias()
    told = func.avg(case((reviews.c.verdict == Verdict.ACCEPTABLE.value, 1.0), else_=0.0)).label("ok")
    wanted = (
        select(questions.c.id, questions.c.text, told, func.count(reviews.c.reviewer).label("graded"))
        .join(pairs, pairs.c.first == questions.c.id)
        .join(answers, answers.c.question_id == questions.c.id)
        .join(better, better.c.question_id == pairs.c.second)
        .outerjoin(reviews, and_(reviews.c.question_id == pairs.c.second, reviews.c.verdict != Verdict.CANNOT_TELL.value))
        .where(pairs.c.kind == Kind.ESCALATE.value, answers.c.tier == Tier.SMALL.value, better.c.tier == Tier.FRONTIER.value)
        .group_by(questions.c.id, questions.c.text)
    )
    return tuple(Escalated(row["id"], row["text"], float(row["ok"]) if row["graded"] else None) for row in await database.rows(wanted))


def _grades(connection: Connection, where: ColumnElement[bool]) -> tuple[Grade, ...]:
    earlier = questions.alias()
    source = func.coalesce(func.nullif(answers.c.source, ""), decisions.c.shadow_source)
    wanted = (
        select(
            samples,
            questions.c.user,
            questions.c.text,
            answers.c.text.label("answer"),
            answers.c.model,
            answers.c.cost_usd,
            and_(questions.c.thread != "", ~questions.c.private).label("threaded"),
            earlier.c.text.label("earlier"),
            _TARGET,
            func.coalesce(answers.c.similarity, decisions.c.shadow_similarity).label("similarity"),
            decisions.c.tier.label("decided"),
        )
        .join(questions, questions.c.id == samples.c.question_id)
        .join(answers, answers.c.question_id == samples.c.question_id)
        .outerjoin(decisions, decisions.c.question_id == samples.c.question_id)
        .outerjoin(earlier, earlier.c.id == source)
        .where(where)
        .order_by(samples.c.week, samples.c.position)
    )
    mine = select(samples.c.question_id).where(where)
    said = connection.execute(select(reviews).where(reviews.c.question_id.in_(mine)).order_by(reviews.c.at)).mappings()
    raised = connection.execute(select(flags.c.question_id, flags.c.user).where(STANDING, flags.c.question_id.in_(mine)))
    audited = connection.execute(select(pairs.c.first).where(pairs.c.kind == Kind.AUDIT.value, pairs.c.first.in_(mine))).scalars()
    words = _grouped((row["question_id"], review_of(row)) for row in said)
    flaggers = _grouped((question_id, user) for question_id, user in raised)
    hits = frozenset(audited)
    rows = connection.execute(wanted).mappings().all()
    return tuple(_grade_of(row, words, flaggers, audited=row["question_id"] in hits) for row in rows)


def _grouped(pairs_of: Iterable[tuple[Key, Value]]) -> Mapping[Key, list[Value]]:
    found: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs_of:
        found[key].append(value)
    return found


def _grade_of(row: RowMapping, words: Mapping[str, list[Review]], flaggers: Mapping[str, list[str]], *, audited: bool) -> Grade:
    question_id = row["question_id"]
    return Grade(
        week=row["week"],
        drawn=drawn_of(row),
        reviews=tuple(words.get(question_id, ())),
        asker="" if row["channel"] == DIRECT else row["user"],
        text=row["text"],
        answer=row["answer"],
        model=row["model"],
        decided=Tier(row["decided"]) if row["decided"] else None,
        usd=row["cost_usd"],
        flaggers=tuple(sorted(flaggers.get(question_id, ()))),
        audited=audited,
        earlier=row["earlier"] or "",
        similarity=row["similarity"],
        threaded=row["threaded"],
        target=row["target"] or "",
    )
