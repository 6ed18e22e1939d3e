"""Turns a thread's messages into the turns that a model is sent (pure)."""

from adapters.fields import Fields
from adapters.slack.outbound import FAILED, WITHDRAWN, WORKING
from adapters.slack.text import excerpt, plain
from adapters.slack.trail import is_ours
from bot.types import Question
from router.types import Turn

LENGTH = 4_000
"""Characters of one turn; a pasted log in a thread must not crowd out the question."""


def turns_before(messages: tuple[Fields, ...], question: Question, limit: int) -> tuple[Turn, ...]:
    """Return what was said before a question, oldest first, at most `limit` turns.

    Our placeholders, failures and the question itself say nothing. `messages` are Slack's, oldest first.
    """
    until = question.source.message if question.source else ""
    turns = [turn for message in messages if (turn := _turn(message, question, until)) is not None]
    return tuple(turns[-limit:]) if limit > 0 else ()


def _turn(message: Fields, question: Question, until: str) -> Turn | None:
    ts, text = message.text("ts"), plain(message.text("text"))
    later = bool(until) and _order(ts) >= _order(until)
    about_it = message.text("metadata", "event_payload", "question") == question.id
    if later or about_it or not text or message.text("subtype") == "tombstone":
        return None
    ours = is_ours(message)
    if ours and text.startswith((WORKING, FAILED, WITHDRAWN)):
        return None
    return Turn(excerpt(text, LENGTH), assistant=ours)


def _order(ts: str) -> tuple[int, int]:
    """Return a ts as numbers: seconds and a counter (docs.slack.dev, Message event)."""
    seconds, _, counter = ts.partition(".")
    if not (seconds.isascii() and seconds.isdigit()):
        return (0, 0)
    return (int(seconds), int(counter) if counter.isascii() and counter.isdigit() else 0)
