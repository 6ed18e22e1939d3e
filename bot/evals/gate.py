"""The gate: what a proposed policy would do to the labelled set, and whether that is allowed (pure)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.evals.asking import Trial
from bot.evals.choosing import Bounds, missing_of
from bot.evals.evidence import Case, Effect, Yardstick, effect
from bot.evals.labelled import Labelled, costs
from bot.evals.reading import error_of
from bot.evals.routes import Asked, Routes
from bot.intervals import Rate, rate
from router.policy import Policy
from router.types import Tier

TIERS = (Tier.SMALL, Tier.FRONTIER)
WORSE = "{count} golden {questions} would be answered wrong that {are} answered right now"
DROPS = "the acceptable rate is expected to change by {gain:+.1%}, which is beyond the tolerance of {tolerance:.1%}"
UNSURE = (
    "the acceptable rate may drop by {low:.1%}, beyond the tolerance of {tolerance:.1%}: about {missing} more reviews of {kind} would tell"
)
UNSEEN = (
    "{share:.0%} of the answers would go from {before} to {after}, whose answers to such are graded {of} times: {missing} more of {kind}"
)
LESS_GOOD = "the {tier} tier's new model serves as well in {as_good} of {of} tries, which may cost {drop:.1%} of the acceptable rate"
MODEL = "the {tier} tier would ask another model ({new} instead of {old}), of which no answer is graded"
EMBEDDER = "the cache would use another embedder: `switchboard calibrate` finds its similarity, and what it then serves cannot be told here"
FEW = "{graded} answers are graded, and {needed} are the least to judge by: {missing} more"


class Decision(StrEnum):
    """What the gate says."""

    PASS = "pass"  # noqa: S105 (a verdict)
    FAIL = "fail"
    THIN = "thin"
    """The evidence does not tell."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One labelled question that another tier would answer."""

    id: str
    question: str
    before: Tier
    after: Tier


@dataclass(frozen=True, slots=True)
class Gate:
    """A proposed policy beside the one in force. `mix` and `usd` are of all answers, before and after; `usd` is that of 1,000 answers.

    `escalated` is the share of the questions that people took from the small to the frontier model which go there at once.
    """

    decision: Decision
    problems: tuple[str, ...]
    effect: Effect
    rate_now: float
    graded: int
    mix_before: Mapping[Tier, float]
    mix_after: Mapping[Tier, float]
    usd_before: Decimal | None
    usd_after: Decimal | None
    escalated_before: Rate
    escalated_after: Rate
    changed: tuple[Changed, ...] = ()
    trials: tuple[Trial, ...] = ()


def judge_policy(labelled: Labelled, current: Policy, proposed: Policy, default_similarity: float, trials: tuple[Trial, ...] = ()) -> Gate:
    """Judge a proposed policy by the tolerance of the policy in force: a proposal does not loosen its own gate.

    `trials` are what its models answered, where they were asked.
    """
    bounds = Bounds(current.evals.tolerance, current.evals.min_reviews)
    cases = [replace(case, forced=False) for case in labelled.cases]
    before, after = (labelled.tiers(policy, default_similarity, by_channel=True) for policy in (current, proposed))
    usd_before, usd_after = (costs(policy, labelled) for policy in (current, proposed))
    does = effect(cases, before, after, Yardstick(error_of(current.evals), usd_after, trusting=True))
    mixes = [_mix(cases, tiers) for tiers in (before, after)]
    lost = [one for one in trials if mixes[1][one.tier] * (1 - one.as_good.high) > bounds.tolerance]
    unsure = [one for one in trials if one not in lost and mixes[1][one.tier] * (1 - one.as_good.low) > bounds.tolerance]
    fails = _failures(does, bounds) + [_less_good(one, mixes[1], one.as_good.share) for one in lost]
    tried = {one.tier for one in trials if one.as_good.of}
    thin = _doubts(labelled, does, bounds, changed_models(current, proposed, except_of=tried))
    thin += [_less_good(one, mixes[1], one.as_good.low) for one in unsure if one.tier in tried]
    routed = [_escalated(labelled, policy, default_similarity) for policy in (current, proposed)]
    return Gate(
        decision=Decision.FAIL if fails else Decision.THIN if thin else Decision.PASS,
        problems=(*fails, *thin),
        effect=does,
        rate_now=labelled.now.share,
        graded=labelled.graded,
        mix_before=mixes[0],
        mix_after=mixes[1],
        usd_before=_thousand(mixes[0], usd_before),
        usd_after=_thousand(mixes[1], usd_after),
        escalated_before=routed[0],
        escalated_after=routed[1],
        changed=_changed(labelled, before, after),
        trials=trials,
    )


