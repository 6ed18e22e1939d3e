"""Reads what people asked, for advice on how to answer it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.tables import answers, pairs, questions
from bot.types import Kind
from router.types import Tier, Visibility


@dataclass(frozen=True, slots=True)
class Said:
    """One question as it was asked, outside any thread's context."""

    id: str
    at: datetime
    user: str
    channel: str
    visibility: Visibility
    text: str


async def read_traffic(database: Database, since: datetime, limit: int) -> tuple[Said, ...]:
    """Return the newest questions that people asked since a moment, oldest first. Raises StoreUnavailable."""
    columns = (questions.c.id, questions.c.asked_at, questions.c.user, questions.c.channel, questions.c.visibility, questions.c.text)
    wanted = select(*columns).where(questions.c.kind == Kind.ASK.value, questions.c.asked_at >= since)
    rows = await database.rows(wanted.order_by(questions.c.asked_at.desc()).limit(limit))
    return tuple(
        Said(row["id"], row["asked_at"], row["user"], row["channel"], Visibility(row["visibility"]), row["text"]) for row in reversed(rows)
    )


async def read_escalations(database: Database, since: datetime) -> tuple[int, int]:
    """Return how many answers of the small model people took to the frontier model, and of how many. Raises StoreUnavailable."""
    mine = (answers.c.tier == Tier.SMALL.value, answers.c.answered_at >= since)
    escalated = select(func.count(pairs.c.first.distinct())).join(answers, answers.c.question_id == pairs.c.first)
    taken = await database.value(escalated.where(pairs.c.kind == Kind.ESCALATE.value, *mine))
    return int(taken), int(await database.value(select(func.count()).select_from(answers).where(*mine)))
