"""What a provider says of the time to wait is read whatever its form, and never believed beyond a minute."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.retry_after import LONGEST_S, retry_after_s

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30),
        (" 2.5 ", 2.5),
        ("0", 0),
        ("3600", LONGEST_S),
        ("1e308", LONGEST_S),
        ("inf", LONGEST_S),
        ("Wed, 25 Nov 2026 12:00:07 GMT", 7),
        ("Wed, 25 Nov 2026 12:00:07", 7),
        ("Fri, 01 Jan 2100 00:00:00 GMT", LONGEST_S),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time_to_wait_is_read_and_capped(said: str, seconds: float | None) -> None:
    assert retry_after_s({"retry-after": said}, NOW) == seconds


def test_milliseconds_go_before_seconds() -> None:
    assert retry_after_s({"retry-after-ms": "1500", "retry-after": "2"}, NOW) == 1.5
    assert retry_after_s({"retry-after-ms": "soon", "retry-after": "2"}, NOW) == 2


def test_a_response_may_say_nothing() -> None:
    assert retry_after_s({}, NOW) is None


@given(st.text())
def test_no_header_breaks_it(said: str) -> None:
    seconds = retry_after_s({"retry-after": said, "retry-after-ms": said}, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_S
