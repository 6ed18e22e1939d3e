"""What every vector index does: one suite over Qdrant Edge, the client's in-memory mode and a server."""

import math
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qdrant_client import AsyncQdrantClient

from router.index import FOREVER, IndexFailure, Near, Point, Reason
from router.index_edge import EdgeIndex
from router.index_server import ServerIndex
from tests.fakes.qdrant_server import running_qdrant

# The in-memory mode says once that it does without payload indexes.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

SIZE = 4
NOW = 1_800_000_000.0
EAST = (1.0, 0.0, 0.0, 0.0)
NORTH = (0.0, 1.0, 0.0, 0.0)
WEST = (-1.0, 0.0, 0.0, 0.0)
NORTH_EAST = (math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0)

Index = EdgeIndex | ServerIndex


@pytest.fixture(params=["edge", "memory", "server"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    async with AsyncExitStack() as stack:
        made: Index
        if request.param == "edge":
            made = EdgeIndex(tmp_path, "embedder", SIZE)
        elif request.param == "memory":
            made = ServerIndex("", None, "embedder", SIZE, client=AsyncQdrantClient(":memory:"))
        else:
            _, url = await stack.enter_async_context(running_qdrant())
            made = ServerIndex(url, None, "embedder", SIZE)
        stack.push_async_callback(made.close)
        yield made


def point(name: str, vector: Sequence[float] = EAST, scope: str = "t/public", entities: str = "", **more: object) -> Point:
    return Point(name, vector, scope, entities, expires_at=NOW + 60, **more)  # type: ignore[arg-type]  # what a test wants to fix


async def ids(index: Index, vector: Sequence[float] = EAST, scope: str = "t/public", entities: str = "", limit: int = 10) -> list[str]:
    return [near.id for near in await index.nearest(vector, scope, entities, now=NOW, limit=limit)]


async def test_what_was_put_is_found(index: Index) -> None:
    await index.put([point("q_1")])
    (near,) = await index.nearest(EAST, "t/public", "", now=NOW, limit=5)
    assert isinstance(near, Near)
    assert near.id == "q_1"
    assert near.similarity == pytest.approx(1.0)


async def test_an_empty_index_finds_nothing(index: Index) -> None:
    assert await ids(index) == []
    assert await index.count() == 0


async def test_similarity_is_the_cosine_from_minus_one_to_one(index: Index) -> None:
    await index.put([point("q_e", EAST), point("q_n", NORTH), point("q_ne", NORTH_EAST), point("q_w", WEST)])
    found = await index.nearest(EAST, "t/public", "", now=NOW, limit=10)
    assert {near.id: near.similarity for near in found} == {
        "q_e": pytest.approx(1.0),
        "q_ne": pytest.approx(math.sqrt(0.5)),
        "q_n": pytest.approx(0.0, abs=1e-6),
        "q_w": pytest.approx(-1.0),
    }
    assert all(-1.0 <= near.similarity <= 1.0 for near in found)


async def test_the_length_of_a_vector_does_not_matter(index: Index) -> None:
    await index.put([point("q_1", (3.0, 4.0, 0.0, 0.0))])
    (near,) = await index.nearest((30.0, 40.0, 0.0, 0.0), "t/public", "", now=NOW, limit=1)
    assert near.similarity == pytest.approx(1.0)


async def test_the_nearest_come_first_and_no_more_than_asked_for(index: Index) -> None:
    await index.put([point("q_w", WEST), point("q_ne", NORTH_EAST), point("q_n", NORTH), point("q_e", EAST)])
    assert await ids(index) == ["q_e", "q_ne", "q_n", "q_w"]
    assert await ids(index, limit=2) == ["q_e", "q_ne"]


async def test_another_scope_is_never_found(index: Index) -> None:
    await index.put([point("q_1", scope="t/public"), point("q_2", scope="t/dm/u1"), point("q_3", scope="t2/public")])
    assert await ids(index, scope="t/dm/u1") == ["q_2"]
    assert await ids(index, scope="t/dm/u2") == []
    assert await ids(index, scope="t") == []


async def test_other_entities_are_never_found(index: Index) -> None:
    await index.put([point("q_1", entities="host:edge-1:"), point("q_2", entities="host:edge-2:")])
    assert await ids(index, entities="host:edge-2:") == ["q_2"]
    assert await ids(index, entities="host:edge-3:") == []


async def test_no_entities_are_not_any_entities(index: Index) -> None:
    await index.put([point("q_1", entities=""), point("q_2", entities="host:edge-1:")])
    assert await ids(index, entities="") == ["q_1"]
    assert await ids(index, entities="host:edge-1:") == ["q_2"]


async def test_a_part_of_the_entities_is_not_the_entities(index: Index) -> None:
    both = "host:edge-1: port:443/tcp:"
    await index.put([point("q_1", entities="host:edge-1:"), point("q_2", entities=both)])
    assert await ids(index, entities="host:edge-1:") == ["q_1"]
    assert await ids(index, entities=both) == ["q_2"]
    assert await ids(index, entities="port:443/tcp:") == []


async def test_letter_case_and_space_tell_scopes_and_entities_apart(index: Index) -> None:
    await index.put([point("q_1", scope="t/C1", entities="a b")])
    assert await ids(index, scope="t/c1", entities="a b") == []
    assert await ids(index, scope="t/C1", entities="a  b") == []
    assert await ids(index, scope="t/C1", entities="a b") == ["q_1"]


async def test_an_expired_answer_is_not_found(index: Index) -> None:
    await index.put([point("q_1")])
    assert [near.id for near in await index.nearest(EAST, "t/public", "", now=NOW + 59.5, limit=5)] == ["q_1"]
    assert await index.nearest(EAST, "t/public", "", now=NOW + 60, limit=5) == ()


async def test_a_point_without_an_expiry_is_not_found(index: Index) -> None:
    await index.put([Point("q_1", EAST, "t/public", "")])
    assert await index.nearest(EAST, "t/public", "", now=0.0, limit=5) == ()


async def test_a_point_that_never_expires_is_found(index: Index) -> None:
    await index.put([Point("q_1", EAST, "t/public", "", expires_at=math.inf)])
    assert [near.id for near in await index.nearest(EAST, "t/public", "", now=FOREVER / 2, limit=5)] == ["q_1"]


async def test_a_point_with_a_known_id_replaces_the_earlier_one(index: Index) -> None:
    await index.put([point("q_1", EAST, entities="a")])
    await index.put([point("q_1", NORTH, entities="b")])
    assert await index.count() == 1
    assert await ids(index, entities="a") == []
    (near,) = await index.nearest(NORTH, "t/public", "b", now=NOW, limit=5)
    assert near.id == "q_1"
    assert near.similarity == pytest.approx(1.0)


async def test_what_was_removed_is_not_found(index: Index) -> None:
    await index.put([point("q_1"), point("q_2", NORTH_EAST)])
    await index.remove(["q_1", "q_unknown"])
    assert await ids(index) == ["q_2"]
    assert await index.count() == 1


async def test_an_entity_takes_its_answers_along(index: Index) -> None:
    one, two = "host:core-rtr-1:", "host:core-rtr-10:"
    await index.put(
        [
            point("q_1", entities=one, entity_keys=(one,)),
            point("q_2", entities=two, entity_keys=(two,)),
            point("q_3", entities=f"{one} {two}", entity_keys=(one, two)),
        ]
    )
    await index.remove_about([one])
    assert await ids(index, entities=two) == ["q_2"]
    assert await index.count() == 1


async def test_a_tag_takes_its_answers_along(index: Index) -> None:
    await index.put([point("q_1", tags=("epoch:1",)), point("q_2", tags=("epoch:2",)), point("q_3")])
    await index.remove_about(["epoch:1", "epoch:7"])
    assert sorted(await ids(index)) == ["q_2", "q_3"]


async def test_the_expired_can_be_removed(index: Index) -> None:
    await index.put([point("q_1"), Point("q_2", EAST, "t/public", "", expires_at=NOW + 61)])
    await index.remove_expired(NOW + 60)
    assert await index.count() == 1
    assert await ids(index) == ["q_2"]


async def test_a_cleared_index_is_empty_and_takes_points_again(index: Index) -> None:
    await index.put([point("q_1")])
    await index.clear()
    assert await index.count() == 0
    await index.put([point("q_2")])
    assert await ids(index) == ["q_2"]


async def test_nothing_to_put_or_remove_is_no_failure(index: Index) -> None:
    await index.put([])
    await index.remove([])
    await index.remove_about([])
    assert await index.count() == 0


@pytest.mark.parametrize("vector", [(1.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0, 0.0), ()])
async def test_a_vector_of_another_size_is_refused(index: Index, vector: tuple[float, ...]) -> None:
    with pytest.raises(IndexFailure) as put:
        await index.put([point("q_1", vector)])
    with pytest.raises(IndexFailure) as asked:
        await index.nearest(vector, "t/public", "", now=NOW, limit=5)
    assert (put.value.reason, asked.value.reason) == (Reason.WRONG_SIZE, Reason.WRONG_SIZE)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e39])
