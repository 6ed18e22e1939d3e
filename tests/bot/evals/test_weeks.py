"""Weeks are ISO weeks in UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.evals.weeks import bounds, week_before, week_of


def test_a_week_begins_on_monday_at_midnight_utc() -> None:
    since, until = bounds("2026-W48")
    assert (since, until) == (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))
    assert (week_of(since), week_of(until - timedelta(seconds=1)), week_of(until)) == ("2026-W48", "2026-W48", "2026-W49")


def test_the_week_before_january_may_belong_to_the_old_year() -> None:
    assert week_before(datetime(2027, 1, 4, tzinfo=UTC)) == "2026-W53"


@pytest.mark.parametrize("text", ["2026-48", "2026-W54", "2026-W00", "last week", "", "2026-W48x"])
def test_what_is_no_week_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="a week looks like 2026-W48"):
        bounds(text)
