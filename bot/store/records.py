"""What every question leaves behind: its decision, its attempts with tokens and cost, and its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, select, update

from bot.store.database import Database
from bot.store.errors import LeaseLost
from bot.store.inbox import Claim, State
from bot.store.rows import asked_values, question_of
from bot.store.tables import PICO, answers, attempts, decisions, inbox, pairs, questions
from bot.types import Answered, AttemptLine, Badge, Conversation, Failed, Kind, MessageRef, Platform, Question
from router.types import Answer, Attempt, Cost, CostSource, Decision, Mode, Outcome, Tier, Turn


@dataclass(frozen=True, slots=True)
class Result:
    """All that answering a question brought about.

    `answer` is None when there is none to give, and `failure` says so in plain words then. `note` is shown above the
    answer. `expires_at` is the end of the time for which the answer may be served again.
    """

    mode: Mode
    decision: Decision | None
    attempts: tuple[Attempt, ...]
    answer: Answer | None
    can_escalate: bool = False
    note: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A question and what was replied; `reply` is None while it is being worked on."""

    question: Question
    reply: Answered | Failed | None


class Records:
    """Writes and reads the record of questions. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, claim: Claim, result: Result, *, at: datetime, expires_at: datetime) -> None:
        """Write the whole record in one transaction, and mark the item as answered. Raises LeaseLost: nothing is written then."""

        def keep(connection: Connection) -> None:
            _hold(connection, claim)
            _write_question(connection, claim.question, result, at)
            if result.answer:
                connection.execute(insert(answers).values(_answer_values(claim.question, result, at, expires_at)))
            if claim.question.kind is Kind.ESCALATE and result.answer:
                pair = {"first": claim.question.parent, "second": claim.question.id, "kind": Kind.ESCALATE.value, "at": at}
                connection.execute(insert(pairs).values(pair))

        await self._database.write(keep)

    async def get(self, question_id: str) -> Record | None:
        """Return a question with its reply, whether or not it is answered yet."""
        found = await self._select(questions.c.id == question_id, limit=1)
        if found:
            return found[0]
        waiting = await self._database.rows(select(inbox).where(inbox.c.id == question_id))
        return Record(question_of(waiting[0]), None) if waiting else None

    async def recent(self, platform: Platform, tenant: str, user: str, limit: int) -> tuple[Record, ...]:
        """Return a person's last answered questions, newest first."""
        return await self._select(
            and_(questions.c.platform == platform.value, questions.c.tenant == tenant, questions.c.user == user), limit=limit
        )

    async def latest(self, limit: int) -> tuple[Record, ...]:
        """Return the last questions of everybody, newest first."""
        return await self._select(questions.c.id != "", limit=limit)

    async def turns(self, place: Conversation, before: datetime, limit: int) -> tuple[Turn, ...]:
        """Return the earlier public exchange of ours in a thread, oldest first: each question and its answer."""
        if not place.thread:
            return ()
        records = await self._select(and_(_in_thread(place), questions.c.asked_at < before, questions.c.private.is_(False)), limit=limit)
        turns: list[Turn] = []
        for record in reversed(records):
            turns.append(Turn(record.question.text, assistant=False))
            if isinstance(record.reply, Answered):
                turns.append(Turn(record.reply.text, assistant=True))
        return tuple(turns[-limit:])

    async def askers(self, place: Conversation) -> frozenset[str]:
        """Return who asked something in a thread, answered or not."""
        if not place.thread:
            return frozenset()
        mine = and_(inbox.c.platform == place.platform.value, inbox.c.tenant == place.tenant)
        thread = and_(inbox.c.channel == place.channel, inbox.c.thread == place.thread, inbox.c.private.is_(False))
        rows = await self._database.rows(select(inbox.c.user).where(mine, thread).distinct())
        return frozenset(row["user"] for row in rows)

    async def question_at(self, ref: MessageRef) -> str | None:
        """Return the question whose reply stands at `ref`."""
        there = and_(inbox.c.reply_channel == ref.channel, inbox.c.reply_message == ref.message)
        mine = and_(inbox.c.platform == ref.platform.value, inbox.c.tenant == ref.tenant)
        found: str | None = await self._database.value(select(inbox.c.id).where(there, mine))
        return found

    async def spent(self, since: datetime, *, tenant: str = "", channel: str = "", user: str = "") -> Decimal:
        """Return what the attempts since a moment cost, in all or of one tenant's channel or user."""
        wanted = select(func.coalesce(func.sum(attempts.c.cost_usd), 0)).select_from(attempts.join(questions))
        wanted = wanted.where(attempts.c.started_at >= since)
        for column, value in ((questions.c.tenant, tenant), (questions.c.channel, channel), (questions.c.user, user)):
            wanted = wanted.where(column == value) if value else wanted
        total = await self._database.value(wanted)
        return Decimal(total) if isinstance(total, Decimal) else Decimal(int(total or 0)) / PICO

    async def _select(self, where: ColumnElement[bool], *, limit: int) -> tuple[Record, ...]:
        wanted = (
            select(questions, answers, decisions.c.reasons)
            .outerjoin(answers, answers.c.question_id == questions.c.id)
            .outerjoin(decisions, decisions.c.question_id == questions.c.id)
            .where(where)
            .order_by(questions.c.asked_at.desc(), questions.c.recorded_at.desc())
            .limit(limit)
        )

        def read(connection: Connection) -> tuple[Record, ...]:
            rows = [row._mapping for row in connection.execute(wanted)]  # noqa: SLF001 (the public name of a row's mapping)
            made = _attempt_lines(connection, [row[questions.c.id] for row in rows])
            return tuple(_record_of(row, made) for row in rows)

        return await self._database.read(read)


