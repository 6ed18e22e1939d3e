"""What a replay reads, and what it refuses."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lines import NOT_JSON, LineError
from bot.replay.rows import NO_ROWS, TOO_FAR, TWICE, ReplayError, read_rows
from router.types import Visibility


def line(**changed: object) -> str:
    row = {"id": "q1", "at": "2026-09-07T06:00:00+00:00", "user": "U1", "channel": "C-noc", "text": "is edge-3 up?"}
    return json.dumps({name: value for name, value in (row | changed).items() if value != "left out"})


def test_a_row_needs_no_label() -> None:
    (row,) = read_rows([line()])
    assert (row.id, row.key, row.tier, row.volatility) == ("q1", None, None, None)


def test_further_keys_are_ignored() -> None:
    assert len(read_rows([line(team="T1")])) == 1


def test_rows_come_in_the_order_of_their_time_and_those_of_one_moment_in_the_files() -> None:
    lines = [line(id=1, at="2026-09-07T08:00:00+02:00"), line(id=2, at="2026-09-07T05:59:59Z"), line(id=3)]
    assert [row.id for row in read_rows(lines)] == [2, 1, 3]


def test_a_time_without_a_zone_is_utc() -> None:
    (row,) = read_rows([line(at="2026-09-07T06:00:00")])
    assert row.at == datetime(2026, 9, 7, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "visibility"),
    [
        ("C-noc", Visibility.PUBLIC),
        ("C0123456789", Visibility.PUBLIC),
        ("DC-operations", Visibility.PUBLIC),
        ("D-anna", Visibility.DIRECT),
        ("D0123456789", Visibility.DIRECT),
        ("G-board", Visibility.PRIVATE),
        ("G0123456789", Visibility.PRIVATE),
    ],
)
def test_the_channels_id_says_who_can_see_it(channel: str, visibility: Visibility) -> None:
    (row,) = read_rows([line(channel=channel)])
    assert row.visibility is visibility


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("not json", NOT_JSON),
        (line(text="left out"), "`text` is missing"),
        (line(at="left out"), "`at` is missing"),
        (line(at="soon"), "`at`: input should be a valid datetime"),
        (line(at="0001-01-01T00:00:00+14:00"), f"`at`: {TOO_FAR}"),
        (line(at="9999-12-31T23:59:59Z"), f"`at`: {TOO_FAR}"),
        (line(user=""), "`user`: string should have at least 1 character"),
        (line(tier="cache"), "`tier`: input should be 'small' or 'frontier'"),
        (line(volatility="never"), "`volatility`: input should be 'live', 'config' or 'stable'"),
        (line(key=5), "`key`: input should be a valid string"),
        (line(), TWICE),
    ],
)
def test_a_bad_line_is_an_error_that_names_its_number(bad: str, problem: str) -> None:
    with pytest.raises(LineError) as caught:
        read_rows([line(), "", bad, line(id="q3")])
    assert caught.value.line == 3
    assert str(caught.value).startswith(f"line 3: {problem}")


def test_a_number_and_its_text_are_the_same_id() -> None:
    with pytest.raises(ReplayError, match="line 2"):
        read_rows([line(id=1), line(id="1")])


def test_a_file_without_a_question_is_an_error() -> None:
    with pytest.raises(ReplayError) as caught:
        read_rows(["\n"])
    assert (str(caught.value), caught.value.line) == (NO_ROWS, 0)


@given(st.lists(st.one_of(st.text(), st.datetimes().map(lambda at: line(at=at.isoformat())), st.text().map(lambda text: line(id=text)))))
def test_any_lines_give_rows_or_a_line_error(lines: list[str]) -> None:
    with contextlib.suppress(LineError):
        assert 0 < len(read_rows(lines)) <= len(lines)
