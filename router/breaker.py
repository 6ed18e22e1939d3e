"""A breaker for each model of a provider: one that keeps failing is left alone for a while, then tried with a single call."""

import random
import time
from collections import deque
from collections.abc import Callable

STREAK = 3
"""Failures one after another that open a breaker."""
WINDOW = 10
"""Or half of so many calls."""
PAUSE_S = 15.0
"""How long it stays open at first; twice as long each time the trial call fails."""
LONGEST_PAUSE_S = 60.0
JITTER = 0.2
"""Pauses are up to this share longer, so that many workers do not come back in the same moment."""


class Breaker:
    """Closed: every call is admitted. Open: none, until its pause is over. Then one at a time, until one succeeds.

    What counts as a failure is the caller's to say, and a call that is too slow should. `now` is a monotonic clock in seconds;
    `chance` returns a number from 0 to 1.
    """

    def __init__(
        self, *, pause_s: float = PAUSE_S, now: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random
    ) -> None:
        self._first_pause_s = pause_s
        self._now = now
        self._chance = chance
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._streak = 0
        self._pause_s = pause_s
        self._opens_at: float | None = None
        self._trying = False

    @property
    def wait_s(self) -> float:
        """Seconds until a call is admitted; infinite while a trial call is on its way."""
        if self._opens_at is None:
            return 0.0
        return float("inf") if self._trying else max(self._opens_at - self._now(), 0.0)

    def admits(self) -> bool:
        """Whether a call may be made now. Each True must be followed by `succeeded`, `failed` or `left`."""
        if self.wait_s > 0:
            return False
        self._trying = self._opens_at is not None
        return True

    def succeeded(self) -> None:
        """Note that a call was answered."""
        if self._is_due():
            self._recent.clear()
            self._pause_s = self._first_pause_s
            self._opens_at, self._trying = None, False
        self._recent.append(True)
        self._streak = 0

    def failed(self, retry_after_s: float | None = None) -> None:
        """Note that a call failed; a provider that names a time is left alone so long."""
        self._recent.append(False)
        self._streak += 1
        if self._is_due():
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            self._open(self._pause_s)
        elif self._opens_at is None and self._is_failing():
            self._open(self._pause_s)
        if retry_after_s and retry_after_s > self.wait_s:
            self._open(retry_after_s)

    def left(self) -> None:
        """Note that a call was given up before it told anything."""
        self._trying = False

    def _is_due(self) -> bool:
        """Whether it is open with its pause over: the next result decides."""
        return self._opens_at is not None and self._opens_at <= self._now()

    def _is_failing(self) -> bool:
        full = len(self._recent) == WINDOW
        return self._streak >= STREAK or (full and self._recent.count(False) * 2 >= WINDOW)

    def _open(self, pause_s: float) -> None:
        self._opens_at = self._now() + pause_s * (1 + JITTER * self._chance())
        self._trying = False


class Breakers:
    """The breakers of a process, by what they guard: one model is one breaker, whichever tier asks it."""

    def __init__(self, make: Callable[[], Breaker] = Breaker) -> None:
        self._make = make
        self._breakers: dict[str, Breaker] = {}

    def of(self, key: str) -> Breaker:
        """Return the breaker of a key."""
        return self._breakers.setdefault(key, self._make())