def _in_thread(place: Conversation) -> ColumnElement[bool]:
    mine = and_(questions.c.platform == place.platform.value, questions.c.tenant == place.tenant)
    return and_(mine, questions.c.channel == place.channel, questions.c.thread == place.thread)


def _hold(connection: Connection, claim: Claim) -> None:
    held = and_(inbox.c.id == claim.question.id, inbox.c.lease_token == claim.token)
    marked = connection.execute(update(inbox).where(held).values(state=State.RECORDED.value))
    if not marked.rowcount:
        raise LeaseLost(claim.question.id)


def _write_question(connection: Connection, question: Question, result: Result, at: datetime) -> None:
    values = asked_values(question) | {"recorded_at": at, "failure": result.failure or None}
    connection.execute(insert(questions).values(values))
    if result.decision:
        decided = {
            "question_id": question.id,
            "mode": result.mode.value,
            "tier": result.decision.tier.value,
            "volatility": result.decision.volatility.value,
            "reasons": list(result.decision.reasons),
        }
        connection.execute(insert(decisions).values(decided))
    if result.attempts:
        connection.execute(insert(attempts), [_attempt_values(question, attempt) for attempt in result.attempts])


def _attempt_values(question: Question, attempt: Attempt) -> dict[str, object]:
    usage = attempt.usage
    return {
        "question_id": question.id,
        "tier": attempt.tier.value,
        "target": attempt.target,
        "model": attempt.model,
        "outcome": attempt.outcome.value,
        "started_at": attempt.started_at,
        "latency_ms": attempt.latency_ms,
        "prompt_tokens": usage.prompt if usage else None,
        "completion_tokens": usage.completion if usage else None,
        "cached_tokens": usage.cached if usage else None,
        "reasoning_tokens": usage.reasoning if usage else None,
        "cost_usd": attempt.cost.usd,
        "cost_source": attempt.cost.source.value,
        "detail": attempt.detail[:2000],
    }


def total_cost(made: Sequence[Attempt]) -> Cost:
    """Add up attempts: what is known, marked by the weakest source. A failed call that cost nothing known does not count."""
    known = [attempt.cost for attempt in made if attempt.cost.usd is not None]
    answered_unknown = any(attempt.outcome is Outcome.ANSWERED and attempt.cost.usd is None for attempt in made)
    if answered_unknown or (made and not known):
        return Cost(None, CostSource.UNKNOWN)
    source = CostSource.ESTIMATED if any(cost.source is CostSource.ESTIMATED for cost in known) else CostSource.REPORTED
    return Cost(sum((cost.usd for cost in known if cost.usd is not None), Decimal(0)), source)


def _answer_values(question: Question, result: Result, at: datetime, expires_at: datetime) -> dict[str, object]:
    answer = result.answer
    if answer is None:
        raise ValueError("no answer to keep")
    cost = total_cost(answer.attempts)
    return {
        "question_id": question.id,
        "tier": answer.tier.value,
        "model": answer.model,
        "text": answer.text,
        "best_effort": answer.best_effort,
        "can_escalate": result.can_escalate,
        "note": result.note,
        "latency_ms": answer.latency_ms,
        "cost_usd": cost.usd,
        "cost_source": cost.source.value,
        "answered_at": at,
        "expires_at": expires_at,
    }


def _attempt_lines(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[AttemptLine, ...]]:
    rows = (connection.execute(select(attempts).where(attempts.c.question_id.in_(ids)).order_by(attempts.c.id))).mappings().all()
    lines: dict[str, tuple[AttemptLine, ...]] = {}
    for row in rows:
        line = AttemptLine(Tier(row["tier"]), row["target"], Outcome(row["outcome"]), row["latency_ms"])
        lines[row["question_id"]] = (*lines.get(row["question_id"], ()), line)
    return lines


def _record_of(row: RowMapping, made: dict[str, tuple[AttemptLine, ...]]) -> Record:
    asked = {column.name: row[column] for column in questions.c}
    question = question_of(asked)
    if row[answers.c.text] is None:
        return Record(question, Failed(asked["failure"] or ""))
    reply = Answered(
        text=row[answers.c.text],
        badge=Badge.of(Tier(row[answers.c.tier]), best_effort=row[answers.c.best_effort]),
        model=row[answers.c.model],
        seconds=row[answers.c.latency_ms] / 1000,
        usd=row[answers.c.cost_usd],
        cost_source=CostSource(row[answers.c.cost_source]),
        reasons=tuple(row[decisions.c.reasons] or ()),
        attempts=made.get(question.id, ()),
        parent=question.parent if question.kind is Kind.ESCALATE else "",
        can_escalate=row[answers.c.can_escalate],
        note=row[answers.c.note],
    )
    return Record(question, reply)
