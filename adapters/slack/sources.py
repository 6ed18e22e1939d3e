"""Names the pages that an answer rests on, each with the host that its link leads to (pure)."""

from collections.abc import Sequence

from adapters.slack.text import inert
from bot.wording import SOURCES
from router.types import Source

ROOM = 2_900
"""Characters of the line of sources: they are taken off what the body may have, and fit one text object."""


def named(sources: Sequence[Source]) -> str:
    """Return the line of sources, as many as there is room for; empty without any."""
    shown: list[str] = []
    for number, source in enumerate(sources, 1):
        title = "" if source.title == source.host else f"{inert(source.title)} "
        url = source.url.replace("&", "&amp;")  # its brackets, bars and blanks are codes already
        line = f"[{number}] {title}(<{url}|{source.host}>)"
        if sum(map(len, shown)) + len(line) > ROOM:
            break
        shown.append(line)
    return f"{SOURCES} {' · '.join(shown)}" if shown else ""
