"""The periods that a page can be asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.dashboard.visit import Visit
from bot.store.days import Period
from router.types import Clock

DAYS = (7, 30, 90)
QUERY = "days"


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to a period."""

    href: str
    title: str
    current: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """So many whole UTC days, today included, up to now."""

    days: int
    period: Period


class Periods:
    """Reads the period from an address, and offers the others."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def chosen(self, visit: Visit) -> Chosen:
        """Return the period that is asked for; the shortest when none is, or one that there is not."""
        days, now = _days(visit), self._clock()
        midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        return Chosen(days, Period(midnight - timedelta(days=days - 1), now + timedelta(seconds=1)))

    def choices(self, visit: Visit) -> tuple[Choice, ...]:
        """Return the links to all periods."""
        return tuple(Choice(f"{visit.path}?{QUERY}={days}", f"{days} days", days == _days(visit)) for days in DAYS)


def _days(visit: Visit) -> int:
    return next((days for days in DAYS if str(days) == visit.query.get(QUERY)), DAYS[0])
