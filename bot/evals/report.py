"""What the reviews show: acceptable rates with their intervals, flags, false hits, agreement, cost (pure)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.evals.estimate import NO_ERROR, Agreement, Error, Estimate, agreement, estimate
from bot.evals.types import Grade, Verdict, Why
from bot.intervals import Rate, rate
from bot.store.grades import Volume
from router.types import Tier


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the answers: how many stand behind them, and how many of those are acceptable. `unsure`: nobody could tell."""

    name: str
    acceptable: Estimate
    unsure: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of one tier to one kind of question."""

    tier: Tier
    kind: str
    acceptable: Estimate


@dataclass(frozen=True, slots=True)
class Price:
    """What an answer of a tier costs, and what an acceptable one does, from the lowest to the highest that its rate allows.

    None where no answer has a known cost, or where none may be acceptable.
    """

    tier: Tier
    answers: int
    answer_usd: Decimal | None
    acceptable_usd: Decimal | None
    low_usd: Decimal | None
    high_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Report:
    """The rates of all answers in some weeks. Added answers (flags, audits) are in `false_hits` and the flags' figures alone.

    `flagged` is the share of answers with a flag; `flags_right` the share of graded flagged answers that are not acceptable.
    `false_hits` is the share of audited and graded hits that answer another question.
    """

    weeks: tuple[str, ...]
    sampled: int
    graded: int
    total: Part
    tiers: tuple[Part, ...]
    kinds: tuple[Part, ...]
    by_week: tuple[Part, ...]
    cells: tuple[Cell, ...]
    flagged: Rate
    flags_right: Rate
    false_hits: Rate
    agreement: Agreement
    prices: tuple[Price, ...]
    faults: tuple[tuple[str, int], ...]


def make_report(grades: Sequence[Grade], volumes: Sequence[Volume], error: Error = NO_ERROR) -> Report:
    """Add up what was sampled; `volumes` are all answers of the same weeks."""
    drawn = [grade for grade in grades if grade.drawn.why is Why.RANDOM]

    def part(name: str, some: Iterable[Grade]) -> Part:
        return part_of(name, list(some), error)

    def by(key: Callable[[Grade], str]) -> tuple[Part, ...]:
        return tuple(part(name, (one for one in drawn if key(one) == name)) for name in sorted({key(one) for one in drawn}))

    total = part("all", drawn)
    tiers = tuple(part(tier.value, some) for tier in Tier if (some := [one for one in drawn if tier_of(one) is tier]))
    flags = [grade for grade in grades if grade.flaggers and grade.ok is not None]
    audits = [grade for grade in grades if grade.audited and grade.ok is not None]
    return Report(
        weeks=tuple(sorted({grade.week for grade in grades})),
        sampled=len(grades),
        graded=sum(bool(grade.reviews) for grade in grades),
        total=total,
        tiers=tiers,
        kinds=by(lambda one: one.drawn.unit.stratum.kind),
        by_week=by(lambda one: one.week),
        cells=_cells(drawn, error),
        flagged=rate(sum(one.flagged for one in volumes), sum(one.answers for one in volumes)),
        flags_right=rate(sum(_is_bad(one) for one in flags), len(flags)),
        false_hits=rate(sum(one.wrong_match for one in audits), len(audits)),
        agreement=agreement([pair for grade in grades if (pair := _verdicts(grade))]),
        prices=tuple(_price(one, tiers) for one in volumes),
        faults=_faults(grades),
    )


def part_of(name: str, some: Sequence[Grade], error: Error = NO_ERROR) -> Part:
    """Return the acceptable rate of what some drawn answers stand for."""
    graded = [(one.drawn.weight, one.ok) for one in some if one.ok is not None]
    return Part(name, estimate(graded, error), sum(one.ok is None and bool(one.reviews) for one in some))


def tier_of(grade: Grade) -> Tier:
    """Return the tier that gave an answer."""
    return grade.drawn.unit.stratum.tier


def _cells(drawn: Sequence[Grade], error: Error) -> tuple[Cell, ...]:
    keys = sorted({(tier_of(one), one.drawn.unit.stratum.kind) for one in drawn})
    mine = {key: [one for one in drawn if (tier_of(one), one.drawn.unit.stratum.kind) == key] for key in keys}
    return tuple(Cell(tier, kind, part_of(kind, mine[tier, kind], error).acceptable) for tier, kind in keys)


def _is_bad(grade: Grade) -> bool:
    """Whether most reviewers who could tell say that an answer is not acceptable."""
    return grade.ok is not None and grade.ok < 0.5  # noqa: PLR2004 (most)


def _verdicts(grade: Grade) -> tuple[bool, bool] | None:
    """Return what the first two reviewers of an answer said, where both could tell."""
    told = [one.verdict is Verdict.ACCEPTABLE for one in grade.reviews if one.verdict is not Verdict.CANNOT_TELL]
    return (told[0], told[1]) if len(told) > 1 else None


def _price(volume: Volume, tiers: Sequence[Part]) -> Price:
    if not volume.priced:
        return Price(volume.tier, volume.answers, None, None, None, None)
    each = volume.usd / volume.priced
    part = next((one for one in tiers if one.name == volume.tier.value), None)
    if part is None or not part.acceptable.of:
        return Price(volume.tier, volume.answers, each, None, None, None)
    acceptable, low, high = (
        each / Decimal(share) if share > 0 else None for share in (part.acceptable.share, part.acceptable.high, part.acceptable.low)
    )
    return Price(volume.tier, volume.answers, each, acceptable, low, high)


def _faults(grades: Sequence[Grade]) -> tuple[tuple[str, int], ...]:
    """Count what reviewers found wrong, most frequent first."""
    found = [one.fault.value for grade in grades for one in grade.reviews if one.fault]
    return tuple(sorted(((fault, found.count(fault)) for fault in set(found)), key=lambda both: (-both[1], both[0])))
