"""What a review does to the cache: takes an answer out of service, lets it in again, or puts a better one in its place."""

import json
import secrets

from sqlalchemy import Connection, RowMapping, and_, exists, insert, or_, select, update

from bot.evals.types import Fault, Review, Verdict
from bot.store.entries import BLOCKING, Evicted, evict, label_pair
from bot.store.eval_tables import reviews
from bot.store.flags import resolve_flags
from bot.store.switches import INDEX_ADD, INDEX_REMOVE
from bot.store.tables import answers, entries, entry_names, pairs, questions, switches
from bot.types import Kind, Resolution
from router.types import CostSource

REVIEWER = "reviewer"
"""Where an answer's model stands: a person wrote it."""

RESOLUTIONS = {Verdict.ACCEPTABLE: Resolution.DISMISSED, Verdict.NOT_ACCEPTABLE: Resolution.UPHELD}


def follow(connection: Connection, review: Review) -> None:
    """Let the cache follow a verdict, and close the flags that it settles."""
    if resolution := RESOLUTIONS.get(review.verdict):
        resolve_flags(connection, review.question_id, resolution, review.reviewer, review.at)
    served = connection.scalar(select(answers.c.source).where(answers.c.question_id == review.question_id)) or review.question_id
    if review.verdict is Verdict.NOT_ACCEPTABLE:
        other = review.fault is Fault.WRONG_MATCH and served != review.question_id
        why = Evicted.MISMATCH if other else Evicted.REVIEWED
        evict(connection, entries.c.question_id == served, why, review.at)
        if served != review.question_id:
            label_pair(connection, served, review.question_id, why, review.at)
    elif review.verdict is Verdict.ACCEPTABLE and not _is_refused(connection, served):
        blocked = and_(entries.c.question_id == served, entries.c.blocked, entries.c.evicted_why.in_([why.value for why in BLOCKING]))
        connection.execute(update(entries).where(blocked).values(evicted_at=None, evicted_why="", blocked=False))


def _is_refused(connection: Connection, served: str) -> bool:
    """Whether any reviewer says that an answer, or one that was served from it, is not acceptable."""
    same = or_(reviews.c.question_id == served, reviews.c.question_id.in_(select(answers.c.question_id).where(answers.c.source == served)))
    return bool(connection.scalar(select(exists().where(same, reviews.c.verdict == Verdict.NOT_ACCEPTABLE.value))))


def correct(connection: Connection, review: Review) -> None:
    """Put a correction where the entry was that the answer came from, for as long as an answer to that question may be served.

    Nothing is put where there is no such entry, or where the earlier answer was right, but for another question.
    """
    asked = connection.execute(select(answers).where(answers.c.question_id == review.question_id)).mappings().first()
    if asked is None or (asked["source"] and review.fault is Fault.WRONG_MATCH):
        return
    old_id = asked["source"] or review.question_id
    entry = connection.execute(select(entries).where(entries.c.question_id == old_id)).mappings().first()
    answer = connection.execute(select(answers).where(answers.c.question_id == old_id)).mappings().first()
    if entry is None or answer is None:
        return
    same = and_(entries.c.scope == entry["scope"], entries.c.canonical == entry["canonical"])
    evict(connection, same, Evicted.REPLACED, review.at)
    connection.execute(update(entries).where(same).values(blocked=False))
    new_id = "q_" + secrets.token_hex(8)
    _write_answer(connection, new_id, answer, review)
    connection.execute(insert(pairs).values(first=old_id, second=new_id, kind=Kind.CORRECTION.value, at=review.at))
    until = review.at + (entry["expires_at"] - answer["answered_at"])
    fresh = {"question_id": new_id, "expires_at": until, "evicted_at": None, "evicted_why": "", "blocked": False}
    connection.execute(insert(entries).values(dict(entry) | fresh))
    names = connection.execute(select(entry_names.c.name).where(entry_names.c.question_id == old_id)).scalars().all()
    if names:
        connection.execute(insert(entry_names), [{"question_id": new_id, "name": name} for name in names])
    for switch, ids in ((INDEX_REMOVE, [old_id]), (INDEX_ADD, [new_id])):
        value = {"name": switch + secrets.token_hex(4), "value": json.dumps(ids), "set_at": review.at}
        connection.execute(insert(switches).values(value))


def _write_answer(connection: Connection, new_id: str, answer: RowMapping, review: Review) -> None:
    """Write the corrected answer, with its question's words and place, as an answer that nobody asked for."""
    asked = connection.execute(select(questions).where(questions.c.id == answer["question_id"])).mappings().one()
    place = {"id": new_id, "kind": Kind.CORRECTION.value, "parent": asked["id"], "asked_at": review.at, "recorded_at": review.at}
    connection.execute(insert(questions).values(dict(asked) | place))
    said = {
        "question_id": new_id,
        "model": REVIEWER,
        "text": review.correction.replace("\0", ""),
        "best_effort": False,
        "can_escalate": False,
        "note": "",
        "latency_ms": 0,
        "cost_usd": None,
        "cost_source": CostSource.UNKNOWN.value,
        "answered_at": review.at,
        "expires_at": review.at,
    }
    connection.execute(insert(answers).values(dict(answer) | said))
