"""The labelled set: reviewed answers, escalations and golden questions, each as a case and as a question to decide about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.evals.estimate import Estimate
from bot.evals.evidence import Case
from bot.evals.flagging import Flagger, cases_of, flaggers
from bot.evals.kinds import kind_of
from bot.evals.reading import error_of, last_weeks
from bot.evals.report import part_of, tier_of
from bot.evals.routes import Asked, Routes, set_apart
from bot.evals.types import Golden, Grade, Why
from bot.store.database import Database
from bot.store.grades import Consumption, Escalated, read_consumption, read_escalated, read_grades
from router.difficulty import decide
from router.embedder import Embedder, cosine
from router.policy import Policy, Routing
from router.prices import Prices, usd_of
from router.sameness import read
from router.types import Tier, Usage

WEEKS = 26
"""Reviews that are older tell of other questions and other models."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is known of who answers well: cases, and in the same order the questions, and an accepted answer or nothing.

    `now` is the acceptable rate of all answers.
    """

    cases: tuple[Case, ...]
    asked: tuple[Asked, ...]
    accepted: tuple[str, ...]
    escalated: tuple[Escalated, ...]
    flaggers: tuple[Flagger, ...]
    consumption: tuple[Consumption, ...]
    spent: Mapping[Tier, Decimal]
    graded: int
    now: Estimate

    def tiers(self, policy: Policy, default_similarity: float, *, by_channel: bool) -> tuple[Tier, ...]:
        """Return who answers each case under a policy; see Routes."""
        routes = Routes(policy, default_similarity, by_channel=by_channel)
        return tuple(routes.tier(one) for one in self.asked)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was graded, and what the tiers consumed."""

    grades: tuple[Grade, ...]
    escalated: tuple[Escalated, ...] = ()
    consumption: tuple[Consumption, ...] = ()


async def read_evidence(database: Database, now: datetime) -> Evidence:
    """Read the evidence of a deployment, no older than WEEKS. Raises StoreUnavailable."""
    return Evidence(
        await read_grades(database, since=last_weeks(now, WEEKS).first), await read_escalated(database), await read_consumption(database)
    )


async def label(evidence: Evidence, policy: Policy, golden: Sequence[Golden], embedder: Embedder) -> Labelled:
    """Put evidence and golden questions together, as the policy in force counts them. Raises IndexFailure.

    What reviewers said of a model that the policy does not ask any more tells nothing of the one that it asks.
    """
    grades = [_of_today(grade, policy) for grade in evidence.grades]
    outcomes = {one.question_id: {Tier.FRONTIER: one.ok} for one in evidence.escalated if one.ok is not None}
    likeness = await _likeness(golden, embedder)
    asked = [Asked(one.text, one.earlier, one.similarity or 0.0, one.threaded, one.drawn.unit.stratum.channel) for one in grades]
    asked += [Asked(one.text, one.earlier, likeness.get(one.id, 0.0)) for one in golden]
    drawn = [one for one in grades if one.drawn.why is Why.RANDOM]
    return Labelled(
        cases=(*cases_of(grades, outcomes, set_apart(policy)), *(_golden_case(one) for one in golden)),
        asked=tuple(asked),
        accepted=(*(one.accepted for one in grades), *(one.answer for one in golden)),
        escalated=evidence.escalated,
        flaggers=flaggers(grades),
        consumption=evidence.consumption,
        spent=_spent(grades),
        graded=sum(one.ok is not None for one in grades),
        now=part_of("all", drawn, error_of(policy.evals)).acceptable,
    )


def costs(policy: Policy, labelled: Labelled) -> Mapping[Tier, Decimal]:
    """Return what an answer of each tier costs on average: its usual tokens at the price of its first model, else what it did cost."""
    prices = Prices(policy.prices)
    found = dict(labelled.spent) | {Tier.CACHE: Decimal(0)}
    for one in labelled.consumption:
        quote = None if one.tier is Tier.CACHE else prices.of(policy.tiers.of(one.tier).targets[0].model)
        if quote:
            found[one.tier] = usd_of(quote, Usage(round(one.prompt), round(one.completion)))
    return found


def _of_today(grade: Grade, policy: Policy) -> Grade:
    """Return a grade without its reviews where its model is not among its tier's any more."""
    tier = tier_of(grade)
    if tier is Tier.CACHE or not grade.target or any(grade.target == target.model for target in policy.tiers.of(tier).targets):
        return grade
    return replace(grade, reviews=())


def _spent(grades: Sequence[Grade]) -> Mapping[Tier, Decimal]:
    """Return what the sampled answers of each tier cost on average."""
    known: dict[Tier, list[Decimal]] = defaultdict(list)
    for grade in grades:
        if grade.usd is not None:
            known[tier_of(grade)].append(grade.usd)
    return {tier: sum(some, Decimal(0)) / len(some) for tier, some in known.items()}


def _golden_case(one: Golden) -> Case:
    known: dict[Tier, float] = {}
    if one.tier:
        known |= {Tier.SMALL: float(one.tier == Tier.SMALL), Tier.FRONTIER: 1.0}
    if one.same is not None:
        known |= {Tier.CACHE: float(one.same)}
    decision = decide(one.text, Routing())
    return Case(f"golden {one.id}", kind_of(decision.tier, decision.volatility, decision.reasons), 0.0, known, golden=True)


async def _likeness(golden: Sequence[Golden], embedder: Embedder) -> Mapping[str, float]:
    """Return how like the wordings of golden pairs are, as the cache would measure it."""
    paired = [one for one in golden if one.earlier]
    if not paired:
        return {}
    vectors = await embedder.embed([read(text).masked for one in paired for text in (one.earlier, one.text)])
    return {one.id: cosine(vectors[2 * place], vectors[2 * place + 1]) for place, one in enumerate(paired)}
