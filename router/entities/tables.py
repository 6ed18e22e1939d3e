"""Read the tables of names that entities are known by: services, operating systems and places (data beside this module)."""

import re
import tomllib
from functools import cache
from importlib.resources import files


def wordset(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


@cache
def names(table: str) -> dict[str, str]:
    """Return spelling -> canonical name of `table` (`services`, `vendors` or `places`)."""
    rows: dict[str, list[str]] = tomllib.loads(files("router.entities").joinpath(f"{table}.toml").read_text(encoding="utf-8"))
    own = {canon: canon for canon in rows if table == "places"}
    return own | {spelling: canon for canon, spellings in rows.items() for spelling in spellings}


@cache
def starts(table: str) -> dict[str, tuple[str, ...]]:
    """Return the spellings of a table by their first word, longest first."""
    by_first: dict[str, list[str]] = {}
    for spelling in names(table):
        by_first.setdefault(re.split(r"[ -]", spelling)[0], []).append(spelling)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in by_first.items()}


def at(table: str, text: str, start: int, first: str) -> str | None:
    """Return the longest spelling of `table` that stands at `start`, whose first word is `first`, as whole words."""
    for spelling in starts(table).get(first, ()):
        end = start + len(spelling)
        if text.startswith(spelling, start) and _ends(text, end):
            return spelling
    return None


def _ends(text: str, end: int) -> bool:
    """Tell whether a word ends at `end`, a plural `s` aside."""
    if text.startswith("s", end):
        end += 1
    return end >= len(text) or not (text[end].isalnum() or text[end] in "+_")
