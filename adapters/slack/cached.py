"""Words an answer from the cache: how old it is, how sure the match, and which question it was given to (pure)."""

from adapters.slack.text import brief
from bot.types import Matched, Question
from bot.wording import ago, certainty, reads_alike

ANSWERED = "answered {when}"
MATCHED = "> _Matched:_ “{question}”"
WHY_MATCHED = "*Matched*\n> “{question}”\n{answered}, {certainty}: {reason}"

QUOTED = 300
"""Bytes of a quoted question and of a reason: enough to compare by, short enough to stay below the answer."""


def age(question: Question, match: Matched) -> str:
    """Return when the answer was given, counted by Slack on each reader's own clock.

    A client that cannot count shows what was true when the question was asked (docs.slack.dev, Formatting message text).
    """
    return ANSWERED.format(when=f"<!date^{int(match.answered_at.timestamp())}^{{ago}}|{ago(question, match)}>")


def matched(question: Question, match: Matched) -> str:
    """Return the line that quotes the matched question; empty when that reads as the one that was asked."""
    if reads_alike(match.question, question.text):
        return ""
    return MATCHED.format(question=_quoted(match.question))


def why_matched(question: Question, match: Matched) -> str:
    """Return what "Why this tier?" tells of the match."""
    return WHY_MATCHED.format(
        question=_quoted(match.question),
        answered=age(question, match),
        certainty=certainty(match),
        reason=_quoted(match.reason),
    )


def _quoted(text: str) -> str:
    """Return text on one line, for a line break would end the quotation."""
    return brief(" ".join(text.split()), QUOTED)
