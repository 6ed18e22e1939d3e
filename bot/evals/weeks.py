"""ISO weeks, in UTC: their names and bounds (pure)."""

import re
from datetime import UTC, datetime, timedelta

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


class NotAWeek(ValueError):  # noqa: N818 (names what is wrong with what a person wrote)
    """The text names no week; the message says what a week looks like."""

    def __init__(self, text: str) -> None:
        super().__init__(f"a week looks like 2026-W48, not {text!r}")


def week_of(moment: datetime) -> str:
    """Return the name of the week that a moment lies in, such as 2026-W48."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


def week_before(moment: datetime) -> str:
    """Return the name of the last complete week."""
    return week_of(moment - timedelta(days=7))


def bounds(week: str) -> tuple[datetime, datetime]:
    """Return when a week begins and when the next one does. Raises NotAWeek."""
    found = _WEEK.fullmatch(week)
    try:
        since = datetime.fromisocalendar(int(found[1]), int(found[2]), 1).replace(tzinfo=UTC) if found else None
    except ValueError:
        since = None
    if since is None:
        raise NotAWeek(week)
    return since, since + timedelta(days=7)
