"""Which similarity an embedder should be held to: the curve of hits against false hits on labelled pairs, beside plain cosine."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from pydantic import BaseModel, ConfigDict

from bot.intervals import Rate, cases_needed, rate
from bot.lines import LineError, read_lines
from router.embedder import Embedder, Vector, cosine
from router.sameness import Reading, compare, read

NO_PAIRS = "there is no pair in the file"
NOT_ENOUGH = "not enough pairs: {needed} near misses, none of them served, would show at most {bound:.2%} false hits; the file has {found}"
NONE_IS_SAFE = "no threshold keeps false hits within {bound:.2%}: at {threshold:.2f} it is {rate}"
STEPS = 100
"""Thresholds from 0 to 1 that are tried: hundredths, which is finer than any file of pairs can tell apart."""
SHOWN_EVERY = 5
BATCH = 64


class _Pair(BaseModel):
    """One line of a file of pairs: `same_answer` says whether the answer to `a` may be served for `b`."""

    model_config = ConfigDict(strict=True, frozen=True)
    id: str | int
    kind: str = ""
    a: str
    b: str
    same_answer: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold does: equivalents that are served, and near misses that are served."""

    threshold: float
    hits: Rate
    false_hits: Rate


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of one way to decide, by rising threshold; `recommended` is the lowest that is safe, None when none is shown to be."""

    name: str
    points: tuple[Point, ...]
    recommended: float | None

    def at(self, threshold: float) -> Point:
        """Return the point nearest to a threshold."""
        return min(self.points, key=lambda point: abs(point.threshold - threshold))


@dataclass(frozen=True, slots=True)
class Calibration:
    """An embedder on a file of pairs. `in_use` is the threshold of today; `problem` says why none is recommended."""

    embedder: str
    equivalents: int
    near_misses: int
    tolerance: float
    in_use: float
    guard: Curve
    cosine: Curve
    problem: str = ""
    policy: tuple[str, ...] = field(default=())
    """The lines of the policy that set the recommended threshold."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """One pair as both ways see it: the likeness of the masked texts, and that of the texts as they were written."""

    same: bool
    a: Reading
    b: Reading
    masked: float
    plain: float


async def calibrate(lines: Iterable[str], embedder: Embedder, in_use: float, tolerance: float) -> Calibration:
    """Try every threshold on JSON lines {"a", "b", "same_answer"}. Raises LineError, and IndexFailure when the embedder does not answer."""
    pairs = list(read_lines(lines, _Pair))
    if not pairs:
        raise LineError(NO_PAIRS)
    measured = await _measure(pairs, embedder)
    guard = _curve("the whole guard", measured, tolerance, lambda pair, at: compare(pair.a, pair.b, pair.masked, at).same)
    plain = _curve("plain cosine", measured, tolerance, lambda pair, at: pair.plain >= at)
    near_misses = sum(not pair.same for pair in measured)
    return Calibration(
        embedder=embedder.name,
        equivalents=len(measured) - near_misses,
        near_misses=near_misses,
        tolerance=tolerance,
        in_use=in_use,
        guard=guard,
        cosine=plain,
        problem=_problem(guard, near_misses, tolerance),
        policy=() if guard.recommended is None else ("[cache]", f"similarity = {guard.recommended:.2f}"),
    )


async def _measure(pairs: Sequence[_Pair], embedder: Embedder) -> list[_Measured]:
    readings = [(read(pair.a), read(pair.b)) for pair in pairs]
    texts = [text for pair, (a, b) in zip(pairs, readings, strict=True) for text in (pair.a, pair.b, a.masked, b.masked)]
    vectors: list[Vector] = []
    for first in range(0, len(texts), BATCH):
        vectors += await embedder.embed(texts[first : first + BATCH])
    quads = zip(vectors[::4], vectors[1::4], vectors[2::4], vectors[3::4], strict=True)
    return [
        _Measured(pair.same_answer, a, b, cosine(masked_a, masked_b), cosine(plain_a, plain_b))
        for pair, (a, b), (plain_a, plain_b, masked_a, masked_b) in zip(pairs, readings, quads, strict=True)
    ]


def _curve(name: str, pairs: Sequence[_Measured], tolerance: float, served: Callable[[_Measured, float], bool]) -> Curve:
    equivalents = [pair for pair in pairs if pair.same]
    near_misses = [pair for pair in pairs if not pair.same]

    def point(threshold: float) -> Point:
        hits, false_hits = (sum(served(pair, threshold) for pair in some) for some in (equivalents, near_misses))
        return Point(threshold, rate(hits, len(equivalents)), rate(false_hits, len(near_misses)))

    points = tuple(point(step / STEPS) for step in range(STEPS + 1))
    return Curve(name, points, next((one.threshold for one in points if one.false_hits.high <= tolerance), None))


def _problem(guard: Curve, near_misses: int, tolerance: float) -> str:
    """Return why no threshold is recommended: with few pairs even none served shows little."""
    if guard.recommended is not None:
        return ""
    needed = cases_needed(tolerance)
    if near_misses < needed:
        return NOT_ENOUGH.format(needed=needed, bound=tolerance, found=near_misses)
    safest = guard.points[-1]
    return NONE_IS_SAFE.format(bound=tolerance, threshold=safest.threshold, rate=_with_interval(safest.false_hits).strip())


def to_json(calibration: Calibration) -> str:
    """Return a calibration as one JSON object, with its fields."""
    return json.dumps(asdict(calibration), indent=2)


def render(calibration: Calibration) -> str:
    """Return a calibration as text for a terminal: every fifth threshold, and those in use and recommended."""
    guard, plain = calibration.guard, calibration.cosine
    marks = {guard.at(calibration.in_use).threshold: "in use"}
    if guard.recommended is not None:
        marks[guard.recommended] = "recommended" if guard.recommended not in marks else "in use, recommended"
    lines = [
        f"{calibration.embedder}: {calibration.equivalents} equivalents, {calibration.near_misses} near misses; 95% Wilson intervals",
        "",
        f"{'':10}{guard.name:<52}{plain.name}",
        f"{'threshold':<10}{'hits':<26}{'false hits':<26}{'hits':<26}{'false hits'}",
    ]
    for number, (ours, theirs) in enumerate(zip(guard.points, plain.points, strict=True)):
        if number % SHOWN_EVERY == 0 or ours.threshold in marks:
            rates = "".join(f"{_with_interval(each):<26}" for each in (ours.hits, ours.false_hits, theirs.hits, theirs.false_hits))
            lines.append(f"{ours.threshold:<10.2f}{rates}{marks.get(ours.threshold, '')}".rstrip())
    return "\n".join((*lines, "", *_advice(calibration)))


def _advice(calibration: Calibration) -> list[str]:
    guard, plain = calibration.guard, calibration.cosine
    if guard.recommended is None:
        return [calibration.problem]
    ours = guard.at(guard.recommended)
    same = max(point.threshold for point in guard.points if (point.hits, point.false_hits) == (ours.hits, ours.false_hits))
    bound = f"the lowest threshold with at most {calibration.tolerance:.2%} false hits"
    lines = [
        f"Recommended: {ours.threshold:.2f}, {bound}; it keeps {ours.hits.share:.1%} of the equivalents.",
        f"Any threshold up to {same:.2f} serves as many of these pairs; the higher one is the more careful.",
    ]
    if plain.recommended is None:
        lines.append("Plain cosine has no such threshold.")
    else:
        lines.append(f"Plain cosine would need {plain.recommended:.2f} and keep {plain.at(plain.recommended).hits.share:.1%}.")
    return [*lines, "In the policy:", *(f"    {line}" for line in calibration.policy)]


def _with_interval(shown: Rate) -> str:
    return f"{shown.share:>6.1%} [{shown.low:.1%}, {shown.high:.1%}]" if shown.of else "-"
