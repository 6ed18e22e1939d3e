"""Texts without their entities' notation: masked for embedding, canonical for exact matches (pure)."""

import re
from collections.abc import Sequence

from router.entities.finder import find_entities, folded
from router.entities.types import Entity

_BLANKS = re.compile('[\\s,;:?"\u201c\u201d\u201e\u2018()\\[\\]{}\u2026\u2022`]+')
"""What parts words and means nothing by itself. Every other sign may be what a question is about: `>=`, `^`, `|`, an emoji."""
_EDGES = ".'\u2019/-\u2013\u2014!*_"
_SIGNS = re.compile(r"[^\w\s]{2,}")
"""A word of signs alone, such as `!=`, which has no edges to lose."""
MARK = "≡"
"""What a canonical form begins with."""
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning)(?: (?:all|team|everyone|everybody|there|"
    r"folks|guys|together))?\b\s*)+|"
    r"\b(?:please|pls|plz|thx|thanks(?: a lot| so much)?(?: in advance)?|thank you(?: so much| very much)?(?: in advance)?|"
    r"many thanks(?: in advance)?|cheers|asap|kindly|"
    r"sorry to (?:bother|ask|disturb)(?: you)?(?: again)?(?: but)?|quick (?:one|question)|appreciated|much appreciated)\b|"
    r"[:;]-?[)(dp](?!\w)"
)


def masked(text: str, entities: Sequence[Entity]) -> str:
    """Return `text` in lower case with each entity replaced by the word for its type, blanks and punctuation folded."""
    lower = folded(text)
    parts: list[str] = []
    end = 0
    for entity in entities:
        parts += (lower[end : entity.start], " ", entity.type.value, " ")
        end = entity.end
    return _plain("".join([*parts, lower[end:]]))


def canonical(text: str) -> str:
    """Return the form that exact matches share: no case, courtesy, punctuation or spacing, entities in one notation.

    It begins with a mark, so that the form of a form is itself; an entity stands in it as `⟦type:value:role⟧`.
    """
    return text if text.startswith(MARK) else canonical_of(folded(text), find_entities(text))


def canonical_of(lower: str, entities: Sequence[Entity]) -> str:
    """Return the canonical form of a folded text whose entities are known."""
    parts: list[str] = []
    end = 0
    for entity in entities:
        parts += (_plain(lower[end : entity.start]), f"⟦{entity.key}{entity.detail and '@' + entity.detail}⟧")
        end = entity.end
    parts.append(_plain(lower[end:]))
    asked = _POLITE.sub(" ", " ".join(part for part in parts if part))
    return " ".join((MARK, *asked.split()))


def _plain(text: str) -> str:
    words = (word if _SIGNS.fullmatch(word) else word.strip(_EDGES) for word in _BLANKS.sub(" ", text).split())
    return " ".join(word for word in words if word.strip(_EDGES))
