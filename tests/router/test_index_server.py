"""A Qdrant server that is down, slow, wrong or forgetful fails a call in time, by its right name, and for no longer than it lasts."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from qdrant_client import AsyncQdrantClient, models

from router.index import IndexFailure, Near, Point, Reason, collection_name
from router.index_server import Patience, ServerIndex
from tests.fakes.qdrant_server import FakeQdrant, Fault, running_qdrant

SIZE = 4
EAST = (1.0, 0.0, 0.0, 0.0)
ANSWER = Point("q_1", EAST, "t", "", expires_at=2e9)
SHORT = Patience(read_s=0.3, write_s=0.5)
MUCH_LATER = 3.0
"""Seconds: far beyond what a call may take here, far below what it would take without a deadline."""

REASONS = {
    Fault.HANG: Reason.SLOW,
    Fault.DRIP: Reason.SLOW,
    Fault.RESET: Reason.DOWN,
    Fault.GARBAGE: Reason.BROKEN,
    Fault.OTHER_FORM: Reason.BROKEN,
    Fault.ERROR: Reason.BROKEN,
    Fault.FULL: Reason.FULL,
    Fault.SIZE: Reason.WRONG_SIZE,
    Fault.UNAVAILABLE: Reason.DOWN,
    Fault.LIMITED: Reason.SLOW,
    Fault.UNAUTHORIZED: Reason.BROKEN,
}


@pytest.fixture
async def server() -> AsyncIterator[tuple[FakeQdrant, str]]:
    async with running_qdrant() as running:
        yield running


@pytest.fixture
async def index(server: tuple[FakeQdrant, str]) -> AsyncIterator[ServerIndex]:
    """An index in a hurry, on a collection that holds one answer."""
    client = AsyncQdrantClient(url=server[1], check_compatibility=False)
    await ServerIndex(server[1], None, "embedder", SIZE, client=client).put([ANSWER])
    made = ServerIndex(server[1], None, "embedder", SIZE, client=client, patience=SHORT)
    assert await made.count() == 1
    yield made
    await made.close()


async def nearest(index: ServerIndex) -> tuple[Near, ...]:
    return await index.nearest(EAST, "t", "", now=0.0, limit=5)


async def failing(index: ServerIndex) -> Reason:
    with pytest.raises(IndexFailure) as caught:
        await nearest(index)
    return caught.value.reason


@pytest.mark.parametrize("fault", REASONS)
async def test_a_fault_fails_a_search_in_time_by_its_name_and_only_while_it_lasts(
    server: tuple[FakeQdrant, str], index: ServerIndex, fault: Fault
) -> None:
    server[0].fault = fault
    started = time.monotonic()
    assert await failing(index) is REASONS[fault]
    assert time.monotonic() - started < MUCH_LATER
    server[0].fault = Fault.NONE
    assert [near.id for near in await nearest(index)] == ["q_1"]


@pytest.mark.parametrize("fault", REASONS)
async def test_a_fault_on_writing_leaves_reading_alone(server: tuple[FakeQdrant, str], index: ServerIndex, fault: Fault) -> None:
    server[0].fault, server[0].at = fault, "/points"
    with pytest.raises(IndexFailure) as caught:
        await index.put([ANSWER])
    assert caught.value.reason is REASONS[fault]
    assert [near.id for near in await nearest(index)] == ["q_1"]


@pytest.mark.parametrize("fault", REASONS)
async def test_a_fault_at_the_start_is_over_when_the_server_is_well(server: tuple[FakeQdrant, str], fault: Fault) -> None:
    server[0].fault = fault
    index = ServerIndex(server[1], None, "embedder", SIZE, patience=SHORT)
    assert await failing(index) is REASONS[fault]
    server[0].fault = Fault.NONE
    if REASONS[fault] is Reason.SLOW:
        await asyncio.sleep(SHORT.write_s)  # an attempt that began before may still be waiting
    await index.put([ANSWER])
    assert [near.id for near in await nearest(index)] == ["q_1"]
    await index.close()


async def test_a_server_that_is_not_there_is_down(server: tuple[FakeQdrant, str]) -> None:
    free = server[1].rpartition(":")[0] + ":1"
    index = ServerIndex(free, None, "embedder", SIZE, patience=SHORT)
    assert await failing(index) is Reason.DOWN
    await index.close()


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
async def test_the_callers_own_deadline_holds_and_leaves_the_index_usable(server: tuple[FakeQdrant, str], fault: Fault) -> None:
    index = ServerIndex(server[1], None, "embedder", SIZE)
    await index.put([ANSWER])
    server[0].fault = fault
    started = time.monotonic()
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await nearest(index)
    assert time.monotonic() - started < MUCH_LATER
    server[0].fault = Fault.NONE
    assert [near.id for near in await nearest(index)] == ["q_1"]
    await index.close()


async def test_a_caller_that_gives_up_does_not_stop_the_collection_from_being_made(server: tuple[FakeQdrant, str]) -> None:
    fake, url = server
    fake.fault, fake.at = Fault.HANG, "/exists"
    index = ServerIndex(url, None, "embedder", SIZE)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await nearest(index)
    fake.end()
    assert await nearest(index) == ()
    assert fake.asked("/exists") == 1
    await index.close()


async def test_a_collection_that_disappears_is_made_anew(server: tuple[FakeQdrant, str], index: ServerIndex) -> None:
    fake, _ = server
    await fake.lose()
    assert await nearest(index) == ()
    await index.put([ANSWER])
    assert [near.id for near in await nearest(index)] == ["q_1"]
    assert set(fake.indexes[collection_name("embedder", SIZE)]) == {"within", "about", "expires_at"}


async def test_a_write_finds_its_collection_gone_and_is_not_lost(server: tuple[FakeQdrant, str], index: ServerIndex) -> None:
    await server[0].lose()
    await index.put([ANSWER])
    assert await index.count() == 1


async def test_scope_entities_and_expiry_are_indexed_by_their_kind(server: tuple[FakeQdrant, str], index: ServerIndex) -> None:
    kinds = server[0].indexes[collection_name("embedder", SIZE)]
    assert kinds == {"within": "keyword", "about": "keyword", "expires_at": "float"}


async def test_a_payload_index_that_is_missing_is_added_to_an_old_collection(server: tuple[FakeQdrant, str], index: ServerIndex) -> None:
    fake, url = server
    del fake.indexes[collection_name("embedder", SIZE)]["about"]
    second = ServerIndex(url, None, "embedder", SIZE)
    assert await second.count() == 1
    assert "about" in fake.indexes[collection_name("embedder", SIZE)]
    await second.close()


async def test_many_searches_at_once_make_one_collection(server: tuple[FakeQdrant, str]) -> None:
    fake, url = server
    first, second = (ServerIndex(url, None, "other", SIZE) for _ in range(2))
    assert await asyncio.gather(*(nearest(one) for one in (first, second) * 5)) == [()] * 10
    assert fake.asked("/exists") <= 4
    await asyncio.gather(first.close(), second.close())


async def test_a_collection_of_another_size_is_refused(server: tuple[FakeQdrant, str]) -> None:
    fake, url = server
    vectors = models.VectorParams(size=SIZE + 1, distance=models.Distance.COSINE)
    await fake.engine.create_collection(collection_name("embedder", SIZE), vectors_config=vectors)
    index = ServerIndex(url, None, "embedder", SIZE)
    assert await failing(index) is Reason.WRONG_SIZE
    await index.clear()
    assert await nearest(index) == ()
    await index.close()


async def test_two_embedders_do_not_share_a_collection(server: tuple[FakeQdrant, str], index: ServerIndex) -> None:
    other = ServerIndex(server[1], None, "another", SIZE)
    assert await nearest(other) == ()
    await other.clear()
    assert await index.count() == 1
    await other.close()


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
async def test_the_key_goes_with_every_request_and_into_no_message(server: tuple[FakeQdrant, str]) -> None:
    fake, url = server
    index = ServerIndex(url, SecretStr("sesame"), "embedder", SIZE)
    await index.put([ANSWER])
    assert fake.keys == {"sesame"}
    fake.fault = Fault.UNAUTHORIZED
    with pytest.raises(IndexFailure) as caught:
        await nearest(index)
    assert "API key" in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert url not in str(caught.value)
    await index.close()


async def test_a_large_put_goes_in_bounded_requests(server: tuple[FakeQdrant, str]) -> None:
    fake, url = server
    index = ServerIndex(url, None, "large", 1024)
    vector = [1.0] * 1024
    await index.put([Point(f"q_{number}", vector, "t", "") for number in range(20)])
    assert fake.asked("/points") == 3
    assert await index.count() == 20
    await index.close()


async def test_a_client_that_is_given_is_closed_with_the_index() -> None:
    client = AsyncQdrantClient(":memory:")
    index = ServerIndex("", None, "embedder", SIZE, client=client)
    await index.close()
    with pytest.raises(RuntimeError):
        await client.get_collections()