async def test_a_vector_that_is_no_vector_is_refused(index: Index, value: float) -> None:
    with pytest.raises(IndexFailure) as put:
        await index.put([point("q_1", (value, 0.0, 0.0, 0.0))])
    assert put.value.reason is Reason.BROKEN
    assert await index.count() == 0


async def test_an_index_goes_on_after_a_refused_vector(index: Index) -> None:
    with pytest.raises(IndexFailure):
        await index.put([point("q_1", (1.0,))])
    await index.put([point("q_2")])
    assert await ids(index) == ["q_2"]


async def test_a_closed_index_is_down(index: Index) -> None:
    await index.put([point("q_1")])
    await index.close()
    await index.close()
    with pytest.raises(IndexFailure) as caught:
        await ids(index)
    assert caught.value.reason is Reason.DOWN


async def test_ten_thousand_points_are_kept_apart(index: Index) -> None:
    many = 10_000 if isinstance(index, EdgeIndex) else 1_000  # the in-memory engine is a hundred times slower
    chance = random.Random(7)
    where = [(f"t/{chance.randrange(20)}", f"host:r{chance.randrange(50)}:") for _ in range(many)]
    await index.put([point(f"q_{n}", [chance.gauss(0, 1) for _ in range(SIZE)], *where[n]) for n in range(many)])
    assert await index.count() == many
    for scope, entities in where[:20]:
        expected = {f"q_{n}" for n in range(many) if where[n] == (scope, entities)}
        assert set(await ids(index, scope=scope, entities=entities, limit=1000)) == expected


places = st.tuples(
    st.sampled_from(["t/p", "t/p ", "t/P", "u/p", ""]), st.sampled_from(["", "a", "a b", "b", "a\x00b"]) | st.text(max_size=3)
)
lines = st.tuples(st.integers(0, 9), places, st.integers(-2, 2), st.lists(st.integers(-3, 3), min_size=SIZE, max_size=SIZE))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(lines, max_size=12), asked=places)
async def test_no_result_lies_outside_what_was_asked_for(
    index: Index, rows: list[tuple[int, tuple[str, str], int, list[int]]], asked: tuple[str, str]
) -> None:
    await index.remove([f"q_{number}" for number in range(10)])
    expected: dict[str, bool] = {}
    for number, place, age, numbers in rows:
        vector = [float(value) or 0.1 for value in numbers]
        await index.put([Point(f"q_{number}", vector, *place, expires_at=NOW + age)])
        expected[f"q_{number}"] = place == asked and age > 0
    found = await index.nearest(EAST, *asked, now=NOW, limit=100)
    assert {near.id for near in found} == {name for name, fits in expected.items() if fits}
    assert [near.similarity for near in found] == sorted((near.similarity for near in found), reverse=True)
