"""The words of the evals: a sampled answer, a reviewer's verdict, a golden question."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.types import Answered, Flag, Question
from router.types import Tier, Turn


class Verdict(StrEnum):
    """What a reviewer says of an answer."""

    ACCEPTABLE = "acceptable"
    NOT_ACCEPTABLE = "not_acceptable"
    CANNOT_TELL = "cannot_tell"


class Fault(StrEnum):
    """What is wrong with an answer that is not acceptable."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    WRONG_MATCH = "wrong_match"
    INCOMPLETE = "incomplete"
    UNSAFE = "unsafe"
    SHOULD_ESCALATE = "should_escalate"
    """The tier was too small for the question."""


class Why(StrEnum):
    """How an answer came into the sample."""

    RANDOM = "random"
    FLAG = "flag"
    """Added because it was flagged: it tells nothing about the rate among all answers."""
    AUDIT = "audit"
    """Added because a model answered the hit's question, too: it tells about hits alone."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the answers that is sampled by itself; `channel` is `direct` for what only its asker could see."""

    tier: Tier
    kind: str
    channel: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One answer that may be drawn."""

    question_id: str
    stratum: Stratum


@dataclass(frozen=True, slots=True)
class Drawn:
    """One answer that was drawn. `weight` is how many answers it stands for, one over its chance; 0 where chance had no part.

    `twice`: a second reviewer is to grade it, too.
    """

    unit: Unit
    why: Why
    weight: float
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's word on one answer. `fault` is None unless it is not acceptable; `correction` is a better answer, or empty."""

    question_id: str
    reviewer: str
    verdict: Verdict
    at: datetime
    fault: Fault | None = None
    comment: str = ""
    correction: str = ""

    def __post_init__(self) -> None:
        if self.fault and self.verdict is not Verdict.NOT_ACCEPTABLE:
            raise ValueError("only an answer that is not acceptable has a fault")


@dataclass(frozen=True, slots=True)
class Reviewable:
    """An answer as a reviewer sees it. Who asked is left out (`user` is empty) where only the asker saw the answer.

    `context` is what was said before in the thread, oldest first. `audit` is what a model answered unseen, where the cache was
    audited. `mine` is the reviewer's own verdict, if there is one.
    """

    week: str
    drawn: Drawn
    question: Question
    answer: Answered
    context: tuple[Turn, ...]
    flags: tuple[Flag, ...]
    audit: str = ""
    mine: Review | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A sampled answer with all that was said of it.

    `flaggers` are those whose flags stand; `audited`: the answer is a hit whose question a model answered, too. `earlier` is the
    question whose answer the cache served, or in shadow mode would have, and `similarity` how like its wording is.
    `threaded`: it was asked in a thread, so that earlier words count. `target` is the model that answered as its policy names it.
    """

    week: str
    drawn: Drawn
    reviews: tuple[Review, ...]
    asker: str
    text: str
    answer: str
    model: str
    decided: Tier | None
    usd: Decimal | None
    flaggers: tuple[str, ...] = ()
    audited: bool = False
    earlier: str = ""
    similarity: float | None = None
    threaded: bool = False
    target: str = ""

    @property
    def ok(self) -> float | None:
        """How acceptable the answer is, 0 to 1: the mean of those reviewers who could tell; None when nobody could."""
        told = [one.verdict is Verdict.ACCEPTABLE for one in self.reviews if one.verdict is not Verdict.CANNOT_TELL]
        return sum(told) / len(told) if told else None

    @property
    def accepted(self) -> str:
        """A good answer to the question: a reviewer's correction, or the answer where all accept it; else nothing."""
        corrections = [one.correction for one in self.reviews if one.correction]
        return corrections[-1] if corrections else self.answer if self.ok == 1 else ""

    @property
    def wrong_match(self) -> bool:
        """Whether a reviewer says that the answer is one to another question."""
        return any(one.fault is Fault.WRONG_MATCH for one in self.reviews)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review of a week is. `added` counts what flags and audits added to the random sample.

    `left` counts answers that nobody graded, `left_twice` those that lack a second reviewer.
    """

    week: str
    sampled: int
    added: int
    graded: int
    graded_twice: int
    left: int
    left_twice: int
    by_reviewer: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Golden:
    """A question whose right treatment is known, from a file. Each label may be missing.

    `tier` is the cheapest tier that answers well, empty when unknown; `answer` a good answer. `earlier` is another question
    and `same` whether its answer may be served for this one.
    """

    id: str
    text: str
    tier: str = ""
    answer: str = ""
    earlier: str = ""
    same: bool | None = None
