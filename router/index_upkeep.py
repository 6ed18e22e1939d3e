"""When the owner of a Qdrant Edge folder writes to disk and tidies up: between requests, never for one."""

from dataclasses import dataclass
from enum import StrEnum

FLUSH_AFTER = 1000
FLUSH_AFTER_S = 30.0
"""Changes, or seconds since the first of them, after which the log of changes is written out. Until then it outlives a killed process."""

TIDY_AFTER = 10_000
TIDY_FORCED = 50_000
"""Changes after which the segments are merged and freed of the dead: in a quiet moment, or in any case."""

IDLE_S = 1.0
"""A moment without a request is quiet after this long."""


class Task(StrEnum):
    """Something to do between requests."""

    FLUSH = "flush"
    TIDY = "tidy"


@dataclass(slots=True)
class Upkeep:
    """Counts changes and says what is due. Times are seconds of any clock that only goes forward."""

    unflushed: int = 0
    untidied: int = 0
    since: float = 0.0

    def changed(self, points: int, now: float) -> None:
        """Count changed points."""
        if not self.unflushed:
            self.since = now
        self.unflushed += points
        self.untidied += points

    def due(self, now: float, *, idle: bool) -> Task | None:
        """Return what to do now; `idle`: no request came for IDLE_S."""
        if self.untidied >= (TIDY_AFTER if idle else TIDY_FORCED):
            return Task.TIDY
        if self.unflushed >= FLUSH_AFTER or (self.unflushed and now - self.since >= FLUSH_AFTER_S):
            return Task.FLUSH
        return None

    def did(self, task: Task) -> None:
        """Start counting anew; tidying flushes as well."""
        self.unflushed = 0
        if task is Task.TIDY:
            self.untidied = 0

    def wait_s(self, now: float) -> float | None:
        """Return the seconds until something may become due without a request, None for never."""
        if self.untidied >= TIDY_AFTER:
            return IDLE_S
        return max(0.0, self.since + FLUSH_AFTER_S - now) if self.unflushed else None
