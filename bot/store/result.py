"""What answering a question brings about, and what is read back of it."""

from dataclasses import dataclass

from bot.replies import Caution, Failed
from bot.types import Answered, Question
from router.types import Answer, Attempt, Decision, Mode


@dataclass(frozen=True, slots=True)
class Result:
    """All that answering a question brought about.

    `answer` is None when there is none to give, and `failure` says why then. `caution` is shown above the answer.
    `can_escalate`: a dearer tier is left to ask.
    """

    mode: Mode
    decision: Decision | None
    attempts: tuple[Attempt, ...]
    answer: Answer | None
    can_escalate: bool = False
    caution: Caution | None = None
    failure: Failed | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A question and what was replied; `reply` is None while it is being worked on."""

    question: Question
    reply: Answered | Failed | None
