"""The rows of a record: how a result is written, and how an answer is read back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, insert, select, update

from bot.replies import Cause, Caution, Concern, Failed, Offer
from bot.store.claims import Claim, State, held
from bot.store.entries import add_entry, is_withdrawn
from bot.store.errors import LeaseLost, SourceWithdrawn
from bot.store.ledger import Payer, book, release
from bot.store.result import Record, Result
from bot.store.rows import asked_values, question_of, read_sources, source_values
from bot.store.tables import answers, attempts, decisions, flags, inbox, pairs, questions
from bot.types import Answered, AttemptLine, Badge, Kind, Matched, Question
from router.types import UNKNOWN_COST, Answer, Attempt, Cost, CostSource, Decision, Judgement, Outcome, Tier

CACHE = "cache"
"""The target of an attempt that the cache answered."""

_BESIDE = (Kind.ESCALATE, Kind.LIVE, Kind.AUDIT)
"""The kinds whose answer is kept as a pair with an earlier one to the same question."""


def write_record(connection: Connection, claim: Claim, result: Result, *, at: datetime, expires_at: datetime) -> None:
    """Write the whole record and mark the item as answered. Raises LeaseLost and SourceWithdrawn."""
    question, answer = claim.question, result.answer
    _hold(connection, claim, result)
    _write_question(connection, question, result, at)
    release(connection, question.id)
    book(connection, Payer.of(question), _ledger_rows(question, result, at), question_id=question.id)
    if answer is None:
        return
    if answer.tier is Tier.CACHE and answer.match and is_withdrawn(connection, answer.match.question_id):
        raise SourceWithdrawn(answer.match.question_id)
    connection.execute(insert(answers).values(_answer_values(question, result, answer, at, expires_at)))
    if answer.entry and not _is_flagged(connection, question.id):
        add_entry(connection, answer.entry, at)
    if answer.judgement:
        _write_judgement(connection, question.id, answer.judgement, at)
    if question.kind in _BESIDE:
        connection.execute(insert(pairs).values(first=question.parent, second=question.id, kind=question.kind.value, at=at))


def _ledger_rows(question: Question, result: Result, at: datetime) -> tuple[Attempt, ...]:
    """Return the attempts of a result, with what the one that answered is worth; the cache's answer is one of them.

    A person who asks again, and the audit of a hit, would not have asked twice had the frontier model answered at once.
    """
    made, answer = result.attempts, result.answer
    if answer is None:
        return made
    worth = Decimal(0) if question.kind in _BESIDE else answer.frontier_usd
    if answer.tier is not Tier.CACHE:
        return (*made[:-1], replace(made[-1], frontier_usd=worth)) if made else made
    started_at = at - timedelta(milliseconds=answer.latency_ms)
    hit = Attempt(
        Tier.CACHE, CACHE, Outcome.ANSWERED, answer.latency_ms, started_at, answer.model, cost=Cost(Decimal(0), CostSource.REPORTED)
    )
    return (*made, replace(hit, saved=answer.saved, frontier_usd=worth))


def book_void(connection: Connection, question: Question, made: Sequence[Attempt]) -> None:
    """Write what calls cost that no record takes; of a question that was forgotten meanwhile they must not name the asker."""
    there = connection.scalar(select(inbox.c.seq).where(inbox.c.id == question.id)) is not None
    book(connection, Payer.of(question) if there else Payer(question.conversation.tenant), made)


def _write_judgement(connection: Connection, question_id: str, judgement: Judgement, at: datetime) -> None:
    """Keep a judge's verdict as a label of the pair of questions."""
    kind = "judged_same" if judgement.same else "judged_other"
    connection.execute(insert(pairs).values(first=judgement.question_id, second=question_id, kind=kind, at=at))


def _hold(connection: Connection, claim: Claim, result: Result) -> None:
    """Mark the item as answered, or as one that is tried again until its failure says."""
    until = result.failure.until if result.failure and result.failure.cause is Cause.ALL_DOWN else None
    state = State.RETRYING if until else State.RECORDED
    marked = connection.execute(update(inbox).where(held(claim)).values(state=state.value, retry_until=until))
    if not marked.rowcount:
        raise LeaseLost(claim.question.id)


def _write_question(connection: Connection, question: Question, result: Result, at: datetime) -> None:
    """Write the question and its decision, over those of an earlier try."""
    values = asked_values(question) | {"recorded_at": at} | failure_values(result.failure)
    if not connection.execute(update(questions).where(questions.c.id == question.id).values(values)).rowcount:
        connection.execute(insert(questions).values(values))
    if result.decision:
        connection.execute(delete(decisions).where(decisions.c.question_id == question.id))
        connection.execute(insert(decisions).values(_decision_values(question, result, result.decision)))


def _decision_values(question: Question, result: Result, decision: Decision) -> dict[str, object]:
    match = result.answer.match if result.answer and result.answer.tier is not Tier.CACHE else None
    return {
        "shadow_source": match.question_id if match else "",
        "shadow_similarity": match.similarity if match else None,
        "question_id": question.id,
        "mode": result.mode.value,
        "tier": decision.tier.value,
        "volatility": decision.volatility.value,
        "reasons": list(decision.reasons),
    }


def failure_values(failure: Failed | None) -> dict[str, object]:
    """Return the values of a question's columns that say why it has no answer."""
    return {
        "failure": failure.text if failure else None,
        "failure_cause": failure.cause.value if failure else "",
        "failure_until": failure.until if failure else None,
        "failure_offers": _offer_values(failure.offers) if failure else [],
    }


