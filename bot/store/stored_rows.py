"""How an earlier answer is read back for the cache, with what it took of its model."""

from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Select, and_, bindparam, or_, select

from bot.store.rows import read_sources
from bot.store.tables import answers, attempts, entries, questions
from router.shelf import Stored
from router.types import Outcome, Purpose, Tier, Usage


def _answering(column: Column[int]) -> ColumnElement[int | None]:
    """Select a count of the call that gave an entry's answer."""
    answered = and_(attempts.c.purpose == Purpose.ANSWER.value, attempts.c.outcome == Outcome.ANSWERED.value)
    mine = and_(attempts.c.question_id == entries.c.question_id, answered)
    return select(column).where(mine).order_by(attempts.c.id.desc()).limit(1).scalar_subquery().label(column.name)


_COUNTS = (attempts.c.prompt_tokens, attempts.c.completion_tokens, attempts.c.cached_tokens, attempts.c.reasoning_tokens)


def _stored(where: ColumnElement[bool]) -> Select[Any]:
    servable = and_(entries.c.evicted_at.is_(None), entries.c.expires_at > bindparam("now"))
    columns = (
        entries.c.question_id,
        entries.c.blocked,
        questions.c.text,
        answers.c.text.label("answer"),
        answers.c.model,
        answers.c.answered_at,
        answers.c.tier,
        answers.c.sources,
    )
    joined = entries.join(questions, questions.c.id == entries.c.question_id).join(answers, answers.c.question_id == entries.c.question_id)
    mine = entries.c.scope == bindparam("scope")
    return select(*columns, *map(_answering, _COUNTS)).select_from(joined).where(mine, where, or_(servable, entries.c.blocked))


@cache
def fetching(count: int) -> Select[Any]:
    """Return the query for so many ids, with the parameters `id0`, `id1` and so on."""
    return _stored(entries.c.question_id.in_([bindparam(f"id{number}") for number in range(count)]))


# Built once, as those above are: building a query takes three times as long as running it, and every look-up runs both.
EXACT = _stored(entries.c.canonical == bindparam("canonical")).order_by(entries.c.blocked.desc(), answers.c.answered_at.desc()).limit(1)


def stored_of(row: RowMapping) -> Stored:
    """Read an earlier answer."""
    usage = None if row["prompt_tokens"] is None else Usage(*(row[column.name] for column in _COUNTS))
    return Stored(
        row["question_id"],
        row["text"],
        row["answer"],
        row["model"],
        row["answered_at"],
        blocked=row["blocked"],
        tier=Tier(row["tier"]),
        usage=usage,
        sources=read_sources(row["sources"]),
    )
