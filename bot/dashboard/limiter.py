"""Slows down whoever guesses the admin token."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from router.types import Clock

TRIES = 5
WINDOW = timedelta(minutes=1)
ADDRESSES = 1024
"""Addresses that are remembered, those that tried last."""


class Limiter:
    """Counts wrong tries by address: after TRIES within the WINDOW there is none until the first of them is that old."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Return for how many seconds an address may not try; 0 when it may."""
        failures = self._failures.get(address)
        if failures is None or len(failures) < TRIES:
            return 0
        left = failures[0] + WINDOW - self._clock()
        return max(0, -int(-left.total_seconds() // 1))

    def failed(self, address: str) -> None:
        """Note a wrong try."""
        self._failures.setdefault(address, deque(maxlen=TRIES)).append(self._clock())
        self._failures.move_to_end(address)
        if len(self._failures) > ADDRESSES:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget an address's wrong tries."""
        self._failures.pop(address, None)