def _changed(labelled: Labelled, before: Sequence[Tier], after: Sequence[Tier]) -> tuple[Changed, ...]:
    rows = zip(labelled.cases, labelled.asked, before, after, strict=True)
    return tuple(Changed(case.id, asked.text, old, new) for case, asked, old, new in rows if old is not new)


def _less_good(trial: Trial, mix: Mapping[Tier, float], share: float) -> str:
    good = round(trial.as_good.share * trial.as_good.of)
    return LESS_GOOD.format(tier=trial.tier, as_good=good, of=trial.as_good.of, drop=mix[trial.tier] * (1 - share))


def _failures(does: Effect, bounds: Bounds) -> list[str]:
    found = []
    if does.worse:
        one = len(does.worse) == 1
        found.append(WORSE.format(count=len(does.worse), questions="question" if one else "questions", are="is" if one else "are"))
    # A drop that may be none is a doubt, not a finding.
    if does.gain < -bounds.tolerance and does.high < 0:
        found.append(DROPS.format(gain=does.gain, tolerance=bounds.tolerance))
    return found


def _doubts(labelled: Labelled, does: Effect, bounds: Bounds, changed: list[str]) -> list[str]:
    found = changed
    if labelled.graded < bounds.min_reviews:
        missing = bounds.min_reviews - labelled.graded
        found.append(FEW.format(graded=labelled.graded, needed=bounds.min_reviews, missing=missing))
    unseen = [move for move in does.moves if not move.up and move.will.of < bounds.min_reviews]
    found += [
        UNSEEN.format(
            share=move.share.share,
            before=move.before,
            after=move.after,
            of=move.will.of,
            missing=bounds.min_reviews - move.will.of,
            kind=move.kinds[0][0],
        )
        for move in unseen
    ]
    if does.low < -bounds.tolerance and does.high >= 0 and not unseen:
        kind, missing = missing_of(does, bounds)
        found.append(UNSURE.format(low=-does.low, tolerance=bounds.tolerance, missing=missing, kind=kind))
    return found


def changed_tiers(current: Policy, proposed: Policy) -> tuple[Tier, ...]:
    """Return the tiers whose first model is another one."""
    return tuple(tier for tier in TIERS if _model(current, tier) != _model(proposed, tier))


def changed_models(current: Policy, proposed: Policy, except_of: Collection[Tier]) -> list[str]:
    """Return in words what is not known of the tiers and the embedder that are other ones."""
    changed = [tier for tier in changed_tiers(current, proposed) if tier not in except_of]
    found = [MODEL.format(tier=tier, old=_model(current, tier), new=_model(proposed, tier)) for tier in changed]
    return found + ([EMBEDDER] if current.cache.embedder != proposed.cache.embedder else [])


def _model(policy: Policy, tier: Tier) -> str:
    return policy.tiers.of(tier).targets[0].model


def _mix(cases: Sequence[Case], tiers: Sequence[Tier]) -> Mapping[Tier, float]:
    """Return how much of all answers each tier gives."""
    weights = dict.fromkeys(Tier, 0.0)
    for case, tier in zip(cases, tiers, strict=True):
        weights[tier] += case.weight
    total = sum(weights.values()) or 1.0
    return {tier: weight / total for tier, weight in weights.items()}


def _thousand(mix: Mapping[Tier, float], usd: Mapping[Tier, Decimal]) -> Decimal | None:
    if any(share and tier not in usd for tier, share in mix.items()):
        return None
    return sum((Decimal(share) * usd[tier] * 1000 for tier, share in mix.items() if share), Decimal(0))


def _escalated(labelled: Labelled, policy: Policy, default_similarity: float) -> Rate:
    routes = Routes(policy, default_similarity, by_channel=False)
    return rate(sum(routes.tier(Asked(one.text)) is Tier.FRONTIER for one in labelled.escalated), len(labelled.escalated))
