"""What every vector index does: one suite over Qdrant Edge, the client's in-memory mode and a server."""

import math
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from router.index import FOREVER, IndexFailure, Near, Point, Reason
from tests.fakes.indexes import EAST, KINDS, NORTH, NORTH_EAST, NOW, WEST, Index, ids, point, running_index

# The in-memory mode says once that it does without payload indexes.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


@pytest.fixture(params=KINDS)
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    async with running_index(request.param, tmp_path) as made:
        yield made


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