def _caution_values(caution: Caution | None) -> dict[str, object]:
    return {
        "note": caution.text if caution else "",
        "concern": caution.concern.value if caution else "",
        "concern_until": caution.until if caution else None,
        "concern_offers": _offer_values(caution.offers) if caution else [],
    }


def _offer_values(offers: Sequence[Offer]) -> list[str]:
    return [offer.value for offer in offers]


def _offers_of(values: Sequence[str]) -> tuple[Offer, ...]:
    """Read offers; one that another version wrote is left out."""
    return tuple(offer for value in values for offer in Offer if offer.value == value)


def total_cost(made: Sequence[Attempt]) -> Cost:
    """Add up attempts: what is known, marked by the weakest source. A failed call that cost nothing known does not count."""
    known = [attempt.cost for attempt in made if attempt.cost.usd is not None]
    answered_unknown = any(attempt.outcome is Outcome.ANSWERED and attempt.cost.usd is None for attempt in made)
    if answered_unknown or (made and not known):
        return UNKNOWN_COST
    source = CostSource.ESTIMATED if any(cost.source is CostSource.ESTIMATED for cost in known) else CostSource.REPORTED
    return Cost(sum((cost.usd for cost in known if cost.usd is not None), Decimal(0)), source)


def _answer_values(question: Question, result: Result, answer: Answer, at: datetime, expires_at: datetime) -> dict[str, object]:
    cost = total_cost(answer.attempts)
    match = answer.match if answer.tier is Tier.CACHE else None
    return {
        "source": match.question_id if match else "",
        "similarity": match.similarity if match else None,
        "match_reason": match.reason if match else "",
        "sources": source_values(answer.sources),
        "question_id": question.id,
        "tier": answer.tier.value,
        "model": answer.model,
        "text": answer.text,
        "best_effort": answer.best_effort,
        "can_escalate": result.can_escalate,
        "latency_ms": answer.latency_ms,
        "cost_usd": cost.usd,
        "cost_source": cost.source.value,
        "answered_at": at,
        "expires_at": expires_at,
    } | _caution_values(result.caution)


def attempt_lines(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[AttemptLine, ...]]:
    """Return the attempts of questions, in their order."""
    rows = (connection.execute(select(attempts).where(attempts.c.question_id.in_(ids)).order_by(attempts.c.id))).mappings().all()
    lines: dict[str, tuple[AttemptLine, ...]] = {}
    for row in rows:
        if row["tier"] == Tier.CACHE.value:
            continue  # the cache's own answer and its embeddings are no model that was asked
        line = AttemptLine(Tier(row["tier"]), row["target"], Outcome(row["outcome"]), row["latency_ms"])
        lines[row["question_id"]] = (*lines.get(row["question_id"], ()), line)
    return lines


def sources_of(connection: Connection, ids: Sequence[str]) -> dict[str, RowMapping]:
    """Return the text and the time of the answers that were served again, by question."""
    if not ids:
        return {}
    wanted = select(questions.c.id, questions.c.text, answers.c.answered_at).join(answers, answers.c.question_id == questions.c.id)
    return {row["id"]: row for row in connection.execute(wanted.where(questions.c.id.in_(ids))).mappings()}


def _is_flagged(connection: Connection, question_id: str) -> bool:
    """Whether a flag came before the answer: it must not be served again then."""
    standing = and_(flags.c.question_id == question_id, flags.c.helpful.is_(False), flags.c.retracted_at.is_(None))
    return connection.execute(select(flags.c.user).where(standing)).first() is not None


def _match_of(row: RowMapping, sources: dict[str, RowMapping]) -> Matched | None:
    source = sources.get(row[answers.c.source])
    if source is None:
        return None
    return Matched(source["id"], source["text"], source["answered_at"], row[answers.c.similarity], row[answers.c.match_reason])


def _failed_of(asked: Mapping[str, Any]) -> Failed:
    cause = Cause(asked["failure_cause"] or Cause.GAVE_UP)
    return Failed(asked["failure"] or "", cause, asked["failure_until"], _offers_of(asked["failure_offers"]))


def _caution_of(row: RowMapping) -> Caution | None:
    """Read the caution above an answer; a note of an older version is one about best effort or about the budget."""
    text = row[answers.c.note]
    if not text:
        return None
    older = Concern.BEST_EFFORT if row[answers.c.best_effort] else Concern.BUDGET
    concern = Concern(row[answers.c.concern] or older)
    return Caution(concern, text, row[answers.c.concern_until], _offers_of(row[answers.c.concern_offers]))


def record_of(row: RowMapping, made: dict[str, tuple[AttemptLine, ...]], sources: dict[str, RowMapping]) -> Record:
    """Read a record from a row that joins a question with its answer and decision."""
    asked = {column.name: row[column] for column in questions.c}
    question = question_of(asked)
    if row[answers.c.text] is None:
        return Record(question, _failed_of(asked))
    reply = Answered(
        text=row[answers.c.text],
        badge=Badge.of(Tier(row[answers.c.tier]), best_effort=row[answers.c.best_effort]),
        model=row[answers.c.model],
        seconds=row[answers.c.latency_ms] / 1000,
        usd=row[answers.c.cost_usd],
        cost_source=CostSource(row[answers.c.cost_source]),
        reasons=tuple(row[decisions.c.reasons] or ()),
        attempts=made.get(question.id, ()),
        parent=question.parent if question.kind in _BESIDE else "",
        can_escalate=row[answers.c.can_escalate],
        caution=_caution_of(row),
        match=_match_of(row, sources),
        sources=read_sources(row[answers.c.sources]),
    )
    return Record(question, reply)
