"""Puts answers into a store as a worker would."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.store.result import Result
from bot.store.store import Store
from router.types import Answer, Mode, Query
from tests.fakes.questions import make_question


async def keep_answer(store: Store, query: Query, answer: Answer, *, before: Callable[[], Awaitable[None]] | None = None) -> None:
    """Take the query's question into the inbox, claim it and keep the answer; `before` is awaited before that."""
    question = make_question(query.text, question_id=query.id)
    claim = await store.inbox.add_claimed(question)
    if before:
        await before()
    at = store.inbox._clock()
    ttl_s = answer.entry.ttl_s if answer.entry else 0
    result = Result(Mode.ON, answer.decision, answer.attempts, answer)
    await store.records.keep(claim, result, at=at, expires_at=at + timedelta(seconds=ttl_s))
