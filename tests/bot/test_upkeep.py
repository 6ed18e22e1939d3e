"""The owner of an index keeps it in step with the store: fills it, rebuilds it when asked, forgets what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot import upkeep
from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.store import Store, make_store
from bot.store.switches import INDEX_ADD, INDEX_REMOVE
from bot.upkeep import PROGRESS, REBUILD, Upkeep, fill, rebuild
from router.cache import SemanticCache, Tuning
from router.embedder import WordLlamaEmbedder
from router.index import IndexFailure, Reason
from tests.fakes.clock import FakeClock
from tests.fakes.remembered import remembered
from tests.fakes.vector_index import FakeIndex

TEXT = "what is the management IP of edge-{}?"


@pytest.fixture
def store(database: Database, clock: FakeClock) -> Store:
    return make_store(database, clock)


@pytest.fixture
def index() -> FakeIndex:
    return FakeIndex()


@pytest.fixture
def cache(store: Store, index: FakeIndex, clock: FakeClock) -> SemanticCache:
    return SemanticCache(store.entries, index, WordLlamaEmbedder(), Tuning(0.25, 5), clock)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the switches a hundred times as often."""
    monkeypatch.setattr(upkeep, "POLL_S", 0.02)
    monkeypatch.setattr(upkeep, "TIDY_S", 0.1)


@asynccontextmanager
async def running(cache: SemanticCache, store: Store) -> AsyncIterator[None]:
    task = asyncio.create_task(Upkeep(cache, store.entries, store.switches).run())
    try:
        yield
    finally:
        assert not task.done(), "upkeep goes on whatever happens"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 (what upkeep does sets no event here)
            await asyncio.sleep(0.01)


async def gone(store: Store, prefix: str) -> None:
    async with asyncio.timeout(10):
        while await store.switches.all(prefix):  # noqa: ASYNC110 (a row in the database sets no event)
            await asyncio.sleep(0.01)


async def several(store: Store, count: int = 3) -> list[str]:
    return [(await remembered(store, TEXT.format(number), f"q_{number}")).question_id for number in range(count)]


async def test_an_empty_index_is_filled_without_anybody_asking(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    names = await several(store)
    async with running(cache, store):
        await until(lambda: sorted(index.points) == names)


async def test_an_answer_that_a_dead_worker_did_not_index_is_put_in(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    await cache.remember(await remembered(store, TEXT.format(1), "q_1"))
    await remembered(store, TEXT.format(2), "q_2")
    async with running(cache, store):
        await until(lambda: sorted(index.points) == ["q_1", "q_2"])


async def test_an_answer_that_came_while_the_index_was_down_is_put_in_once_it_is_back(
    store: Store, cache: SemanticCache, index: FakeIndex
) -> None:
    index.failure = IndexFailure(Reason.DOWN)
    async with running(cache, store):
        await cache.remember(await remembered(store, TEXT.format(1), "q_1"))
        await asyncio.sleep(0.1)
        index.failure = None
        await until(lambda: list(index.points) == ["q_1"])


async def test_an_index_that_lacks_nothing_is_not_written(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    names = await several(store)
    async with running(cache, store):
        await until(lambda: len(index.points) == len(names))
        before = dict(index.points)
        await asyncio.sleep(0.3)
    assert all(index.points[name] is before[name] for name in names)


async def test_what_expired_is_taken_out(store: Store, cache: SemanticCache, index: FakeIndex, clock: FakeClock) -> None:
    await cache.remember(await remembered(store, TEXT.format(1), "q_1", ttl_s=60))
    await cache.remember(await remembered(store, TEXT.format(2), "q_2", ttl_s=3600))
    clock.advance(60)
    async with running(cache, store):
        await until(lambda: list(index.points) == ["q_2"])


async def test_a_rebuild_is_done_when_the_switch_asks_for_it_and_tells_how_far_it_is(
    store: Store, cache: SemanticCache, index: FakeIndex
) -> None:
    names = await several(store)
    async with running(cache, store):
        await until(lambda: len(index.points) == len(names))
        index.points = {"q_stale": index.points["q_0"]}
        await store.switches.set(REBUILD, "now")
        await gone(store, REBUILD)
    assert sorted(index.points) == names
    assert await store.switches.all(PROGRESS) == {PROGRESS: "3"}


async def test_a_rebuild_that_fails_is_tried_again(
    store: Store, cache: SemanticCache, index: FakeIndex, caplog: pytest.LogCaptureFixture
) -> None:
    names = await several(store)
    index.failure = IndexFailure(Reason.FULL, "no room")
    await store.switches.set(REBUILD, "now")
    async with running(cache, store):
        await until(lambda: "index upkeep: vector index full: no room" in caplog.text)
        assert REBUILD in await store.switches.all("index.")
        index.failure = None
        await gone(store, REBUILD)
    assert sorted(index.points) == names


async def test_what_is_to_be_forgotten_is_taken_out_by_its_switch(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    await several(store)
    await store.entries.evict(Evicted.FORGOTTEN, question_id="q_0")
    await store.entries.evict(Evicted.FORGOTTEN, question_id="q_1")
    async with running(cache, store):
        await store.switches.set(INDEX_REMOVE + "a", json.dumps(["q_0", "q_unknown"]))
        await store.switches.set(INDEX_REMOVE + "b", json.dumps(["q_1"]))
        await gone(store, INDEX_REMOVE)
    assert list(index.points) == ["q_2"]


async def test_what_is_to_be_taken_in_is_by_its_switch(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    names = await several(store)
    async with running(cache, store):
        await until(lambda: len(index.points) == len(names))
        await remembered(store, TEXT.format(9), "q_9")
        await store.switches.set(f"{INDEX_ADD}1", json.dumps(["q_9", "q_gone"]))
        await gone(store, INDEX_ADD)
    assert "q_9" in index.points


async def test_a_rebuild_puts_back_neither_what_was_evicted_nor_what_expired(
    store: Store, cache: SemanticCache, index: FakeIndex, clock: FakeClock
) -> None:
    await remembered(store, TEXT.format(7), "q_7", ttl_s=60)
    clock.advance(60)
    await several(store)
    await store.entries.evict(Evicted.CHANGED, question_id="q_0")
    await store.entries.evict(Evicted.FLAGGED, question_id="q_1")
    assert [done async for done in rebuild(cache, store.entries)] == [0, 2]
    assert sorted(index.points) == ["q_1", "q_2"], "what is blocked stays findable, so that it keeps its question out"


async def test_filling_does_not_empty_the_index_first(store: Store, cache: SemanticCache, index: FakeIndex) -> None:
    await several(store)
    kept = await remembered(store, "what is vlan 7 for?", "q_kept")
    await cache.remember(kept)
    point = index.points["q_kept"]
    index.points["q_other"] = point
    assert [done async for done in fill(cache, store.entries)] == [4]
    assert set(index.points) == {"q_0", "q_1", "q_2", "q_kept", "q_other"}
