"""Tags of remembered answers: where they were asked, what answered them, how fast they age."""

from collections.abc import Mapping

from sqlalchemy import Column, ColumnElement, select

from bot.store.tables import answers, decisions, entries, questions

_COLUMNS: Mapping[str, tuple[Column[str], Column[str]]] = {
    "channel": (questions.c.channel, questions.c.id),
    "model": (answers.c.model, answers.c.question_id),
    "tier": (answers.c.tier, answers.c.question_id),
    "volatility": (decisions.c.volatility, decisions.c.question_id),
}
KINDS = tuple(_COLUMNS)


class UnknownTag(ValueError):  # noqa: N818 (names what is wrong with what a person wrote)
    """No answer has such a tag; the message says which there are."""

    def __init__(self) -> None:
        super().__init__(f"a tag is one of {', '.join(f'{kind}:...' for kind in KINDS)}")


def tagged(tag: str) -> ColumnElement[bool]:
    """Return the condition for entries with a tag such as `channel:C0123` or `model:openai/gpt-5-mini`. Raises UnknownTag."""
    kind, colon, value = tag.partition(":")
    if kind not in _COLUMNS or not (colon and value):
        raise UnknownTag
    column, owner = _COLUMNS[kind]
    return entries.c.question_id.in_(select(owner).where(column == value))
