"""What `switchboard same` does with text: verdicts on pairs of questions, and the score of the rules on labelled pairs."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, dataclass

from pydantic import BaseModel, ConfigDict, Field

from bot.intervals import Rate, rate
from bot.lines import LineError, read_lines
from router.embedder import Embedder, cosine
from router.sameness import Verdict, compare, read

NO_ROWS = "there is no labelled pair in the file"
PLAIN_COSINE = 0.93
"""The threshold that caches commonly take on the cosine of whole texts; the rules are compared with it."""


class _Pair(BaseModel):
    """One line of `same -`."""

    model_config = ConfigDict(strict=True, frozen=True)
    id: str | int
    a: str
    b: str


class _Labelled(_Pair):
    """One line of a labelled file; `kind` may be left out."""

    same_answer: bool
    kind: str = Field(default="")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the pairs: near misses (another answer) refused, equivalents (the same answer) kept, and those in the grey zone."""

    name: str
    refused: Rate
    kept: Rate
    grey: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair that was judged wrongly, by its id: texts stay in the file."""

    id: str
    kind: str
    same_answer: bool
    grey: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PairsScore:
    """The rules on labelled pairs, whole and by kind, beside the plain cosine of whole texts on the same pairs."""

    embedder: str
    threshold: float
    total: Part
    kinds: tuple[Part, ...]
    plain_total: Part
    plain_kinds: tuple[Part, ...]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    row: _Labelled
    same: bool
    grey: bool
    reason: str


async def verdict_on(stored: str, asked: str, embedder: Embedder) -> Verdict:
    """Tell whether the fresh answer to `stored`, in the same scope, would be served for `asked`."""
    return (await _verdicts([(stored, asked)], embedder))[0]


async def same_lines(lines: Iterable[str], embedder: Embedder) -> AsyncIterator[str]:
    """Judge each JSON line {"id", "a", "b"} and yield {"id", "same", "score", "reason"}, in order; blank lines are skipped.

    Raises LineError at the first line that cannot be used; what came before it has been yielded.
    """
    for pair in read_lines(lines, _Pair):
        verdict = await verdict_on(pair.a, pair.b, embedder)
        yield json.dumps(
            {"id": pair.id, "same": verdict.same, "score": round(verdict.score, 4), "reason": verdict.reason}, ensure_ascii=False
        )


async def score_pairs(rows: Iterable[str], embedder: Embedder) -> PairsScore:
    """Judge the rules on JSON lines {"id", "a", "b", "same_answer"} with optional "kind". Raises LineError."""
    pairs = list(read_lines(rows, _Labelled))
    if not pairs:
        raise LineError(NO_ROWS)
    texts = [(pair.a, pair.b) for pair in pairs]
    verdicts = await _verdicts(texts, embedder)
    ours = [_Judged(row, one.same, one.grey, one.reason) for row, one in zip(pairs, verdicts, strict=True)]
    near = await _cosines(texts, embedder)
    plain = [_Judged(row, likeness >= PLAIN_COSINE, grey=False, reason="") for row, likeness in zip(pairs, near, strict=True)]
    return PairsScore(
        embedder=embedder.name,
        threshold=embedder.threshold,
        total=_part("all", ours),
        kinds=_kinds(ours),
        plain_total=_part("all", plain),
        plain_kinds=_kinds(plain),
        mistakes=tuple(
            Mistake(str(one.row.id), one.row.kind, one.row.same_answer, one.grey, one.reason)
            for one in ours
            if one.same != one.row.same_answer
        ),
    )


def to_json(scored: PairsScore) -> str:
    """Return the score as one JSON object, with the fields of PairsScore."""
    return json.dumps(asdict(scored), indent=2, ensure_ascii=False)


def render(scored: PairsScore) -> str:
    """Return the score as text for a terminal."""
    lines = [
        f"{scored.embedder}, threshold {scored.threshold:.2f}; beside it the plain cosine of whole texts from {PLAIN_COSINE}",
        "",
        f"{'':<24}{'near misses refused':<34}{'plain':<12}{'equivalents kept':<34}{'plain':<12}",
        _line(scored.total, scored.plain_total),
    ]
    if scored.kinds:
        lines += ["", *(_line(part, plain) for part, plain in zip(scored.kinds, scored.plain_kinds, strict=True))]
    missed = sum(one.grey and one.same_answer for one in scored.mistakes)
    lines += ["", f"of the equivalents not kept, {missed} are in the grey zone that a judge may settle"]
    return "\n".join(lines)


async def _verdicts(texts: Sequence[tuple[str, str]], embedder: Embedder) -> list[Verdict]:
    readings = [(read(a), read(b)) for a, b in texts]
    near = await _cosines([(a.masked, b.masked) for a, b in readings], embedder)
    return [compare(a, b, likeness, embedder.threshold) for (a, b), likeness in zip(readings, near, strict=True)]


async def _cosines(texts: Sequence[tuple[str, str]], embedder: Embedder) -> list[float]:
    vectors = await embedder.embed([text for pair in texts for text in pair])
    return [cosine(a, b) for a, b in zip(vectors[::2], vectors[1::2], strict=True)]


def _kinds(judged: Sequence[_Judged]) -> tuple[Part, ...]:
    names = sorted({one.row.kind for one in judged} - {""})
    return tuple(_part(name, [one for one in judged if one.row.kind == name]) for name in names)


def _part(name: str, judged: Sequence[_Judged]) -> Part:
    misses = [one for one in judged if not one.row.same_answer]
    equal = [one for one in judged if one.row.same_answer]
    refused = rate(sum(not one.same for one in misses), len(misses))
    return Part(name, refused, rate(sum(one.same for one in equal), len(equal)), sum(one.grey for one in judged))


def _line(part: Part, plain: Part) -> str:
    return (
        f"{part.name:<24.24}{_shown(part.refused):<34}{_share(plain.refused):<12}{_shown(part.kept):<34}{_share(plain.kept):<12}".rstrip()
    )


def _shown(one: Rate) -> str:
    return f"{one.count:>4}/{one.of:<4} {one.share:>6.1%} [{one.low:.1%}, {one.high:.1%}]" if one.of else "-"


def _share(one: Rate) -> str:
    return f"{one.share:.1%}" if one.of else "-"
