"""Which change of a threshold the evidence supports, or how much of it is missing (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist

from bot.evals.evidence import Case, Effect, Yardstick, effect
from router.types import Tier

SURE = 0.05
"""How often, at most, any of the candidates looks supported though it is not."""
MOST = 10_000
"""More reviews than that are never asked for."""


class Finding(StrEnum):
    """What the evidence says of a candidate."""

    BETTER = "better"
    """More answers will be acceptable by the 95% interval, and no more are worse than the tolerance allows, surely."""
    CHEAPER = "cheaper"
    """The answers cost less, and no more are worse than the tolerance allows, surely."""
    THIN = "thin"
    """It looks better or cheaper, and more reviews are needed to tell."""
    NO = "no"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change of one key of the policy, and which tier then answers each case."""

    key: str
    value: float
    after: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with what it does; `surely` is the least that it does, however many candidates are looked at.

    `missing` is how many more reviews of `kind` would settle it, where it is thin.
    """

    candidate: Candidate
    effect: Effect
    surely: float
    finding: Finding
    kind: str = ""
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """By how much a change may lower the acceptable rate, and how many graded answers of a kind it takes to go to a lesser tier."""

    tolerance: float
    min_reviews: int


def judge_all(
    cases: Sequence[Case], before: Sequence[Tier], candidates: Sequence[Candidate], by: Yardstick, bounds: Bounds
) -> list[Judged]:
    """Return each candidate that changes something with what the evidence says of it.

    That it does no harm is held to a level that stays sure with so many candidates at once (C. E. Bonferroni, 1936).
    """
    strict = replace(by, z=NormalDist().inv_cdf(1 - SURE / max(len(candidates), 1)))
    found = []
    for one in candidates:
        if one.after != tuple(before):
            does = effect(cases, before, one.after, by)
            found.append(_judge(one, does, effect(cases, before, one.after, strict).low, bounds))
    return found


def best(judged: Sequence[Judged]) -> Judged | None:
    """Return the one change to propose: the surest gain in quality, else the greatest saving; one at a time, so that its effect shows."""
    better = [one for one in judged if one.finding is Finding.BETTER]
    if better:
        return max(better, key=lambda one: one.surely)
    cheaper = [one for one in judged if one.finding is Finding.CHEAPER]
    return min(cheaper, key=lambda one: one.effect.usd or 0, default=None)


def _judge(candidate: Candidate, does: Effect, surely: float, bounds: Bounds) -> Judged:
    unseen = [move for move in does.moves if not move.up and move.will.of < bounds.min_reviews]
    saves = does.usd is not None and does.usd < 0
    harmless = surely >= -bounds.tolerance and not unseen and not does.worse
    if harmless and does.low > 0:
        return Judged(candidate, does, surely, Finding.BETTER)
    if harmless and saves:
        return Judged(candidate, does, surely, Finding.CHEAPER)
    promising = does.gain > 0 or (saves and (unseen or does.gain >= -bounds.tolerance))
    if does.worse or not promising:
        return Judged(candidate, does, surely, Finding.NO)
    if unseen:
        move = max(unseen, key=lambda one: one.share.share)
        return Judged(candidate, does, surely, Finding.THIN, move.kinds[0][0], bounds.min_reviews - move.will.of)
    kind, missing = missing_of(replace(does, low=surely), bounds) if saves else missing_of(does, replace(bounds, tolerance=0))
    return Judged(candidate, does, surely, Finding.THIN, kind, missing)


def missing_of(does: Effect, bounds: Bounds) -> tuple[str, int]:
    """Return which kind lacks most reviews, and about how many until the effect's lower end is within the tolerance.

    An interval's width falls with the root of the reviews' number.
    """
    move = max(does.moves, key=lambda one: one.share.high * (one.was.high - one.was.low + one.will.high - one.will.low))
    width, allowed = does.gain - does.low, does.gain + bounds.tolerance
    if allowed <= 0:
        return move.kinds[0][0], MOST
    return move.kinds[0][0], min(MOST, max(1, math.ceil(move.was.of * ((width / allowed) ** 2 - 1))))
