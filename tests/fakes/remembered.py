"""Answers that were given before: put into a store with what finds them again, as a worker would."""

from bot.store.store import Store
from router.cache import entry_of
from router.sameness import read
from router.types import Answer, Decision, Entry, Query, Scope, Tier, Visibility, Volatility
from tests.fakes.records import keep_answer

DECISION = Decision(Tier.SMALL, Volatility.CONFIG, ())


async def remembered(store: Store, text: str, question_id: str, ttl_s: int = 86_400) -> Entry:
    """Answer a public question by a model and keep the answer, without an index."""
    query = Query(text, Scope("T1", Visibility.PUBLIC), id=question_id)
    entry = entry_of(read(text), query, ttl_s)
    await keep_answer(store, query, Answer("an answer", Tier.SMALL, "m", DECISION, (), 1, entry=entry))
    return entry
