"""ISO weeks, in UTC: their names and bounds (pure)."""

import re
from datetime import UTC, datetime, timedelta

NOT_A_WEEK = "a week looks like 2026-W48, not {text}"
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def week_of(moment: datetime) -> str:
    """Return the name of the week that a moment lies in, such as 2026-W48."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


def week_before(moment: datetime) -> str:
    """Return the name of the last complete week."""
    return week_of(moment - timedelta(days=7))


def bounds(week: str) -> tuple[datetime, datetime]:
    """Return when a week begins and when the next one does. Raises ValueError with one clear line."""
    found = _WEEK.fullmatch(week)
    try:
        since = datetime.fromisocalendar(int(found[1]), int(found[2]), 1).replace(tzinfo=UTC) if found else None
    except ValueError:
        since = None
    if since is None:
        raise ValueError(NOT_A_WEEK.format(text=repr(week)))
    return since, since + timedelta(days=7)
