"""A simulated month: do the intervals hold the truth, and does tuning harm? Through the very functions that the commands use."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.evals.choosing import Bounds, Candidate, Finding, best, judge_all
from bot.evals.estimate import Error
from bot.evals.evidence import Yardstick
from bot.evals.flagging import cases_of
from bot.evals.report import Part, Report, make_report
from bot.evals.sampling import draw
from bot.evals.types import Drawn, Grade, Review, Stratum, Unit, Verdict, Why
from router.types import Tier

QUESTIONS, WEEKS, A_WEEK = 20_000, 4, 100
REVIEWERS = Error(misses=0.10, alarms=0.03)
UNSURE, TWICE, FLAGS_GRADED = 0.03, 0.2, 0.8
EASY, REPEATED, FAILING = 0.6, 0.25, 0.04
"""The share of questions that are easy, that were asked before, and for which the frontier model fails."""
USD = {Tier.CACHE: Decimal(0), Tier.SMALL: Decimal("0.0012"), Tier.FRONTIER: Decimal("0.0105")}
BOUNDS = Bounds(tolerance=0.02, min_reviews=30)
STEPS = 12
"""Candidates for each threshold."""

SMALL_CHANNEL = "C3"
"""A channel whose policy lets the small model answer everything."""

_BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
_KINDS = ("status", "look-up", "knowledge", "fault", "design")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the month: how hard it is, how hard it looks, and how alike an earlier question is (0: there is none)."""

    id: str
    asker: str
    kind: str
    hard: float
    looks: float
    alike: float
    channel: str
    tier: Tier = Tier.SMALL
    wanted: Tier = Tier.SMALL
    ok: bool = True
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """What is true in one month: the thresholds in force, how the tiers fare on hard questions, and who is ready to flag."""

    threshold: float
    similarity: float
    small_drop: float
    cache_floor: float
    readiness: dict[str, tuple[float, float]]
    """For each asker how often a bad answer is flagged, and a good one."""

    def tier(self, one: Asked, threshold: float, similarity: float) -> Tier:
        """Return who answers under some thresholds."""
        if one.alike and one.alike >= similarity:
            return Tier.CACHE
        return Tier.SMALL if one.looks < threshold else Tier.FRONTIER

    def chance(self, one: Asked, tier: Tier) -> float:
        """Return how likely a tier's answer is acceptable."""
        if tier is Tier.CACHE:
            return self.cache_floor + (0.98 - self.cache_floor) * (one.alike - 0.5) * 2
        return 0.97 - (self.small_drop if tier is Tier.SMALL else 0.12) * one.hard**2


@dataclass(frozen=True, slots=True)
class Month:
    """What became of one month: for each reported rate whether its interval holds the truth; the change that tuning proposes."""

    held: dict[str, bool]
    proposed: str
    gain: float
    """By how much the proposal really changes the acceptable rate; 0 without one."""
    usd: float
    """By how much the proposal really changes what 1,000 answers cost."""


@dataclass(frozen=True, slots=True)
class Months:
    """Many months, added up."""

    months: tuple[Month, ...]

    @property
    def coverage(self) -> dict[str, float]:
        """How often the interval of each reported rate held the truth."""
        names = sorted({name for month in self.months for name in month.held})
        told = {name: [month.held[name] for month in self.months if name in month.held] for name in names}
        return {name: sum(some) / len(some) for name, some in told.items()}

    @property
    def harmed(self) -> float:
        """How often tuning lowered the true acceptable rate by more than the tolerance."""
        return sum(month.gain < -BOUNDS.tolerance for month in self.months) / len(self.months)

    @property
    def proposed(self) -> float:
        """How often tuning proposed a change."""
        return sum(bool(month.proposed) for month in self.months) / len(self.months)


def render(months: Months) -> str:
    """Return what came of simulated months as text."""
    proposals = [month for month in months.months if month.proposed]
    gains = sorted(month.gain for month in proposals)
    lines = [
        f"{len(months.months)} months of {QUESTIONS:,} questions, {A_WEEK} reviews a week",
        "how often a 95% interval holds the truth",
        *(f"  {name:<18}{share:.1%}" for name, share in months.coverage.items()),
        f"tuning proposed a change in {months.proposed:.1%} of the months; the true acceptable rate then fell",
        f"by more than {BOUNDS.tolerance:.0%} in {months.harmed:.1%} of the months",
    ]
    if gains:
        lines.append(
            f"what a proposal really changed: {gains[0]:+.1%} at worst, {gains[len(gains) // 2]:+.1%} in the middle, {gains[-1]:+.1%}"
        )
    return "\n".join(lines)


def simulate(seeds: int, report: Callable[[int], None]) -> Months:
    """Play so many months."""
    months = []
    for seed in range(seeds):
        months.append(play(seed))
        report(seed + 1)
    return Months(tuple(months))


def play(seed: int) -> Month:
    """Play one month: 20,000 questions, reviewers with a known error, flaggers with a bias of their own."""
    chance = random.Random(seed)  # noqa: S311 (a simulation is to be repeatable)
    world = _world(chance)
    asked = [_asked(number, world, chance) for number in range(QUESTIONS)]
    grades = [grade for week in range(WEEKS) for grade in _week(asked[week::WEEKS], week, chance)]
    report = make_report(grades, (), REVIEWERS)
    name, gain, usd = _tune(world, asked, grades)
    return Month(_held(report, asked), name, gain, usd)


