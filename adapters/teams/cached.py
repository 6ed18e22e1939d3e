"""Words an answer from the cache: how old it is, how sure the match, and which question it was given to (pure)."""

from adapters.teams.text import excerpt, inert
from bot.types import Matched, Question
from bot.wording import ago, certainty, reads_alike

MATCHED = "*Matched:* “{question}”"
WHY_MATCHED = "Matched “{question}”, {answered}, {certainty}: {reason}"
ANSWERED = "answered {ago}"

QUOTED = 300
"""Characters of a quoted question and of a reason: enough to compare by, short enough to stay below the answer."""


def age(question: Question, match: Matched) -> str:
    """Return how old the answer was when the question was asked."""
    return ANSWERED.format(ago=ago(question, match))


def matched(question: Question, match: Matched) -> str:
    """Return the line that quotes the matched question; empty when that reads as the one that was asked."""
    return "" if reads_alike(match.question, question.text) else MATCHED.format(question=_quoted(match.question))


def why_matched(question: Question, match: Matched) -> str:
    """Return what "Why this tier?" tells of the match."""
    return WHY_MATCHED.format(
        question=_quoted(match.question),
        answered=age(question, match),
        certainty=certainty(match),
        reason=_quoted(match.reason),
    )


def _quoted(text: str) -> str:
    return inert(excerpt(text, QUOTED))
