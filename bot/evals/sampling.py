"""Draws the week's sample: by strata, at random within them, each answer with the chance that it had (pure)."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from bot.evals.types import Drawn, Stratum, Unit, Why

Group = tuple[str, str]
"""Tier and kind: the parts that are reported by themselves."""


def draw(units: Sequence[Unit], size: int, *, twice: float, random: Random) -> list[Drawn]:
    """Draw `size` of these answers, or all when there are fewer; a share `twice` of them is for two reviewers.

    Every tier and kind gets its part by the square root of its number (M. D. Bankier, "Power allocations", 1988), so that
    rare ones are seen at all, and within it every channel by its number. An answer's chance is its stratum's part over its
    number, exactly: answers are laid out stratum after stratum, shuffled within, each as long as its chance, and every whole
    step from a random start is drawn (systematic sampling with unequal chances: W. G. Madow, 1949).
    """
    strata: dict[Stratum, list[Unit]] = defaultdict(list)
    for unit in units:
        strata[unit.stratum].append(unit)
    parts = allocate({stratum: len(members) for stratum, members in strata.items()}, size)
    laid_out = []
    for stratum in sorted(strata, key=lambda one: (one.tier.value, one.kind, one.channel)):
        members = strata[stratum]
        random.shuffle(members)
        laid_out += [(unit, parts[stratum] / len(members)) for unit in members]
    drawn = [Drawn(unit, Why.RANDOM, 1 / chance) for unit, chance in _steps(laid_out, random.random())]
    random.shuffle(drawn)
    seconds = round(twice * len(drawn))
    return [Drawn(one.unit, one.why, one.weight, twice=place < seconds) for place, one in enumerate(drawn)]


def allocate(numbers: Mapping[Stratum, int], size: int) -> dict[Stratum, float]:
    """Return the expected number that is drawn of each stratum, never more than it has; together `size`, or all there is."""
    groups: dict[Group, int] = defaultdict(int)
    for stratum, number in numbers.items():
        groups[stratum.tier.value, stratum.kind] += number
    parts = _capped({group: (math.sqrt(number), number) for group, number in groups.items()}, size)
    return {
        stratum: number * parts[stratum.tier.value, stratum.kind] / groups[stratum.tier.value, stratum.kind]
        for stratum, number in numbers.items()
    }


def _capped(wanted: Mapping[Group, tuple[float, int]], size: float) -> dict[Group, float]:
    """Share `size` out by measure, where nobody gets more than there is of it: what is left over goes to the others."""
    parts: dict[Group, float] = {}
    left = dict(wanted)
    while left:
        scale = max(size - sum(parts.values()), 0) / sum(measure for measure, _ in left.values())
        full = {group: float(number) for group, (measure, number) in left.items() if measure * scale >= number}
        if not full:
            return parts | {group: measure * scale for group, (measure, _) in left.items()}
        parts |= full
        left = {group: both for group, both in left.items() if group not in full}
    return parts


def _steps(laid_out: Sequence[tuple[Unit, float]], start: float) -> Iterator[tuple[Unit, float]]:
    """Yield what lies at `start`, `start` + 1, `start` + 2 ... of the whole length, which is rounded to a whole number."""
    at = 0.0
    for unit, chance in laid_out:
        before, at = at, at + chance
        # What is certain must not be lost to a rounding error in the sum.
        if chance >= 1 or math.floor(at - start + _ROUNDING) > math.floor(before - start + _ROUNDING):
            yield unit, chance


_ROUNDING = 1e-9
