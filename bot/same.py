"""What `switchboard same` does with text: verdicts on pairs of questions, and the score of the rules on labelled pairs."""

import json
import math
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from router.embedder import Embedder, cosine
from router.sameness import Verdict, compare, read

NOT_UTF8 = "not UTF-8 text"
NOT_JSON = "not a JSON object"
NO_ROWS = "there is no labelled pair in the file"
PLAIN_COSINE = 0.93
"""The threshold that caches commonly take on the cosine of whole texts; the rules are compared with it."""
_Z95 = 1.959963984540054
"""Two-sided 95% of the normal distribution."""


class SameError(ValueError):
    """A line of the input cannot be used. The message is one line that names the line's number; `line` carries it (0: none)."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {problem}" if line else problem)
        self.line = line


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
class Rate:
    """`count` of `of`, with the 95% Wilson interval of the share; an empty rate knows nothing: 0 to 1."""

    count: int
    of: int
    share: float
    low: float
    high: float


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

    Raises SameError at the first line that cannot be used; what came before it has been yielded.
    """
    for pair in _read(lines, _Pair):
        verdict = await verdict_on(pair.a, pair.b, embedder)
        yield json.dumps(
            {"id": pair.id, "same": verdict.same, "score": round(verdict.score, 4), "reason": verdict.reason}, ensure_ascii=False
        )


async def score_pairs(rows: Iterable[str], embedder: Embedder) -> PairsScore:
    """Judge the rules on JSON lines {"id", "a", "b", "same_answer"} with optional "kind". Raises SameError."""
    pairs = list(_read(rows, _Labelled))
    if not pairs:
        raise SameError(NO_ROWS)
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


Row = TypeVar("Row", _Pair, _Labelled)


def _read(lines: Iterable[str], form: type[Row]) -> Iterator[Row]:
    """Read JSON lines of one form, skipping blank ones and a byte-order mark. Raises SameError."""
    number = 0
    try:
        for number, line in enumerate(lines, 1):  # noqa: B007 (also used where the stream itself breaks off)
            text = line.removeprefix("\ufeff").strip()
            if text:
                yield form.model_validate_json(text)
    except UnicodeDecodeError as error:
        raise SameError(NOT_UTF8, number + 1) from error
    except ValidationError as error:
        raise SameError(_problem(error), number) from error


def _problem(error: ValidationError) -> str:
    """Return what is wrong with a line, in words, without repeating the line."""
    detail = error.errors(include_url=False, include_input=False)[0]
    key = str(detail["loc"][0]) if detail["loc"] else ""
    if not key:
        return NOT_JSON
    if detail["type"] == "missing":
        return f"`{key}` is missing"
    return f"`{key}`: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _kinds(judged: Sequence[_Judged]) -> tuple[Part, ...]:
    names = sorted({one.row.kind for one in judged} - {""})
    return tuple(_part(name, [one for one in judged if one.row.kind == name]) for name in names)


def _part(name: str, judged: Sequence[_Judged]) -> Part:
    misses = [one for one in judged if not one.row.same_answer]
    equal = [one for one in judged if one.row.same_answer]
    refused = rate(sum(not one.same for one in misses), len(misses))
    return Part(name, refused, rate(sum(one.same for one in equal), len(equal)), sum(one.grey for one in judged))


def rate(count: int, of: int) -> Rate:
    """Return a share with its Wilson score interval (E. B. Wilson, 1927), which holds for few pairs and for shares near 0."""
    if of == 0:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    share = count / of
    shrink = 1 + _Z95**2 / of
    middle = (share + _Z95**2 / (2 * of)) / shrink
    margin = _Z95 * math.sqrt(share * (1 - share) / of + _Z95**2 / (4 * of**2)) / shrink
    return Rate(count, of, share, max(0.0, middle - margin), min(1.0, middle + margin))


def _line(part: Part, plain: Part) -> str:
    return (
        f"{part.name:<24.24}{_shown(part.refused):<34}{_share(plain.refused):<12}{_shown(part.kept):<34}{_share(plain.kept):<12}".rstrip()
    )


def _shown(one: Rate) -> str:
    return f"{one.count:>4}/{one.of:<4} {one.share:>6.1%} [{one.low:.1%}, {one.high:.1%}]" if one.of else "-"


def _share(one: Rate) -> str:
    return f"{one.share:.1%}" if one.of else "-"
