"""An item of the inbox as a worker holds it, and how it starts over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, select

from bot.store.rows import question_of
from bot.store.tables import inbox, questions
from bot.types import MessageRef, Question


class State(StrEnum):
    """Where an item stands: to be answered, failed and tried again, answered but not shown for sure, shown, given up, or taken back."""

    WAITING = "waiting"
    RETRYING = "retrying"
    RECORDED = "recorded"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


UNANSWERED = (State.WAITING.value, State.RETRYING.value)
OPEN = (*UNANSWERED, State.RECORDED.value)


@dataclass(frozen=True, slots=True)
class Claim:
    """An item that this worker may work on while its lease lasts.

    `token` fences its writes. `attempts` counts claims, this one included; `errors` counts failures that a worker
    reported, `crashes` the leases that ended with no word from their worker. `recorded`: the answer is in the store,
    only its delivery is left. `tries` counts the times when no model could be reached since its person was told; the item
    is tried by itself until `retry_until`, which is None before the first of them and after somebody said to try at once.
    """

    question: Question
    token: str
    attempts: int
    errors: int
    crashes: int
    reply: MessageRef | None
    recorded: bool
    tries: int = 0
    retry_until: datetime | None = None


def held(claim: Claim) -> ColumnElement[bool]:
    """Match the item of a claim while its lease is ours."""
    return and_(inbox.c.id == claim.question.id, inbox.c.lease_token == claim.token)


def has_failed(connection: Connection, row: RowMapping) -> bool:
    """Tell whether an item is done and has no answer, though another try may bring one."""
    failed = select(questions.c.id).where(questions.c.id == row["id"], questions.c.failure.is_not(None))
    return row["state"] == State.DONE and connection.execute(failed).first() is not None


def start_over(now: datetime) -> dict[str, object]:
    """Return the values with which an item is answered anew from now on, with a window of its own."""
    return {
        "state": State.WAITING.value,
        "lease_token": None,
        "lease_until": None,
        "not_before": now,
        "finished_at": None,
        "tries": 0,
        "retry_until": None,
    }


def claim_of(row: RowMapping) -> Claim:
    """Read a claim from a row of the inbox."""
    question = question_of(row)
    place = question.conversation
    reply = MessageRef(place.platform, place.tenant, row["reply_channel"], row["reply_message"]) if row["reply_message"] else None
    return Claim(
        question,
        row["lease_token"] or "",
        row["attempts"],
        row["errors"],
        row["crashes"],
        reply,
        recorded=row["state"] not in UNANSWERED,
        tries=row["tries"],
        retry_until=row["retry_until"],
    )
