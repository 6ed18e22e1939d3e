"""Slack's message text, both ways: its tokens and escapes to plain words, and plain words to inert text."""

import re
from datetime import datetime

from adapters.safe_markdown import quiet

_TOKEN = re.compile(r"<([^<>\n]*)>")
_MENTION = re.compile(r"[ \t]?<@([^|<>\s]+)(?:\|[^<>\n]*)?>")


def plain(text: str) -> str:
    """Turn text as Slack sends it into what its author saw.

    Slack sends `&`, `<` and `>` as entities, so a raw `<...>` is always a token (docs.slack.dev, Formatting message text).
    """
    return _unescape(_TOKEN.sub(lambda token: _spoken(token[1]), text)).strip()


def inert(text: str) -> str:
    """Escape text for mrkdwn, so that nothing in it mentions, links or formats a token of its own."""
    return quiet(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def mentioned(text: str) -> frozenset[str]:
    """Return the ids of the users whom a raw text mentions."""
    return frozenset(_MENTION.findall(text))


def without_mention(text: str, user: str) -> str:
    """Drop every mention of one user from a raw text, and leave all others."""
    return _MENTION.sub(lambda token: "" if token[1] == user else token[0], text)


def moment(at: datetime) -> str:
    """Return a moment as Slack shows it in the reader's own zone; UTC where a client cannot."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{at:%Y-%m-%d} at {at:%H:%M} UTC>"


def excerpt(text: str, limit: int) -> str:
    """Cut text to a number of characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def brief(text: str, limit: int) -> str:
    """Return text inert and in at most `limit` bytes of UTF-8, cut at a whole character and a whole entity.

    Bytes, because `chat.update` counts its text in them, after escaping.
    """
    escaped = inert(text)
    if len(escaped.encode()) <= limit:
        return escaped
    cut = escaped.encode()[: limit - 3].decode(errors="ignore")
    return re.sub(r"&\w{0,4}$", "", cut).rstrip() + "…"


def _spoken(token: str) -> str:
    target, _, label = token.partition("|")
    sign = target[:1]
    if sign == "@":
        return f"@{label or target[1:]}"
    if sign == "#":
        return f"#{label or target[1:]}"
    if sign == "!":
        return _special(target[1:], label)
    return label or target.removeprefix("mailto:")


def _special(command: str, label: str) -> str:
    """Read `<!here>`, `<!subteam^S1|@ops>` and `<!date^1^{date}|today>`."""
    if label:
        return label if command.startswith("date^") or label.startswith("@") else f"@{label}"
    return f"@{command.partition('^')[0]}"


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
