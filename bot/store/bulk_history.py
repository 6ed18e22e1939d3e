"""Writes a made-up history of answered questions at once, for measurements: what comes from people goes through the inbox instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, insert, text

from bot.store.database import Database
from bot.store.inbox import State
from bot.store.rows import asked_values
from bot.store.tables import answers, attempts, decisions, flags, inbox, pairs, questions
from bot.types import FlagReason, FlagSource, Kind, Question
from router.types import CostSource, Mode, Outcome, Tier, Volatility

LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Past:
    """A question that was answered. `source` is the earlier one whose answer the cache served; `flag` what a person said is wrong."""

    question: Question
    tier: Tier
    answer: str
    model: str
    volatility: Volatility
    reasons: tuple[str, ...]
    latency_ms: int
    usd: Decimal
    frontier_usd: Decimal
    saved_usd: Decimal | None = None
    best_effort: bool = False
    source: str = ""
    flag: FlagReason | None = None


async def write_history(database: Database, past: Sequence[Past]) -> None:
    """Write distinct questions with all that they leave behind, in one transaction. Raises StoreUnavailable."""
    rows = {
        questions: [_question(one) for one in past],
        inbox: [_item(one) for one in past],
        decisions: [_decision(one) for one in past],
        answers: [_answer(one) for one in past],
        attempts: [_attempt(one) for one in past],
        pairs: [_audited(one) for one in past if one.question.kind is Kind.AUDIT],
        flags: [_flag(one, one.flag) for one in past if one.flag],
    }

    def write(connection: Connection) -> None:
        for table, values in rows.items():
            if values:
                connection.execute(insert(table), values)

    await database.write(write)


async def gather_statistics(database: Database) -> None:
    """Have the database look at what it holds, as a server does by itself in time."""
    await database.write(lambda connection: connection.execute(text("ANALYZE")))


def _question(one: Past) -> dict[str, object]:
    return asked_values(one.question) | {"recorded_at": _answered_at(one), "failure": None}


def _item(one: Past) -> dict[str, object]:
    asked = one.question
    return asked_values(asked) | {
        "delivery_key": asked.delivery_key,
        "logical_key": asked.logical_key,
        "reply_url": "",
        "state": State.DONE.value,
        "not_before": asked.asked_at,
        "attempts": 1,
        "errors": 0,
        "crashes": 0,
        "created_at": asked.asked_at,
        "finished_at": _answered_at(one),
    }


def _decision(one: Past) -> dict[str, object]:
    decided = Tier.FRONTIER if one.tier is Tier.FRONTIER else Tier.SMALL
    return {
        "question_id": one.question.id,
        "mode": Mode.ON.value,
        "tier": decided.value,
        "volatility": one.volatility.value,
        "reasons": list(one.reasons),
    }


def _answer(one: Past) -> dict[str, object]:
    at = _answered_at(one)
    return {
        "question_id": one.question.id,
        "tier": one.tier.value,
        "model": one.model,
        "text": one.answer,
        "best_effort": one.best_effort,
        "can_escalate": one.tier is Tier.SMALL,
        "note": "",
        "latency_ms": one.latency_ms,
        "cost_usd": one.usd,
        "cost_source": CostSource.REPORTED.value,
        "answered_at": at,
        "expires_at": at + LIFETIME,
        "source": one.source,
        "similarity": 0.95 if one.source else None,
        "match_reason": "says the same in other words" if one.source else "",
    }


def _attempt(one: Past) -> dict[str, object]:
    place = one.question.conversation
    return {
        "question_id": one.question.id,
        "tenant": place.tenant,
        "channel": place.channel,
        "user": one.question.user,
        "tier": one.tier.value,
        "target": one.model or one.tier.value,
        "model": one.model,
        "outcome": Outcome.ANSWERED.value,
        "started_at": one.question.asked_at,
        "latency_ms": one.latency_ms,
        "cost_usd": one.usd,
        "cost_source": CostSource.REPORTED.value,
        "saved_usd": one.saved_usd,
        "frontier_usd": one.frontier_usd,
        "detail": "",
    }


def _audited(one: Past) -> dict[str, object]:
    return {"first": one.question.parent, "second": one.question.id, "kind": Kind.AUDIT.value, "at": _answered_at(one)}


def _flag(one: Past, reason: FlagReason) -> dict[str, object]:
    return {
        "question_id": one.question.id,
        "user": one.question.user,
        "helpful": False,
        "source": FlagSource.FORM.value,
        "reason": reason.value,
        "comment": "",
        "at": _answered_at(one),
    }


def _answered_at(one: Past) -> datetime:
    return one.question.asked_at + timedelta(milliseconds=one.latency_ms)
