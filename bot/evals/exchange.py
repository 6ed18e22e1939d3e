"""Golden questions from a file, and what was graded as files for other tools."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.evals.types import Drawn, Fault, Golden, Grade, Review, Stratum, Unit, Verdict, Why
from bot.lines import LineError, read_line, read_lines
from router.types import Tier

PAIRED = "`earlier` and `same` belong together"
TWICE = "`id`: an earlier line has the same one"
UNLABELLED = "it has no label: give it a `tier`, an `answer`, or `earlier` with `same`"
JUDGE = """\
Does the answer serve a network engineer as well as this one, which a reviewer accepted, in every detail?

{answer}"""


class _Row(BaseModel):
    """One line of a file of golden questions."""

    model_config = ConfigDict(strict=True, frozen=True)
    id: Annotated[str, Field(min_length=1, max_length=128)] | int
    text: Annotated[str, Field(min_length=1)]
    tier: Literal["small", "frontier"] | None = None
    answer: str | None = None
    earlier: str | None = None
    same: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "_Row":
        if (self.earlier is None) != (self.same is None):
            raise ValueError(PAIRED)
        if self.tier is None and not self.answer and self.same is None:
            raise ValueError(UNLABELLED)
        return self


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: the usable questions, and what is wrong with each of the other lines."""

    questions: tuple[Golden, ...]
    errors: tuple[LineError, ...]


def read_golden(lines: Iterable[str], report: Callable[[int], None]) -> Imported:
    """Read golden questions from JSON lines, telling after each line how many are done; a faulty line spoils no other."""
    found: dict[str, Golden] = {}
    errors: list[LineError] = []
    for number, line in enumerate(lines, 1):
        try:
            one = _golden(line, number)
        except LineError as error:
            errors.append(error)
        else:
            if one and one.id in found:
                errors.append(LineError(TWICE, number))
            elif one:
                found[one.id] = one
        report(number)
    return Imported(tuple(found.values()), tuple(errors))


def _golden(line: str, number: int) -> Golden | None:
    row = read_line(line, number, _Row)
    return Golden(str(row.id), row.text, row.tier or "", row.answer or "", row.earlier or "", row.same) if row else None


class _Review(BaseModel):
    """One review in an exported line."""

    model_config = ConfigDict(frozen=True)
    reviewer: str
    verdict: Verdict
    fault: Fault | None = None
    comment: str = ""
    correction: str | None = None
    at: AwareDatetime


class _Exported(BaseModel):
    """One line of what `as_lines` writes."""

    model_config = ConfigDict(frozen=True)
    id: str
    question: str
    answer: str
    earlier_question: str | None = None
    similarity: float | None = None
    reviews: tuple[_Review, ...]
    tier: Tier
    decided: Tier | None = None
    kind: str
    channel: str
    threaded: bool = False
    model: str = ""
    target: str = ""
    cost_usd: Annotated[Decimal, Field(ge=0)] | None = None
    week: str
    why: Why
    weight: Annotated[float, Field(ge=0)]
    flags: Annotated[int, Field(ge=0)] = 0


def read_exported(lines: Iterable[str]) -> tuple[Grade, ...]:
    """Read back what `as_lines` wrote; who asked and who flagged is not in it. Raises LineError."""
    return tuple(_grade_of(row) for row in read_lines(lines, _Exported))


def _grade_of(row: _Exported) -> Grade:
    reviews = [Review(row.id, one.reviewer, one.verdict, one.at, one.fault, one.comment, one.correction or "") for one in row.reviews]
    return Grade(
        week=row.week,
        drawn=Drawn(Unit(row.id, Stratum(row.tier, row.kind, row.channel)), row.why, row.weight),
        reviews=tuple(reviews),
        asker="",
        text=row.question,
        answer=row.answer,
        model=row.model,
        decided=row.decided,
        usd=row.cost_usd,
        flaggers=tuple(f"flagger {number}" for number in range(row.flags)),
        earlier=row.earlier_question or "",
        similarity=row.similarity,
        threaded=row.threaded,
        target=row.target,
    )


def as_lines(grades: Sequence[Grade]) -> Iterator[str]:
    """Yield each graded answer as a JSON line: question, answer, verdicts, and where they come from; never who asked."""
    for grade in _graded(grades):
        stratum = grade.drawn.unit.stratum
        yield json.dumps(
            {
                "id": grade.drawn.unit.question_id,
                "question": grade.text,
                "answer": grade.answer,
                "earlier_question": grade.earlier or None,
                "similarity": grade.similarity,
                "reviews": [
                    {
                        "reviewer": one.reviewer,
                        "verdict": one.verdict,
                        "fault": one.fault,
                        "comment": one.comment,
                        "correction": one.correction or None,
                        "at": one.at.isoformat(),
                    }
                    for one in grade.reviews
                ],
                "tier": stratum.tier,
                "decided": grade.decided,
                "kind": stratum.kind,
                "channel": stratum.channel,
                "threaded": grade.threaded,
                "model": grade.model,
                "target": grade.target,
                "cost_usd": None if grade.usd is None else f"{grade.usd.normalize():f}",
                "week": grade.week,
                "why": grade.drawn.why,
                "weight": grade.drawn.weight,
                "flags": len(grade.flaggers),
            },
            ensure_ascii=False,
        )


def as_promptfoo(grades: Sequence[Grade]) -> Iterator[str]:
    """Yield promptfoo test cases as JSON lines, one for each question with an accepted answer.

    promptfoo reads them as `tests: file://cases.jsonl`; a rubric asks its grader whether an answer serves as well.
    """
    for grade, accepted in _accepted(grades):
        stratum = grade.drawn.unit.stratum
        case = {
            "description": f"{grade.drawn.unit.question_id} ({stratum.tier}, {stratum.kind})",
            "vars": {"question": grade.text, "accepted": accepted},
            "assert": [{"type": "llm-rubric", "value": JUDGE.format(answer=accepted)}],
            "metadata": {"tier": stratum.tier, "kind": stratum.kind, "week": grade.week},
        }
        yield json.dumps(case, ensure_ascii=False)


def as_openai(grades: Sequence[Grade]) -> Iterator[str]:
    """Yield rows of an OpenAI evals data source as JSON lines: each an `item`, as its file upload wants it."""
    for grade, accepted in _accepted(grades):
        stratum = grade.drawn.unit.stratum
        item = {
            "id": grade.drawn.unit.question_id,
            "input": [{"role": "user", "content": grade.text}],
            "ideal": accepted,
            "tier": stratum.tier,
            "kind": stratum.kind,
        }
        yield json.dumps({"item": item}, ensure_ascii=False)


def _graded(grades: Sequence[Grade]) -> list[Grade]:
    return [grade for grade in grades if grade.reviews]


def _accepted(grades: Sequence[Grade]) -> Iterator[tuple[Grade, str]]:
    """Yield each answer to whose question an accepted one is known, with that."""
    return ((grade, grade.accepted) for grade in _graded(grades) if grade.accepted)