def _world(chance: random.Random) -> World:
    readiness = {f"U{number}": (chance.betavariate(0.5, 5), chance.betavariate(0.3, 60)) for number in range(57)}
    grumblers = {f"G{number}": (0.6, 0.05) for number in range(3)}
    return World(
        threshold=chance.uniform(0.25, 0.75),
        similarity=chance.uniform(0.55, 0.8),
        small_drop=chance.uniform(0.2, 0.8),
        cache_floor=chance.uniform(0.5, 0.95),
        readiness=readiness | grumblers,
    )


def _asked(number: int, world: World, chance: random.Random) -> Asked:
    hard = chance.betavariate(2, 6) if chance.random() < EASY else chance.betavariate(6, 2)
    kind = _KINDS[min(len(_KINDS) - 1, max(0, int((hard + chance.gauss(0, 0.1)) * len(_KINDS))))]
    alike = chance.uniform(0.5, 1) if chance.random() < REPEATED else 0.0
    channel = chance.choices(("C1", "C2", SMALL_CHANNEL), (5, 4, 1))[0]
    one = Asked(f"q{number}", chance.choice(list(world.readiness)), kind, hard, hard + chance.gauss(0, 0.15), alike, channel)
    wanted = world.tier(one, world.threshold, world.similarity)
    # The small model's answers to hard questions are seen where it steps in for the other, and in a channel that has no other.
    fails = wanted is Tier.FRONTIER and (channel == SMALL_CHANNEL or chance.random() < FAILING)
    tier = Tier.SMALL if fails else wanted
    ok = chance.random() < world.chance(one, tier)
    return replace(one, wanted=wanted, tier=tier, ok=ok, flagged=chance.random() < world.readiness[one.asker][ok])


def _week(asked: Sequence[Asked], week: int, chance: random.Random) -> list[Grade]:
    known = {one.id: one for one in asked}
    units = {one.id: Unit(one.id, Stratum(one.tier, one.kind, one.channel)) for one in asked}
    drawn = draw(list(units.values()), A_WEEK, twice=TWICE, random=chance)
    seen = {one.unit.question_id for one in drawn}
    drawn += [Drawn(units[one.id], Why.FLAG, 0.0) for one in asked if one.flagged and one.id not in seen]
    return [_grade(one, known[one.unit.question_id], f"2026-W{45 + week}", chance) for one in drawn]


def _grade(drawn: Drawn, one: Asked, week: str, chance: random.Random) -> Grade:
    wanted = 2 if drawn.twice else int(drawn.why is Why.RANDOM or chance.random() < FLAGS_GRADED)
    return Grade(
        week=week,
        drawn=drawn,
        reviews=tuple(Review(one.id, f"reviewer {number}", _said(one, chance), _BEGIN + timedelta(number)) for number in range(wanted)),
        asker=one.asker,
        text="",
        answer="",
        model="",
        decided=one.wanted,
        usd=None,
        flaggers=(one.asker,) if one.flagged else (),
    )


def _said(one: Asked, chance: random.Random) -> Verdict:
    if chance.random() < UNSURE:
        return Verdict.CANNOT_TELL
    seen_ok = chance.random() >= REVIEWERS.alarms if one.ok else chance.random() < REVIEWERS.misses
    return Verdict.ACCEPTABLE if seen_ok else Verdict.NOT_ACCEPTABLE


def _held(report: Report, asked: Sequence[Asked]) -> dict[str, bool]:
    """Return for each reported rate whether its interval holds the true share of acceptable answers."""
    held = {"all": _holds(report.total, asked)}
    held |= {f"tier {part.name}": _holds(part, [one for one in asked if one.tier.value == part.name]) for part in report.tiers}
    held |= {f"kind {part.name}": _holds(part, [one for one in asked if one.kind == part.name]) for part in report.kinds}
    weeks = {part.name: asked[place::WEEKS] for place, part in enumerate(report.by_week)}
    return held | {f"week {part.name}": _holds(part, weeks[part.name]) for part in report.by_week}


def _holds(part: Part, asked: Sequence[Asked]) -> bool:
    return part.acceptable.low <= sum(one.ok for one in asked) / len(asked) <= part.acceptable.high


def _tune(world: World, asked: Sequence[Asked], grades: Sequence[Grade]) -> tuple[str, float, float]:
    """Let the evidence choose a change, and return it with what it really does to quality and to the cost of 1,000 answers."""
    known = {one.id: one for one in asked}
    cases = cases_of(grades, {}, forced=(SMALL_CHANNEL,))
    sampled = [known[case.id] for case in cases]
    before = [one.wanted for one in sampled]
    trials = [("threshold", step / STEPS, step / STEPS, world.similarity) for step in range(1, STEPS)]
    trials += [("similarity", 0.5 + step / STEPS / 2, world.threshold, 0.5 + step / STEPS / 2) for step in range(1, STEPS)]
    candidates = [
        Candidate(key, value, tuple(world.tier(one, threshold, similarity) for one in sampled))
        for key, value, threshold, similarity in trials
    ]
    chosen = best(judge_all(cases, before, candidates, Yardstick(REVIEWERS, USD), BOUNDS))
    if chosen is None:
        return "", 0.0, 0.0
    key, value = chosen.candidate.key, chosen.candidate.value
    threshold, similarity = (value, world.similarity) if key == "threshold" else (world.threshold, value)
    tiers = [(one, one.wanted, world.tier(one, threshold, similarity)) for one in asked if one.channel != SMALL_CHANNEL]
    gain = sum(world.chance(one, new) - world.chance(one, old) for one, old, new in tiers) / len(tiers)
    usd = float(sum((USD[new] - USD[old] for _, old, new in tiers), Decimal(0)) / len(tiers) * 1000)
    return f"{'better' if chosen.finding is Finding.BETTER else 'cheaper'}: {key}", gain, usd
