"""A payload is read without ever failing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.fields import Fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=10,
)
PATHS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)


@settings(deadline=None)
@given(JSON, PATHS)
def test_any_value_can_be_read_along_any_path(value: object, path: list[str]) -> None:
    fields = Fields(value)
    assert isinstance(fields.text(*path), str)
    assert isinstance(fields.true(*path), bool)
    assert all(isinstance(item, Fields) for item in fields.items(*path))
    assert fields.whole(*path) is None or fields.has(*path)


def test_a_field_is_found_along_its_path() -> None:
    assert Fields({"view": {"state": {"value": "x"}}}).text("view", "state", "value") == "x"


@pytest.mark.parametrize("value", [None, 7, True, ["x"], {"x": "y"}])
def test_a_field_of_another_type_reads_as_empty_text(value: object) -> None:
    assert Fields({"a": value}).text("a") == ""


def test_text_that_a_database_would_refuse_is_cleaned() -> None:
    assert Fields({"a": "x\x00y\ud800z"}).text("a") == "xy?z"


@pytest.mark.parametrize(("value", "expected"), [(True, True), ("true", True), (False, False), ("false", False), (None, False)])
def test_a_form_says_true_as_a_word(value: object, expected: bool) -> None:  # noqa: FBT001 (a table's column)
    assert Fields({"a": value}).true("a") is expected


def test_the_first_filled_name_counts() -> None:
    assert Fields({"a": "", "b": "x", "c": "y"}).first("a", "b", "c") == "x"


def test_a_truth_value_is_no_whole_number() -> None:
    assert Fields({"a": True}).whole("a") is None
