"""The words that all vector indexes share: names, ids, failures."""

from hypothesis import given
from hypothesis import strategies as st

from router.index import IndexFailure, Reason, collection_name, point_uuid


def test_the_collection_of_another_embedder_size_or_spelling_is_another_one() -> None:
    names = [("wordllama", 256), ("wordllama", 512), ("openai/text-3", 256), ("openai_text-3", 256), ("OpenAI/text-3", 256), ("", 256)]
    assert len({collection_name(name, size) for name, size in names}) == len(names)


@given(st.text())
def test_a_collection_name_is_plain(name: str) -> None:
    made = collection_name(name, 256)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(made) < 100


def test_a_question_keeps_its_uuid() -> None:
    assert point_uuid("q_0123456789abcdef") == point_uuid("q_0123456789abcdef") != point_uuid("q_0123456789abcdee")


def test_a_failure_is_one_short_line() -> None:
    failure = IndexFailure(Reason.BROKEN, "a\nb\t c" + "x" * 500)
    assert str(failure).startswith("vector index broken: a b cxxx")
    assert len(str(failure)) < 250
    assert str(IndexFailure(Reason.DOWN)) == "vector index down"
