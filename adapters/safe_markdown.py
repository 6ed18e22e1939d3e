"""Makes a model's Markdown safe to show: no mention, no image, no link whose label hides where it leads (pure)."""

import re
from urllib.parse import urlsplit

BREAK = "\u200b"
"""A zero-width space: put inside a token, it makes it ordinary text and stays invisible."""

_PING = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$")
_RUN = re.compile(r"(?<!\\)`+")
_LABEL = r"\[(?P<label>[^\[\]\n]*)\]"
_LINK = re.compile(rf"!?{_LABEL}\(\s*<?(?P<url>[^\s()<>]*)>?(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>|]+)(?:\|([^<>\n]*))?>")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_SCHEME = r"(?:[a-z][a-z0-9+.-]*:|//|www\.)"
_TOKEN_IN_CODE = re.compile(rf"<(?=[!@#]|/?at\b|{_SCHEME})", re.IGNORECASE)
_LINK_IN_CODE = re.compile(rf"\](?=\(\s*<?{_SCHEME})", re.IGNORECASE)
_DEFINITION = re.compile(r"\](?=:\s*<?\S)")
_DEFINITION_IN_CODE = re.compile(rf"\](?=:\s*<?{_SCHEME})", re.IGNORECASE)


def safe(markdown: str) -> str:
    """Return the text with everything inert that could ping people or lead them astray.

    Code keeps its characters, apart from a zero-width space inside what would be a mention or a link if a reader's
    parser did not see the code. Elsewhere angle brackets become entities, which the platforms show and do not read again,
    and a link becomes its label and its address.
    """
    return "".join(_code(part) if is_code else _prose(part) for part, is_code in segments(markdown))


def quiet(text: str) -> str:
    """Break `@here`, `@channel` and `@everyone`, which some clients turn into mentions of a whole channel."""
    return _PING.sub(f"@{BREAK}", text)


def segments(markdown: str) -> list[tuple[str, bool]]:
    """Cut Markdown into (text, is it code) without losing a character: fenced blocks and inline spans are code."""
    parts: list[tuple[str, bool]] = []
    prose: list[str] = []
    lines = markdown.splitlines(keepends=True)
    at = 0
    while at < len(lines):
        end = fence_end(lines, at)
        if end is None:
            prose.append(lines[at])
            at += 1
            continue
        parts += _inline("".join(prose))
        prose = []
        parts.append(("".join(lines[at:end]), True))
        at = end
    return parts + _inline("".join(prose))


def fence_end(lines: list[str], at: int) -> int | None:
    """Return the line after the fenced block that opens at `at`, or None when none opens there.

    An indented fence counts too, since lists have them, but only when it is closed: otherwise the rest would pass as code.
    """
    opening = _FENCE.match(lines[at].rstrip("\r\n"))
    if opening is None or ("`" in opening["info"] and opening["mark"].startswith("`")):
        return None
    mark = opening["mark"]
    for number in range(at + 1, len(lines)):
        line = lines[number].strip()
        if len(line) >= len(mark) and set(line) == {mark[0]}:
            return number + 1
    return None if opening["indent"] else len(lines)


def _inline(prose: str) -> list[tuple[str, bool]]:
    """Cut prose at its inline code: a run of backticks, up to a run of the same length in the same line."""
    parts: list[tuple[str, bool]] = []
    start = at = 0
    while (opening := _RUN.search(prose, at)) is not None:
        line_end = prose.find("\n", opening.end())
        limit = len(prose) if line_end < 0 else line_end
        closing = next((run for run in re.finditer("`+", prose[opening.end() : limit]) if len(run[0]) == len(opening[0])), None)
        at = opening.end()
        if closing is None:
            continue
        at = opening.end() + closing.end()
        parts += [(prose[start : opening.start()], False), (prose[opening.start() : at], True)]
        start = at
    return [*parts, (prose[start:], False)]


def _prose(text: str) -> str:
    text = _LINK.sub(lambda link: _shown(link["label"], link["url"]), text)
    text = _AUTOLINK.sub(lambda link: _shown(link[2] or "", link[1]), text)
    text = _ENTITY.sub("&amp;", text.replace("\\<", "<")).replace("<", "&lt;").replace("](", f"]{BREAK}(")
    return quiet(_DEFINITION.sub(f"]{BREAK}", text))


def _code(text: str) -> str:
    text = _TOKEN_IN_CODE.sub(f"<{BREAK}", text)
    text = _LINK_IN_CODE.sub(f"]{BREAK}", text)
    return quiet(_DEFINITION_IN_CODE.sub(f"]{BREAK}", text))


def _shown(label: str, url: str) -> str:
    """Return a link as text: its address alone when the label is that, and the label with the address otherwise."""
    label = label.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return label
    if "@" in parts.netloc:  # `https://bank.example@evil.example/` leads to what stands after the sign
        url = url.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
    if not url or label in ("", url, url.partition("://")[2].rstrip("/")):
        return url or label
    return f"{label} ({url})"
