"""Writes many remembered answers at once, for measurements: what comes from people goes through the inbox instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, insert

from bot.store.database import Database
from bot.store.entries import entry_values, name_values
from bot.store.rows import asked_values
from bot.store.tables import answers, entries, entry_names, questions
from bot.types import Question
from router.types import CostSource, Entry, Tier


@dataclass(frozen=True, slots=True)
class Remembered:
    """A question with its answer, and how the cache finds it. The answer is as old as the question."""

    question: Question
    answer: str
    entry: Entry


async def write_answers(database: Database, remembered: Sequence[Remembered]) -> None:
    """Write answers to distinct questions in one transaction. Raises StoreUnavailable."""

    def write(connection: Connection) -> None:
        connection.execute(insert(questions), [_question_values(one.question) for one in remembered])
        connection.execute(insert(answers), [_answer_values(one) for one in remembered])
        connection.execute(insert(entries), [entry_values(one.entry, one.question.asked_at) for one in remembered])
        names = [values for one in remembered for values in name_values(one.entry)]
        if names:
            connection.execute(insert(entry_names), names)

    await database.write(write)


def _question_values(question: Question) -> dict[str, object]:
    return asked_values(question) | {"recorded_at": question.asked_at, "failure": None}


def _answer_values(one: Remembered) -> dict[str, object]:
    at = one.question.asked_at
    return {
        "question_id": one.question.id,
        "tier": Tier.SMALL.value,
        "model": "",
        "text": one.answer,
        "best_effort": False,
        "can_escalate": False,
        "note": "",
        "latency_ms": 0,
        "cost_usd": None,
        "cost_source": CostSource.UNKNOWN.value,
        "answered_at": at,
        "expires_at": at + timedelta(seconds=one.entry.ttl_s),
    }
