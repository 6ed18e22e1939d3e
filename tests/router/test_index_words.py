"""The words that all vector indexes share: names, ids, failures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.index import ID_CHARS, IndexFailure, Reason, collection_name, point_uuid, question_of, within


def test_the_collection_of_another_embedder_size_or_spelling_is_another_one() -> None:
    names = [("wordllama", 256), ("wordllama", 512), ("openai/text-3", 256), ("openai_text-3", 256), ("OpenAI/text-3", 256), ("", 256)]
    assert len({collection_name(name, size) for name, size in names}) == len(names)


@given(st.text())
def test_a_collection_name_is_plain(name: str) -> None:
    made = collection_name(name, 256)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(made) < 100


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=ID_CHARS))
def test_a_point_s_id_tells_its_question(question_id: str) -> None:
    assert question_of(point_uuid(question_id)) == question_id
    assert question_of(point_uuid(question_id).replace("-", "")) == question_id


@pytest.mark.parametrize("question_id", ["", "q_" + "0" * 23, "Q_1", "q 1", "q_\u0661"])
def test_what_is_no_id_has_no_point(question_id: str) -> None:
    with pytest.raises(IndexFailure):
        point_uuid(question_id)


def test_a_point_that_is_not_ours_is_a_broken_collection() -> None:
    with pytest.raises(IndexFailure, match="not ours"):
        question_of("17")


@given(st.text(), st.text(), st.text(), st.text())
def test_two_scopes_or_sets_of_entities_never_share_a_key(scope: str, entities: str, other_scope: str, others: str) -> None:
    assert (within(scope, entities) == within(other_scope, others)) == ((scope, entities) == (other_scope, others))


def test_the_key_keeps_a_scope_apart_from_what_follows_it() -> None:
    assert len({within("a", "bc"), within("ab", "c"), within("abc", ""), within("", "abc"), within("1:a", "bc")}) == 5


def test_a_failure_is_one_short_line() -> None:
    failure = IndexFailure(Reason.BROKEN, "a\nb\t c" + "x" * 500)
    assert str(failure).startswith("vector index broken: a b cxxx")
    assert len(str(failure)) < 250
    assert str(IndexFailure(Reason.DOWN)) == "vector index down"
