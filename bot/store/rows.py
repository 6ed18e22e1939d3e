"""Questions to rows and back, and the sources of an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from bot.types import Conversation, Kind, MessageRef, Platform, Question
from router.types import Source, Visibility


def asked_values(question: Question) -> dict[str, object]:
    """Return the values of the columns that describe a question."""
    place, source = question.conversation, question.source
    return {
        "id": question.id,
        "kind": question.kind.value,
        "platform": place.platform.value,
        "tenant": place.tenant,
        "channel": place.channel,
        "thread": place.thread,
        "visibility": place.visibility.value,
        "user": question.user,
        "text": question.text.replace("\0", ""),  # PostgreSQL takes no NUL in a text
        "private": question.private,
        "source_channel": source.channel if source else "",
        "source_message": source.message if source else "",
        "parent": question.parent,
        "asked_at": question.asked_at,
    }


def question_of(row: RowMapping | Mapping[str, Any]) -> Question:
    """Read a question from a row of `inbox`, or of `questions`, which keeps neither keys nor the reply address."""
    platform = Platform(row["platform"])
    source = MessageRef(platform, row["tenant"], row["source_channel"], row["source_message"]) if row["source_message"] else None
    return Question(
        id=row["id"],
        kind=Kind(row["kind"]),
        delivery_key=row.get("delivery_key", ""),
        logical_key=row.get("logical_key", ""),
        conversation=Conversation(platform, row["tenant"], row["channel"], row["thread"], Visibility(row["visibility"])),
        user=row["user"],
        text=row["text"],
        asked_at=row["asked_at"],
        private=row["private"],
        reply_url=row.get("reply_url", ""),
        source=source,
        parent=row["parent"],
    )


def source_values(sources: Sequence[Source]) -> list[dict[str, str]]:
    """Return the sources of an answer as their column keeps them."""
    return [{"title": source.title, "url": source.url} for source in sources]


def read_sources(values: Sequence[Mapping[str, str]]) -> tuple[Source, ...]:
    """Read the sources of an answer."""
    return tuple(Source(value["title"], value["url"]) for value in values)
