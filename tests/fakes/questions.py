"""Makes questions for tests, each with keys of its own."""

import itertools
from datetime import UTC, datetime

from bot.types import Conversation, Kind, MessageRef, Platform, Question
from router.types import Visibility

_NUMBERS = itertools.count(1)


def make_question(
    text: str = "is cr1 up?",
    *,
    user: str = "U1",
    key: str = "",
    kind: Kind = Kind.ASK,
    platform: Platform = Platform.SLACK,
    channel: str = "C1",
    thread: str = "",
    visibility: Visibility = Visibility.PUBLIC,
    private: bool = False,
    parent: str = "",
    source: str = "",
    question_id: str = "",
) -> Question:
    """Make a question; `key` fixes its logical key, `source` the message that asked it."""
    number = next(_NUMBERS)
    message = source or f"{number}.0"
    return Question(
        id=question_id or f"q_{number:09}",
        kind=kind,
        delivery_key=f"delivery-{number}",
        logical_key=key or f"logical-{number}",
        conversation=Conversation(platform, "T1", channel, thread, visibility),
        user=user,
        text=text,
        asked_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        private=private,
        source=MessageRef(platform, "T1", channel, message),
        parent=parent,
    )
