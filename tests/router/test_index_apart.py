"""No vector index ever finds an answer of another scope or about other entities: one suite over all of them."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.index import Point
from router.index_edge import EdgeIndex
from tests.fakes.indexes import EAST, KINDS, NOW, SIZE, Index, ids, point, running_index

# The in-memory mode says once that it does without payload indexes.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


@pytest.fixture(params=KINDS)
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    async with running_index(request.param, tmp_path) as made:
        yield made


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
