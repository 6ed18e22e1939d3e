"""Take a text apart into words, entities and breaks, with contractions opened and slips of the keyboard mended (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from router.entities import Entity, EntityType
from router.entities.tables import names
from router.reading.lemmas import bases, lemma, nearest, one_slip, words
from router.reading.lexicon import lexicon

_PIECE = re.compile(r"[a-z0-9]+(?:'[a-z]+)?\+?|\n|[^\sa-z0-9]")
_BREAKS = {",": ",", ".": ".", "?": "?", "!": ".", ":": ":", ";": ".", "(": ",", ")": ",", "|": ",", "/": "/", "\n": "."}
_SERIAL = re.compile(r"(?<!\w)s/n(?!\w)")
_LONGEST = 40
"""Letters of a word that is looked up: no longer one is in a lexicon, and what is remembered stays small."""
_MENDED_FROM = 4
_ANY_FROM = 5


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    ENTITY = "entity"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Token:
    """One word (`surface` as read, `base` its base form), entity (`base` its key) or break (`surface` one of `, . ? : /`)."""

    kind: Kind
    surface: str
    base: str
    entity: Entity | None = None


def tokenise(lower: str, entities: Sequence[Entity]) -> tuple[Token, ...]:
    """Return the tokens of a folded text."""
    found: list[Token] = []
    end = 0
    for entity in entities:
        gap = lower[end : entity.start]
        found.extend(_pieces(gap))
        found.extend(_bound(gap, entity))
        found.append(Token(Kind.ENTITY, entity.type.value, entity.key, entity))
        end = entity.end
    found.extend(_pieces(lower[end:]))
    return tuple(found)


def _bound(gap: str, entity: Entity) -> Iterator[Token]:
    """Yield what `>` or `<` says before a number; between addresses the same sign is an arrow, which their roles tell."""
    sign = gap.rstrip()[-2:]
    if entity.type in _MEASURES and sign[-1:] in _SIGNS and sign not in {"->", "=>", "<-"}:
        word = _SIGNS[sign[-1]]
        yield Token(Kind.WORD, word, word)


_MEASURES = frozenset({EntityType.QUANTITY, EntityType.NUMBER})
_SIGNS = {">": "above", "<": "below"}


def _pieces(gap: str) -> Iterator[Token]:
    for match in _PIECE.finditer(_spelt_out(gap)):
        piece = match[0]
        if not piece[0].isalnum():
            yield from _mark(gap, match)
            continue
        yield from _words_of(piece) if len(piece) <= _LONGEST else _opened(piece)


def _opened(piece: str) -> Iterator[Token]:
    """Yield the words of a piece: several where it is a short form."""
    for word in lexicon().opened.get(piece, piece.removesuffix("'s")).split():
        surface = _mended(word) if len(word) <= _LONGEST else word
        yield Token(Kind.WORD, surface, base_of(surface))


@lru_cache(maxsize=16384)
def _words_of(piece: str) -> tuple[Token, ...]:
    return tuple(_opened(piece))


def _spelt_out(gap: str) -> str:
    """Return a text with the two abbreviations that punctuation marks would break apart spelt out."""
    return _SERIAL.sub("serial number", gap.replace("no. of", "number of"))


def _mark(gap: str, match: re.Match[str]) -> Iterator[Token]:
    """Yield what a punctuation mark says: a break, `at`, `and`, or nothing."""
    mark = match[0]
    if mark == "-":
        if gap[match.start() - 1 : match.start()] in ("", " ") and gap[match.end() : match.end() + 1] in ("", " "):
            yield Token(Kind.BREAK, ",", ",")
    elif mark in _BREAKS:
        inside = match.start() > 0 and match.end() < len(gap) and gap[match.start() - 1].isalnum() and gap[match.end()].isalnum()
        if not (inside and mark in "./"):
            yield Token(Kind.BREAK, _BREAKS[mark], _BREAKS[mark])
    elif mark in "@&":
        word = "at" if mark == "@" else "and"
        yield Token(Kind.WORD, word, word)


def base_of(word: str) -> str:
    """Return the base form of a word, which may be one of the trade."""
    if len(word) > _LONGEST:
        return word
    base = lemma(word)
    if base != word or word in lexicon().vocabulary or word in words():
        return base
    return next((form for form in bases(word) if form in lexicon().vocabulary), word)


def is_known(word: str) -> bool:
    """Tell whether a word is English or of the trade, in some form."""
    return len(word) <= _LONGEST and _is_known(word)


def is_of_trade(word: str) -> bool:
    """Tell whether a word, in some form, has a meaning of its own in network operations."""
    return len(word) <= _LONGEST and base_of(word) in lexicon().trade


@lru_cache(maxsize=16384)
def _is_known(word: str) -> bool:
    return word in lexicon().vocabulary or lemma(word) in words() or base_of(word) in lexicon().vocabulary


def is_near_name(word: str) -> bool:
    """Tell whether an unknown word may be a misspelt system or service, such as `jnos`."""
    return _MENDED_FROM <= len(word) <= _LONGEST and word.isalpha() and not is_known(word) and _is_near_name(word)


@lru_cache(maxsize=16384)
def _is_near_name(word: str) -> bool:
    return any(one_slip(word, name) for table in ("vendors", "services") for name in names(table))


@lru_cache(maxsize=16384)
def _mended(word: str) -> str:
    """Return the lexicon's word that a misspelt one was meant to be, or the word itself. What may be a name is left alone."""
    if len(word) < _MENDED_FROM or not word.isalpha() or is_known(word):
        return word
    table = lexicon()
    candidates = table.vocabulary if len(word) >= _ANY_FROM else table.function | table.weak
    meant = nearest(word, candidates)
    if meant is None and word.endswith("s") and len(word) > _ANY_FROM:
        meant = nearest(word[:-1], candidates)
    return meant or word
