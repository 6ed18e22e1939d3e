"""Flags as evidence: who raises them, how often they are right, and graded answers as labelled cases (pure)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.evals.evidence import Case
from bot.evals.types import Grade, Why
from bot.intervals import Rate, rate
from router.types import Tier

PRIOR = 4.0
"""A person's flags are judged by everybody's until so many of their own are graded."""


@dataclass(frozen=True, slots=True)
class Flagger:
    """One person's flags on sampled answers. `right` counts the graded ones that are not acceptable.

    `trust` is how likely a flag of theirs that nobody graded is right: their own share, drawn towards everybody's.
    """

    user: str
    flags: int
    right: Rate
    trust: float


def flaggers(grades: Sequence[Grade]) -> tuple[Flagger, ...]:
    """Return who flagged sampled answers, most flags first."""
    theirs: dict[str, list[Grade]] = defaultdict(list)
    for grade in grades:
        for user in grade.flaggers:
            theirs[user].append(grade)
    graded = [1 - grade.ok for some in theirs.values() for grade in some if grade.ok is not None]
    usual = sum(graded) / len(graded) if graded else 0.5
    found = [_flagger(user, some, usual) for user, some in theirs.items()]
    return tuple(sorted(found, key=lambda one: (-one.flags, one.user)))


def _flagger(user: str, some: Sequence[Grade], usual: float) -> Flagger:
    bad = [1 - grade.ok for grade in some if grade.ok is not None]
    trust = (sum(bad) + PRIOR * usual) / (len(bad) + PRIOR)
    return Flagger(user, len(some), rate(round(sum(bad)), len(bad)), trust)


def cases_of(grades: Sequence[Grade], outcomes: Mapping[str, Mapping[Tier, float]], forced: Collection[str] = ()) -> list[Case]:
    """Return sampled answers as cases that stand for all answers, flagged ones included: whoever flags, and why, has no part in it.

    Every flagged answer comes into the sample, whether or not chance draws it, so that it stands for itself alone; one that
    nobody flagged stands for one over its chance (J. Bankier, "Estimators based on several stratified samples", 1986). Thus
    no person's readiness to flag weighs in. A flagged answer that nobody graded counts by how far its flagger can be trusted.
    `outcomes` holds what is known of other tiers' answers, by question; `forced` the channels whose tier no threshold decides.
    """
    trust = {one.user: one.trust for one in flaggers(grades)}
    made = [_case(grade, trust, outcomes.get(grade.drawn.unit.question_id, {})) for grade in grades]
    return [replace(case, forced=grade.drawn.unit.stratum.channel in forced) for case, grade in zip(made, grades, strict=True)]


def _case(grade: Grade, trust: Mapping[str, float], beside: Mapping[Tier, float]) -> Case:
    unit, ok = grade.drawn.unit, grade.ok
    if ok is None and grade.flaggers:
        ok = 1 - max(trust[user] for user in grade.flaggers)
    weight = 1.0 if grade.flaggers or grade.drawn.why is Why.FLAG else grade.drawn.weight
    known = dict(beside) | ({} if ok is None else {unit.stratum.tier: ok})
    return Case(unit.question_id, unit.stratum.kind, weight, known)
