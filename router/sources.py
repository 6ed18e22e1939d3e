"""What an answer rests on, as a provider names it, made fit to show: web addresses alone, each once, under a plain title (pure)."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from router.types import Source

MOST = 10
"""Sources of one answer: Teams' own test client takes no more in one message."""
TITLE = 80
"""Characters of a title, as Teams takes them (learn.microsoft.com, Bot messages with AI-generated content)."""
ADDRESS = 500
"""Characters of an address; a longer one is left out, since a part of it leads elsewhere."""

_WHOLE = "!#$%&'()*+,/:;=?@[]~"
"""What stays in an address as it is, beside letters and digits; quotes, angle brackets, bars and blanks do not."""


def named(numbered: Iterable[object], annotations: Iterable[object]) -> tuple[Source, ...]:
    """Return the sources among what a provider sent; what has another form is left out.

    `numbered` are addresses or objects with `url` and `title` (Perplexity's `citations` and `search_results`); the marks in the
    text count them, so they come first. `annotations` are OpenAI's, of which a `url_citation` counts.
    """
    found: dict[str, str] = {}
    for one in (*numbered, *(one.get("url_citation") for one in annotations if isinstance(one, Mapping))):
        url, title = _address(_text(one, "url")), _title(_text(one, "title"))
        if url:
            found[url] = found.get(url) or title
    return tuple(Source(title or urlsplit(url).netloc[:TITLE], url) for url, title in found.items())[:MOST]


def _text(one: object, key: str) -> str:
    value = one.get(key) if isinstance(one, Mapping) else one if key == "url" else ""
    return value if isinstance(value, str) else ""


def _title(text: str) -> str:
    """Return a title on one line, without control characters and what is not seen but changes how the rest reads."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1].rstrip()}…"


def _address(url: str) -> str:
    """Return an absolute http(s) address in ASCII; empty for every other, and for one that begins with a name before an `@`."""
    whole = quote(url.strip(), safe=_WHOLE, errors="replace")
    try:
        parts = urlsplit(whole)
    except ValueError:
        return ""
    odd = not parts.hostname or "@" in parts.netloc or "%" in parts.netloc
    return "" if odd or parts.scheme not in {"http", "https"} or len(whole) > ADDRESS else whole
