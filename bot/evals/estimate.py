"""Rates of all answers from a weighted sample, and how far two reviewers agree (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.intervals import Z95, wilson


@dataclass(frozen=True, slots=True)
class Error:
    """How reviewers err: the share of bad answers that they pass, and of good ones that they refuse."""

    misses: float = 0.0
    alarms: float = 0.0

    @property
    def slope(self) -> float:
        """By how much the observed rate rises for each unit of the true one."""
        return 1 - self.misses - self.alarms

    def corrected(self, observed: float) -> float:
        """Return the true rate behind an observed one (W. J. Rogan, B. Gladen, 1978), within 0 and 1."""
        return min(1.0, max(0.0, (observed - self.misses) / self.slope))


NO_ERROR = Error()


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share among all answers that a sample stands for, with its 95% interval.

    `of` answers were graded, as informative as `effective` drawn with equal weights. An empty one knows nothing: 0 to 1.
    """

    share: float
    low: float
    high: float
    of: int
    effective: float


def estimate(graded: Sequence[tuple[float, float]], error: Error = NO_ERROR, z: float = Z95) -> Estimate:
    """Return the rate from pairs of weight and how acceptable an answer is (0 to 1).

    The share is the ratio of the weighted sums (J. Hájek, 1971). Its interval is Wilson's for the effective number of
    answers, (Σw)² / Σw² (L. Kish, 1965), which never counts what stratification gains; then the reviewers' error is taken out.
    """
    total = sum(weight for weight, _ in graded)
    if not total:
        return Estimate(0.0, 0.0, 1.0, 0, 0.0)
    effective = total**2 / sum(weight**2 for weight, _ in graded)
    share = sum(weight * ok for weight, ok in graded) / total
    low, high = wilson(share, effective, z)
    return Estimate(error.corrected(share), error.corrected(low), error.corrected(high), len(graded), effective)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers of one answer agree: the share of `of` pairs in which they do, and Cohen's kappa with its interval.

    Kappa is 1 for full agreement and 0 for what chance would bring; None where it is undefined (no pair, or one verdict alone).
    """

    of: int
    share: float
    kappa: float | None
    low: float | None
    high: float | None


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """Return the agreement of first and second reviewers (J. Cohen, 1960); the interval is Wilson's of the agreed share, rescaled."""
    if not pairs:
        return Agreement(0, 0.0, None, None, None)
    share = sum(first == second for first, second in pairs) / len(pairs)
    firsts, seconds = (sum(pair[place] for pair in pairs) / len(pairs) for place in (0, 1))
    chance = firsts * seconds + (1 - firsts) * (1 - seconds)
    if chance == 1:
        return Agreement(len(pairs), share, None, None, None)
    kappa, low, high = ((each - chance) / (1 - chance) for each in (share, *wilson(share, len(pairs))))
    return Agreement(len(pairs), share, kappa, max(-1.0, low), high)
