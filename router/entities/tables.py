"""Read the tables of names that entities are known by: services, operating systems and places (data beside this module)."""

import re
import tomllib
from functools import cache, lru_cache
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


def may_start(word: str) -> bool:
    """Tell whether some name of any table starts with a word, which may be a plural."""
    return word in _first_words() or word.removesuffix("s") in _first_words()


@cache
def _first_words() -> frozenset[str]:
    return frozenset().union(*(starts(table) for table in _SHORTEST))


def at(table: str, text: str, start: int, first: str) -> str | None:
    """Return the longest spelling of `table` that stands at `start`, whose first word is `first`, as whole words.

    Services and systems may have a plural `s`; places may not.
    """
    plural = table != "places"
    found = starts(table).get(first, ())
    if plural and first.endswith("s"):
        found = (*found, *starts(table).get(first[:-1], ()))
    for spelling in found:
        end = start + len(spelling)
        if text.startswith(spelling, start) and _ends(text, end + (plural and text.startswith("s", end))):
            return spelling
    return None


def _ends(text: str, end: int) -> bool:
    return end >= len(text) or not (text[end].isalnum() or text[end] in "+_")


_SHORTEST = {"vendors": 5, "services": 5, "places": 6}
"""Letters that a misspelt name must have, so that no other word is near it."""


_LONGEST = 20
_OTHER_WORDS = frozenset({"edges", "settle", "tenet", "widows"})
"""The common English words that are so near a name."""


def misspelt(word: str) -> tuple[str, str] | None:
    """Return the table and the name that a word is, but for a letter dropped or two swapped; None when it is none of them.

    What people name for themselves is in no table, so a slip in it is never mended.
    """
    return None if len(word) > _LONGEST or word in _OTHER_WORDS else _nearest_name(word)


@lru_cache(maxsize=16384)
def _nearest_name(word: str) -> tuple[str, str] | None:
    for table, shortest in _SHORTEST.items():
        if len(word) < shortest or not word.isalpha():
            continue
        for name in starts(table).get(word, ()) or _by_letter(table).get(word[0], ()):
            if name == word or name == word.removesuffix("s"):
                return None
            if _is_slip(word, name):
                return table, name
    return None


@cache
def _by_letter(table: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in names(table):
        if name.isalpha():
            found.setdefault(name[0], []).append(name)
    return {letter: tuple(sorted(names)) for letter, names in found.items()}


def _is_slip(word: str, name: str) -> bool:
    if len(name) == len(word) + 1:
        return any(name[:i] + name[i + 1 :] == word for i in range(1, len(name) - 1))
    return (
        len(name) == len(word)
        and any(word == name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(1, len(name) - 1))
        and name != word
    )
