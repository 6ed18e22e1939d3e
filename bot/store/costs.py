"""What the ledger adds up to, by day, tier, model or payer."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, select

from bot.store.database import Database
from bot.store.days import Period, utc_day
from bot.store.tables import attempts, questions
from bot.types import Kind
from router.types import CostSource, Outcome, Purpose, Tier

ZERO = Decimal(0)


class By(StrEnum):
    """What the lines of a report are for."""

    DAY = "day"
    TIER = "tier"
    MODEL = "model"
    CHANNEL = "channel"
    USER = "user"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class CostLine:
    """The sums of one day, tier, model or payer.

    `questions` were answered, `cached` of them by the cache. `usd` is what is known of the cost of all `calls`: `overhead_usd` of
    it was for judges, audits, embeddings, probes and evals, and `estimated_usd` is not from the provider's own counts.
    `unknown_calls` may have cost something that nobody knows, together `at_most_usd`. `saved_usd` is what the tiers would have
    cost that the cache stood in for. `frontier_usd` is what the frontier model would have cost for the same questions, but for
    `unvalued` of them of which nobody can tell.
    """

    key: str
    questions: int = 0
    cached: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    usd: Decimal = ZERO
    overhead_usd: Decimal = ZERO
    estimated_usd: Decimal = ZERO
    unknown_calls: int = 0
    at_most_usd: Decimal = ZERO
    saved_usd: Decimal = ZERO
    frontier_usd: Decimal = ZERO
    unvalued: int = 0

    @property
    def net_saving_usd(self) -> Decimal:
        """What routing and cache saved against the frontier model alone, their own overhead taken off; negative for a loss."""
        return self.frontier_usd - self.usd

    def plus(self, other: "CostLine") -> "CostLine":
        """Return the sum of two lines, under this one's key."""
        return CostLine(
            key=self.key,
            questions=self.questions + other.questions,
            cached=self.cached + other.cached,
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            reasoning_tokens=self.reasoning_tokens + other.reasoning_tokens,
            usd=self.usd + other.usd,
            overhead_usd=self.overhead_usd + other.overhead_usd,
            estimated_usd=self.estimated_usd + other.estimated_usd,
            unknown_calls=self.unknown_calls + other.unknown_calls,
            at_most_usd=self.at_most_usd + other.at_most_usd,
            saved_usd=self.saved_usd + other.saved_usd,
            frontier_usd=self.frontier_usd + other.frontier_usd,
            unvalued=self.unvalued + other.unvalued,
        )


async def read_costs(database: Database, period: Period, by: By) -> tuple[CostLine, ...]:
    """Return the sums of a period's attempts, in the order of their keys. Raises StoreUnavailable."""
    key = _KEYS[by].label("key")
    wanted = select(key, *_sums()).where(period.holds(attempts.c.started_at)).group_by(key).order_by(key)
    return tuple(_line_of(row) for row in await database.rows(wanted))


async def failed_questions(database: Database, period: Period) -> int:
    """Return how many questions of a period have no answer. Raises StoreUnavailable."""
    unanswered = and_(period.holds(questions.c.recorded_at), questions.c.failure.is_not(None), questions.c.kind != Kind.AUDIT.value)
    return int(await database.value(select(func.count()).select_from(questions).where(unanswered)))


def _line_of(row: RowMapping) -> CostLine:
    """Read a line; a sum of nothing is NULL."""
    return CostLine(
        key=row["key"],
        questions=row["questions"] or 0,
        cached=row["cached"] or 0,
        calls=row["calls"] or 0,
        prompt_tokens=row["prompt_tokens"] or 0,
        completion_tokens=row["completion_tokens"] or 0,
        cached_tokens=row["cached_tokens"] or 0,
        reasoning_tokens=row["reasoning_tokens"] or 0,
        usd=row["usd"] or ZERO,
        overhead_usd=row["overhead_usd"] or ZERO,
        estimated_usd=row["estimated_usd"] or ZERO,
        unknown_calls=row["unknown_calls"] or 0,
        at_most_usd=row["at_most_usd"] or ZERO,
        saved_usd=row["saved_usd"] or ZERO,
        frontier_usd=row["frontier_usd"] or ZERO,
        unvalued=row["unvalued"] or 0,
    )


_ANSWER = and_(attempts.c.purpose == Purpose.ANSWER.value, attempts.c.outcome == Outcome.ANSWERED.value)
_HIT = and_(_ANSWER, attempts.c.tier == Tier.CACHE.value)
_CALL = and_(attempts.c.outcome != Outcome.SKIPPED.value, ~_HIT)
_UNKNOWN = and_(
    attempts.c.cost_usd.is_(None), attempts.c.outcome.in_((Outcome.ANSWERED.value, Outcome.TIMEOUT.value, Outcome.BAD_ANSWER.value))
)
_KEYS: Mapping[By, ColumnElement[str]] = {
    By.DAY: utc_day(attempts.c.started_at),
    By.TIER: attempts.c.tier,
    By.MODEL: case((_HIT, attempts.c.target), (attempts.c.model != "", attempts.c.model), else_=attempts.c.target),
    By.CHANNEL: attempts.c.channel,
    By.USER: attempts.c.user,
    By.TENANT: attempts.c.tenant,
}


def _sums() -> tuple[ColumnElement[Any], ...]:
    counts = {
        "questions": _ANSWER,
        "cached": _HIT,
        "calls": _CALL,
        "unknown_calls": _UNKNOWN,
        "unvalued": and_(_ANSWER, attempts.c.frontier_usd.is_(None)),
    }
    counted = [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in counts.items()]
    tokens = [
        func.sum(attempts.c[name]).label(name) for name in ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens")
    ]
    overhead = attempts.c.purpose != Purpose.ANSWER.value
    estimated = attempts.c.cost_source == CostSource.ESTIMATED.value
    dollars = [
        func.sum(attempts.c.cost_usd).label("usd"),
        func.sum(case((overhead, attempts.c.cost_usd))).label("overhead_usd"),
        func.sum(case((estimated, attempts.c.cost_usd))).label("estimated_usd"),
        func.sum(case((_UNKNOWN, attempts.c.at_most_usd))).label("at_most_usd"),
        func.sum(attempts.c.saved_usd).label("saved_usd"),
        func.sum(attempts.c.frontier_usd).label("frontier_usd"),
    ]
    return (*counted, *tokens, *dollars)
