"""What a change of who answers would do to quality and cost, from labelled questions, with how sure that is (pure)."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.evals.estimate import Error, Estimate, estimate
from bot.intervals import Z95
from router.types import Tier

LADDER = (Tier.CACHE, Tier.SMALL, Tier.FRONTIER)
"""Each is taken to answer no worse than the ones before it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled question. `weight` is how many answers it stands for; 0 where chance had no part in its choice.

    `forced`: its tier was set from outside (a channel's, a budget), so that no threshold moves it: it tells how a tier fares, no more.
    `known` holds how acceptable (0 to 1) the answer of a tier to it is, for the tiers whose answer somebody graded or whose
    label says so. `golden`: it must not get worse.
    """

    id: str
    kind: str
    weight: float
    known: Mapping[Tier, float]
    golden: bool = False
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """The questions that one tier would answer instead of another; `kinds` counts the cases by kind, most first.

    `share` of all answers are such questions; `was` is how acceptable the old tier's answers to them are, `will` the new tier's.
    `assumed`: nobody graded the new tier on them, and it is a dearer one, so `will` is its rate on the questions of these
    kinds that it answers today.
    """

    before: Tier
    after: Tier
    kinds: tuple[tuple[str, int], ...]
    share: Estimate
    was: Estimate
    will: Estimate
    assumed: bool

    @property
    def up(self) -> bool:
        """Whether a dearer tier would answer."""
        return LADDER.index(self.after) > LADDER.index(self.before)

    @property
    def gain(self) -> float:
        """By how much the acceptable rate of all answers changes."""
        return self.share.share * (self.will.share - self.was.share)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: the acceptable rate of all answers changes by `gain`, surely between `low` and `high`.

    `usd` is by how much an answer gets dearer on average; None where a tier's cost is unknown. `worse` are the golden cases
    that were right and are wrong now.
    """

    moves: tuple[Move, ...]
    gain: float
    low: float
    high: float
    usd: Decimal | None
    worse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What effects are measured by: the reviewers' error, the mean cost of a tier's answer, how many sigmas are sure.

    `trusting`: where nobody graded a dearer tier on such questions it is taken to answer no worse.
    """

    error: Error
    usd: Mapping[Tier, Decimal]
    z: float = Z95
    trusting: bool = False


def effect(cases: Sequence[Case], before: Sequence[Tier], after: Sequence[Tier], by: Yardstick) -> Effect:
    """Return what it does that `after` and no longer `before` answers the cases, one tier for each case.

    The interval joins those of the moves by the method of variance estimates recovery (G. Y. Zou, A. Donner, 2008).
    """
    groups: dict[tuple[Tier, Tier], list[Case]] = defaultdict(list)
    for case, old, new in zip(cases, before, after, strict=True):
        if old is not new:
            groups[old, new].append(case)
    moves = tuple(_move(key, groups[key], cases, by) for key in sorted(groups))
    bounds = [_bounds(move, trusted=by.trusting and move.assumed) for move in moves]
    gain = sum(middle for middle, _, _ in bounds)
    down, up = (math.sqrt(sum(one[side] for one in bounds)) for side in (1, 2))
    worse = tuple(
        case.id
        for case, old, new in zip(cases, before, after, strict=True)
        if case.golden and case.known.get(new, 1.0) < case.known.get(old, 1.0)
    )
    return Effect(moves, gain, gain - down, gain + up, _usd(moves, by.usd), worse)


def _move(key: tuple[Tier, Tier], moved: Sequence[Case], cases: Sequence[Case], by: Yardstick) -> Move:
    old, new = key
    inside = {id(case) for case in moved}
    free = [case for case in moved if case.weight and not case.forced]
    share = estimate([(case.weight, float(id(case) in inside)) for case in cases if case.weight and not case.forced], z=by.z)
    was = estimate([(case.weight, case.known[old]) for case in free if old in case.known], by.error, by.z)
    direct = [case for case in moved if new in case.known]
    assumed = not direct and LADDER.index(new) > LADDER.index(old)
    will = estimate(_usual(cases, new, free) if assumed else _seen(direct, new), by.error, by.z)
    # Where nothing is known of one side, no change is expected, and none is ruled out.
    was, will = (replace(mine, share=mine.share if mine.of else other.share) for mine, other in ((was, will), (will, was)))
    kinds = Counter(case.kind for case in moved).most_common()
    return Move(old, new, tuple(kinds), share, was, will, assumed)


def _seen(direct: Sequence[Case], tier: Tier) -> list[tuple[float, float]]:
    """Return how a tier fares on cases; those that chance did not draw count like the average of those that it did."""
    weights = [case.weight for case in direct if case.weight]
    usual = sum(weights) / len(weights) if weights else 1.0
    return [(case.weight or usual, case.known[tier]) for case in direct]


def _usual(cases: Sequence[Case], tier: Tier, moved: Sequence[Case]) -> list[tuple[float, float]]:
    """Return how a tier fares on what it answers today, weighted by the kinds moved to it; one that it never gets counts like all."""
    graded = [case for case in cases if tier in case.known and case.weight]
    has, wants = _by_kind(graded), _by_kind(moved)
    foreign = sum(weight for kind, weight in wants.items() if kind not in has) / max(sum(has.values()), 1e-9)
    return [(case.weight * (wants.get(case.kind, 0.0) / has[case.kind] + foreign), case.known[tier]) for case in graded]


def _by_kind(cases: Sequence[Case]) -> Mapping[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for case in cases:
        weights[case.kind] += case.weight
    return weights


def _bounds(move: Move, *, trusted: bool) -> tuple[float, float, float]:
    """Return a move's gain, and the squares of how far it may lie below and above."""
    down, up = (_slack(move, down=down) for down in (True, False))
    if not trusted:
        return move.gain, down, up
    gain = max(move.gain, 0.0)
    return gain, min(down, gain**2), up


def _slack(move: Move, *, down: bool) -> float:
    """Return the square of how far a move's gain may lie below (`down`) or above what it seems: that of a product of two figures."""
    will = move.will.share - move.will.low if down else move.will.high - move.will.share
    was = move.was.high - move.was.share if down else move.was.share - move.was.low
    change, spread = (move.will.share - move.was.share) ** 2, will**2 + was**2
    share, reach = move.share.share**2, (move.share.high - move.share.share) ** 2
    return share * spread + reach * change + reach * spread


def _usd(moves: Sequence[Move], usd: Mapping[Tier, Decimal]) -> Decimal | None:
    if any(tier not in usd for move in moves for tier in (move.before, move.after)):
        return None
    return sum((Decimal(move.share.share) * (usd[move.after] - usd[move.before]) for move in moves), Decimal(0))
