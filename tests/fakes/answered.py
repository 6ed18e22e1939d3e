"""Puts answered questions into a database, as the evals find them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.store.result import Result
from router.types import (
    Answer,
    Attempt,
    Cost,
    CostSource,
    Decision,
    Entry,
    Match,
    Mode,
    Outcome,
    Tier,
    Usage,
    Visibility,
    Volatility,
)
from tests.fakes.questions import make_question

AT = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
"""A Tuesday, in the week 2026-W47."""
WEEK = "2026-W47"
COSTS = {Tier.CACHE: Decimal(0), Tier.SMALL: Decimal("0.001"), Tier.FRONTIER: Decimal("0.01")}


def make_entry(question_id: str, ttl_s: int = 86400) -> Entry:
    """Return how an answer is found again."""
    return Entry(question_id, '["T1", "public", ""]', f"digest of {question_id}", ("host:cr1:",), ("cr1",), "is cr1 up", ttl_s)


async def keep_answered(
    database: Database,
    text: str = "is cr1 up?",
    *,
    tier: Tier = Tier.SMALL,
    at: datetime = AT,
    user: str = "U1",
    channel: str = "C1",
    thread: str = "",
    visibility: Visibility = Visibility.PUBLIC,
    private: bool = False,
    reasons: tuple[str, ...] = ("asks for one fact: status",),
    volatility: Volatility = Volatility.LIVE,
    answer: str = "Up.",
    source: str = "",
    similarity: float = 0.9,
    remembered: bool = False,
) -> str:
    """Keep a question with its answer and return its id; `source` is the question whose answer the cache served."""
    asked = make_question(text, user=user, channel=channel, thread=thread, visibility=visibility, private=private)
    question = replace(asked, asked_at=at)
    inbox = Inbox(database, lambda: at)
    claim = await inbox.add_claimed(question)
    decided = Decision(Tier.FRONTIER if tier is Tier.FRONTIER else Tier.SMALL, volatility, reasons)
    cost = Cost(COSTS[tier], CostSource.REPORTED)
    made = () if tier is Tier.CACHE else (Attempt(tier, f"model/{tier}", Outcome.ANSWERED, 800, at, f"{tier}-1", Usage(900, 200), cost),)
    match = Match(source, "an earlier question", at, similarity, "the same wording") if source else None
    entry = make_entry(question.id) if remembered else None
    given = Answer(answer, tier, f"{tier}-1", decided, made, 900, match=match, entry=entry)
    await Records(database).keep(claim, Result(Mode.ON, decided, made, given), at=at, expires_at=at + timedelta(days=1))
    await inbox.finish(claim)
    return question.id
