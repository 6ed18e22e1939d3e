"""Teams's message text, both ways: mentions and entities to plain words, and plain words to inert text (pure)."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from adapters.safe_markdown import BREAK, quiet

_AT = re.compile(r"<at[^<>]*>(?P<name>[^<>]*)</at>", re.IGNORECASE)
_ACTIVE = re.compile(r"([\\`*_~#\[\]|])")
_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention in a text: whom, and the exact piece of the text that it is."""

    account: str
    name: str
    text: str


def spoken(raw: str, mentions: Iterable[Mention], me: str) -> str:
    """Return what a person said: our own mentions are gone, each once and where it stands, and others' are names.

    A text that merely has our name in it keeps it. Teams sends `<`, `>`, `&` and hard spaces as entities.
    """
    said, rest = "", raw
    for mention in mentions:
        before, found, after = _cut(rest, mention)
        if not found:
            continue
        said += before
        if mention.account == me:
            said, after = _joined(said, after)
        else:
            said += f"@{mention.name or _AT.sub(_name, mention.text)}"
        rest = after
    said = _AT.sub(lambda tag: f"@{tag['name']}", said + rest)
    return html.unescape(said).replace("\xa0", " ").strip()


def inert(text: str) -> str:
    """Return text for Markdown in which nothing mentions, links or formats."""
    escaped = _ACTIVE.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return quiet(_LINK.sub(lambda link: BREAK.join((link[0][:1], link[0][1:])), escaped))


def excerpt(text: str, limit: int) -> str:
    """Return text on one line and in at most so many characters, with an ellipsis where something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _cut(text: str, mention: Mention) -> tuple[str, bool, str]:
    """Split a text at a mention; where its own wording is not there, at the first tag with its name."""
    if mention.text and mention.text in text:
        before, _, after = text.partition(mention.text)
        return before, True, after
    tag = next((tag for tag in _AT.finditer(text) if mention.name and tag["name"].strip() == mention.name), None)
    return (text[: tag.start()], True, text[tag.end() :]) if tag else (text, False, "")


def _joined(before: str, after: str) -> tuple[str, str]:
    """Close the gap that a mention leaves."""
    blank = " \t\xa0"
    before, after = before.rstrip(blank).removesuffix("&nbsp;").rstrip(blank), after.lstrip(blank)
    while after.startswith("&nbsp;"):
        after = after.removeprefix("&nbsp;").lstrip(blank)
    return (before, after) if not before or not after or before.endswith("\n") or after[0] in "\n,.;:!?" else (f"{before} ", after)


def _name(tag: re.Match[str]) -> str:
    return tag["name"]
