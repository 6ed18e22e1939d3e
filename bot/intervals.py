"""Shares that were counted, with how sure they are."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054
"""Two-sided 95% of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `of`, with the 95% Wilson interval of the share; an empty rate knows nothing: 0 to 1."""

    count: int
    of: int
    share: float
    low: float
    high: float


def rate(count: int, of: int) -> Rate:
    """Return a share with its Wilson interval."""
    if of == 0:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    low, high = wilson(count / of, of)
    return Rate(count, of, count / of, low, high)


def wilson(share: float, of: float, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a share (E. B. Wilson, 1927), which holds for few cases and for shares near 0.

    `of` need not be whole: cases of different weights are as informative as so many of one.
    """
    shrink = 1 + z**2 / of
    middle = (share + z**2 / (2 * of)) / shrink
    margin = z * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2)) / shrink
    return max(0.0, middle - margin), min(1.0, middle + margin)


def cases_needed(bound: float) -> int:
    """Return how many cases without a single event show that its share is at most `bound`, which lies above 0."""
    return math.ceil(Z95**2 * (1 - bound) / bound)
