"""WordLlama: unit vectors from the wheel, from memory the second time, for any text; nothing goes to the network."""

import asyncio
import math
from array import array
from collections.abc import Sequence

import pytest

from router.embedder import WORDLLAMA_SIZE, Embedder, WordLlamaEmbedder, cosine


@pytest.fixture
def embedder() -> WordLlamaEmbedder:
    return WordLlamaEmbedder(cached=3)


def length(vector: Sequence[float]) -> float:
    return math.sqrt(sum(value * value for value in vector))


async def test_vectors_are_of_the_embedders_size_and_of_length_one(embedder: WordLlamaEmbedder) -> None:
    vectors = await embedder.embed(["which vlan is free", "who owns the prefix"])
    assert [len(vector) for vector in vectors] == [embedder.size, WORDLLAMA_SIZE]
    assert all(math.isclose(length(vector), 1.0, abs_tol=1e-5) for vector in vectors)
    assert all(isinstance(vector, array) for vector in vectors)


@pytest.mark.parametrize("text", ["", " ", "\0", "\u0130" * 50, "x" * 100_000])
async def test_any_text_has_a_vector_of_length_one(embedder: WordLlamaEmbedder, text: str) -> None:
    (vector,) = await embedder.embed([text])
    assert math.isclose(length(vector), 1.0, abs_tol=1e-5)


async def test_a_repeated_text_comes_from_memory(embedder: WordLlamaEmbedder) -> None:
    first, again = await embedder.embed(["which vlan is free", "which vlan is free"])
    (later,) = await embedder.embed(["which vlan is free"])
    assert first is again is later


async def test_memory_is_bounded_and_forgets_the_text_unused_for_longest(embedder: WordLlamaEmbedder) -> None:
    (old,) = await embedder.embed(["one"])
    await embedder.embed(["two", "three", "four"])
    (new,) = await embedder.embed(["one"])
    assert new is not old
    assert list(new) == list(old)


async def test_a_vector_does_not_hang_on_what_is_embedded_beside_it(embedder: WordLlamaEmbedder) -> None:
    (alone,) = await embedder.embed(["who owns the prefix"])
    beside = (await WordLlamaEmbedder().embed(["a much longer text than the other one, with many words", "who owns the prefix"]))[1]
    assert cosine(alone, beside) == pytest.approx(1.0, abs=1e-5)


async def test_likeness_orders_texts_by_meaning(embedder: WordLlamaEmbedder) -> None:
    asked, near, far = await embedder.embed(["wireless password for guests", "guest wifi password", "spare fibre between two sites"])
    assert cosine(asked, near) > cosine(asked, far)


async def test_no_texts_give_no_vectors_and_load_nothing(embedder: WordLlamaEmbedder) -> None:
    assert await embedder.embed([]) == ()


async def test_the_loop_goes_on_while_texts_are_embedded(embedder: WordLlamaEmbedder) -> None:
    await embedder.embed(["warm"])
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    await WordLlamaEmbedder().embed([f"question number {number} about a link" for number in range(500)])
    ticking.cancel()
    assert ticks > 1


def test_wordllama_is_an_embedder() -> None:
    port: Embedder = WordLlamaEmbedder()
    assert port.name
    assert -1.0 <= port.threshold <= 1.0
