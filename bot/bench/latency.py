"""Times one call after another."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Latency:
    """How long calls took, in milliseconds, and how many of them found something."""

    calls: int
    found: int
    p50_ms: float
    p99_ms: float
    max_ms: float


async def timed(call: Callable[[T], Awaitable[bool]], arguments: Sequence[T], *, within_s: float) -> Latency:
    """Make a call with each argument, one after another, until the time is up; at least one. The call says whether it found something."""
    taken: list[float] = []
    found = 0
    until = time.perf_counter() + within_s
    for argument in arguments:
        begun = time.perf_counter()
        found += await call(argument)
        ended = time.perf_counter()
        taken.append((ended - begun) * 1000)
        if ended > until:
            break
    taken.sort()
    return Latency(len(taken), found, at(taken, 0.5), at(taken, 0.99), round(taken[-1], 3))


def at(taken: Sequence[float], share: float) -> float:
    """Return the value, of sorted ones, that this share does not exceed."""
    return round(taken[min(int(share * len(taken)), len(taken) - 1)], 3)
