"""The cache serves an earlier answer to the same question, never another's, and never stands in the way."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.store import Store, make_store
from router.cache import SemanticCache, Tuning
from router.embedder import WordLlamaEmbedder
from router.entities import find_entities
from router.index import IndexFailure, Reason
from router.types import Answer, Decision, Query, Scope, Tier, Visibility, Volatility
from tests.fakes.clock import FakeClock
from tests.fakes.records import keep_answer
from tests.fakes.vector_index import FakeIndex

DAY_S = 86_400
SCOPE = Scope("T1", Visibility.PUBLIC)
ASKED = "what's the BGP peer status on router edge-1?"
SAME = "What is the bgp peer status on router edge-1"
OTHER_ROUTER = "what's the BGP peer status on router edge-2?"


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.require(database)
    yield make_store(database, clock)
    await database.close()


@pytest.fixture
def index() -> FakeIndex:
    return FakeIndex()


@pytest.fixture
def cache(store: Store, index: FakeIndex, clock: FakeClock) -> SemanticCache:
    embedder = WordLlamaEmbedder()
    return SemanticCache(store.entries, index, embedder, Tuning(embedder.threshold, 0.5), clock)


def query(text: str, number: int = 1, scope: Scope = SCOPE) -> Query:
    return Query(text, scope, id=f"q_{number}")


async def answer(store: Store, cache: SemanticCache, asked: Query, by: Tier = Tier.SMALL) -> None:
    """Answer a query by a model and let the cache remember it."""
    found = await cache.look_up(asked, DAY_S)
    assert found.entry, "nothing to remember it by"
    decision = Decision(Tier.SMALL, Volatility.CONFIG, ())
    given = Answer(f"answer to {asked.text}", by, "m", decision, (), 10, entry=found.entry)
    await keep_answer(store, asked, given)
    await cache.remember(found.entry)


async def served(cache: SemanticCache, asked: Query) -> str | None:
    found = await cache.look_up(asked, DAY_S)
    return found.stored.answer if found.stored else None


async def test_the_same_question_in_other_words_is_served(store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED))
    assert await served(cache, query(ASKED, 2)) == f"answer to {ASKED}"
    assert await served(cache, query(SAME, 3)) == f"answer to {ASKED}"


async def test_the_answer_for_another_router_is_not_served(store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED))
    assert await served(cache, query(OTHER_ROUTER, 2)) is None


@pytest.mark.parametrize(
    "other",
    [Scope("T2", Visibility.PUBLIC), Scope("T1", Visibility.PRIVATE, "C1"), Scope("T1", Visibility.DIRECT, "U1")],
)
async def test_an_answer_never_leaves_its_scope(other: Scope, store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED))
    assert await served(cache, query(ASKED, 2, other)) is None
    assert await served(cache, query(SAME, 3, other)) is None


async def test_an_answer_is_served_for_its_time_and_no_hit_makes_that_longer(store: Store, cache: SemanticCache, clock: FakeClock) -> None:
    await answer(store, cache, query(ASKED))
    clock.advance(DAY_S - 1)
    assert await served(cache, query(ASKED, 2))
    clock.advance(2)
    assert await served(cache, query(ASKED, 3)) is None
    assert await served(cache, query(SAME, 4)) is None


async def test_live_state_is_neither_looked_up_nor_remembered(cache: SemanticCache) -> None:
    found = await cache.look_up(query(ASKED), 0)
    assert (found.stored, found.entry) == (None, None)


@pytest.mark.parametrize("text", ["and the other one?", "yes, do it", "what about that?"])
async def test_a_question_that_needs_its_thread_is_never_matched(text: str, cache: SemanticCache) -> None:
    assert (await cache.look_up(query(text), DAY_S)).entry is None


@pytest.mark.parametrize("why", [Evicted.FLAGGED, Evicted.MISMATCH])
async def test_a_blocked_answer_is_not_served_and_its_question_is_not_remembered_again(
    why: Evicted, store: Store, cache: SemanticCache
) -> None:
    await answer(store, cache, query(ASKED))
    await store.entries.evict(why, question_id="q_1")
    for number, text in ((2, ASKED), (3, SAME)):
        found = await cache.look_up(query(text, number), DAY_S)
        assert (found.stored, found.entry) == (None, None)


async def test_what_is_named_in_a_change_is_not_served_and_may_be_answered_anew(store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED))
    (named,) = find_entities("EDGE-1")
    assert await store.entries.evict(Evicted.CHANGED, name=named.value) == ("q_1",)
    found = await cache.look_up(query(SAME, 2), DAY_S)
    assert found.stored is None
    assert found.entry


async def test_a_fresh_answer_replaces_the_one_before(store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED))
    await answer(store, cache, replace(query(ASKED, 2), fresh=True))
    found = await cache.look_up(query(ASKED, 3), DAY_S)
    assert found.match
    assert found.match.question_id == "q_2"


@pytest.mark.parametrize("reason", list(Reason))
async def test_a_broken_index_costs_hits_and_nothing_else(
    reason: Reason, store: Store, cache: SemanticCache, index: FakeIndex, caplog: pytest.LogCaptureFixture
) -> None:
    index.failure = IndexFailure(reason, "why")
    with caplog.at_level(logging.WARNING):
        await answer(store, cache, query(ASKED))
    assert await served(cache, query(ASKED, 2)) == f"answer to {ASKED}", "the exact match needs no index"
    assert await served(cache, query(SAME, 3)) is None
    assert "edge-1" not in caplog.text
    assert caplog.text.count("cache skipped") >= 1


async def test_a_slow_index_is_skipped_at_its_deadline(store: Store, index: FakeIndex, clock: FakeClock) -> None:
    embedder = WordLlamaEmbedder()
    await embedder.embed(["warm"])
    cache = SemanticCache(store.entries, index, embedder, Tuning(0.0, 0.05), clock)
    await answer(store, cache, query(ASKED))
    index.delay_s = 30
    async with asyncio.timeout(5):
        assert await served(cache, query(SAME, 2)) is None


async def test_two_askers_of_one_question_wait_for_one_model_call(store: Store, cache: SemanticCache, clock: FakeClock) -> None:
    first = await cache.look_up(query(ASKED), DAY_S, patience_s=30)
    waiting = asyncio.create_task(cache.look_up(query(ASKED, 2), DAY_S, patience_s=30))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    assert first.entry
    decision = Decision(Tier.SMALL, Volatility.CONFIG, ())
    await keep_answer(store, query(ASKED), Answer("one", Tier.SMALL, "m", decision, (), 10, entry=first.entry))
    found = await asyncio.wait_for(waiting, 5)
    assert found.stored
    assert found.stored.answer == "one"


async def test_who_waits_goes_on_when_the_first_call_failed(store: Store, cache: SemanticCache) -> None:
    await cache.look_up(query(ASKED), DAY_S, patience_s=30)
    waiting = asyncio.create_task(cache.look_up(query(ASKED, 2), DAY_S, patience_s=30))
    await asyncio.sleep(0.2)
    await store.entries.land("q_1")
    found = await asyncio.wait_for(waiting, 5)
    assert found.entry
    assert found.entry.question_id == "q_2"


async def test_an_index_is_restored_from_the_store(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    await answer(store, cache, query(ASKED))
    index.points.clear()
    async for batch in store.entries.servable():
        await cache.restore(batch)
    assert await served(cache, query(SAME, 2)) == f"answer to {ASKED}"


async def test_a_channel_that_wants_the_frontier_model_is_not_served_an_answer_of_the_small_one(store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED))
    for number, text in enumerate((ASKED, SAME), start=2):
        found = await cache.look_up(replace(query(text, number), forced=Tier.FRONTIER), DAY_S)
        assert found.stored is None
        assert found.entry
    over_budget = replace(query(ASKED, 4), forced=Tier.FRONTIER, ceiling=Tier.SMALL)
    assert (await cache.look_up(over_budget, DAY_S)).stored


async def test_an_answer_of_the_frontier_model_is_served_to_whoever_asks(store: Store, cache: SemanticCache) -> None:
    await answer(store, cache, query(ASKED), Tier.FRONTIER)
    assert (await cache.look_up(replace(query(SAME, 2), forced=Tier.FRONTIER), DAY_S)).stored
    assert (await cache.look_up(query(SAME, 3), DAY_S)).stored
