"""Does a message mean the same without its conversation, and is it one question? (pure)."""

import re
from collections.abc import Sequence

from router.entities.tables import wordset
from router.reading.tokens import Kind, Token
from router.redaction import HIDDEN

FOLLOW_UP = "follows up on what was said before"
POINTS_BACK = "points at something outside of its own text"
SEVERAL = "asks several questions"
EMPTY = "says nothing to go by"
REDACTED = "held a secret, which may be what it is about"

_OPENS_AS_FOLLOW_UP = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|but|yes|yeah|yep|no|nope|or|also|then|great|thanks|cool|hm+)[\s,.!]+)*(?:and|also|or|but|then)\s|"
    r"^\W*(?:(?:ok(?:ay)?|yes|yeah|yep|no|nope|sure|great|cool|thanks|hm+)[\s,.!]+)+(?:do|please|go|the|what|how|that|try|run|now|let)\b|"
    r"^\W*(?:what about|how about|same (?:for|question|thing|here)|the same|again\b|do it|do that|go ahead|try again|"
    r"more details|continue|another one|next one|"
    r"and\b|why\W*$|how\W*$|when\W*$|where\W*$|who\W*$|which\W*$|what now\W*$)"
)
_ONE = re.compile(
    r"\b(?:the|that|this|which|a|any) (?:other|second|first|third|last|next|previous|same|old|new|latter|former|bigger|smaller|"
    r"right|left|upper|lower)? ?ones?\b|"
    r"\bthe (?:other|latter|former) (?:one|circuit|router|switch|link|tunnel|device|box|site|host|interface|port|peer|session|"
    r"prefix|vlan|ticket|case|firewall|"
    r"server|node|path|line|neighbou?r|subnet|customer|office|store|branch|address|ip|unit|cluster|provider|carrier)s?\b|"
    r"\bthe (?:previous|above|aforementioned|mentioned|said) (?:one|circuit|router|switch|link|tunnel|device|box|site|host|"
    r"interface|port|peer|session|prefix|vlan|"
    r"ticket|firewall|server|node|question|command|answer|address|ip|subnet|customer)s?\b|\bas (?:above|before|discussed|"
    r"mentioned)\b|\byour (?:last )?(?:answer|reply|suggestion)\b"
)
_THAT = re.compile(
    r"\b(?:that|this|those|these) (?:one|circuit|router|switch|link|tunnel|device|box|site|host|interface|port|peer|session|"
    r"prefix|vlan|ticket|firewall|server|node|"
    r"path|line|neighbou?r|subnet|customer|office|store|branch|address|ip|unit|command|rule|policy|error|message|config|change|alarm|route|acl|vrf|range|machine|fix|problem|issue)s?\b"
)
_PRONOUN = wordset("it they them he she him his her their theirs this these those")
_ASKS = re.compile(
    r"^\W*(?:(?:and|also|or|so|but)\s)?(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|can|could|should|will|would|has|have|any)\b"
)
_JOINED = re.compile(
    r"\b(?:and|plus)(?: also)? (?:who|whose|what|which|when|where|why|how)\b|"
    r"\band (?:also )?(?:is|are|does|do|can|did|has) (?:the|it|there|they|we|i|that|he|she)\b"
)
_SUBSTANCE = 2


def outside(lower: str, tokens: Sequence[Token]) -> str:
    """Return why a message cannot be matched on its own text, empty when it can."""
    if not any(token.kind is Kind.ENTITY or (token.kind is Kind.WORD and len(token.base) > 1) for token in tokens):
        return EMPTY
    if HIDDEN in lower:
        return REDACTED
    if _OPENS_AS_FOLLOW_UP.search(lower):
        return FOLLOW_UP
    if _points_back(lower, tokens):
        return POINTS_BACK
    return SEVERAL if _several(lower, tokens) else ""


def _points_back(lower: str, tokens: Sequence[Token]) -> bool:
    """Tell whether `the other one`, `that prefix` or a pronoun has nothing before it in the message to stand for."""
    named = next((token.entity.start for token in tokens if token.entity is not None), len(lower))
    if any(match.start() < named for match in _ONE.finditer(lower)):
        return True
    if any(match.end() <= named and match.start() < named for match in _THAT.finditer(lower)):
        return True
    for position, token in enumerate(tokens):
        if token.kind is Kind.ENTITY or position > _PRONOUN_WITHIN:
            return False
        if token.surface in _PRONOUN:
            return not _has_substance(tokens[:position]) and not _explained(tokens[position + 1 :])
    return False


_PRONOUN_WITHIN = 12


def _has_substance(before: Sequence[Token]) -> bool:
    """Tell whether some noun may have been said already: a word of more than three letters that only asks is none."""
    return any(token.kind is Kind.WORD and token.surface not in _ASKING and len(token.surface) > 2 for token in before)  # noqa: PLR2004 (is, do)


_ASKING = wordset("""
    what which who whom whose when where why how does did can could should will would has have had are was were the and please hey
    there tell not
""")


def _explained(after: Sequence[Token]) -> bool:
    """Tell whether `it` only holds a place: `is it true that`, `is it wise to`, `how long does it take to`, `this week`, `these vlans`."""
    near = [token.surface for token in after[:4]]
    return bool(near) and (near[0] in _AFTER_IT or "to" in near)


_AFTER_IT = wordset("""
    possible true take takes week month year morning evening weekend quarter okay ok safe better worth best shift
    time normal bad a cost mean fine legal humid that
""")


def _several(lower: str, tokens: Sequence[Token]) -> bool:
    """Tell whether two questions with substance stand side by side.

    A second half of one sentence (`who approves it and what do i fill in`) is one question with the first, unless it names
    something of its own: whatever it says has to be met by the other text as well.
    """
    last = max((token.entity.start for token in tokens if token.entity is not None), default=-1)
    joined = any(match.end() <= last or "also" in match[0] or "plus" in match[0] for match in _JOINED.finditer(lower))
    parts = [part for part in re.split(r"[?\n]+", lower) if len(re.findall(r"[a-z0-9]{2,}", part)) >= _SUBSTANCE]
    asking = sum(1 for part in parts if _ASKS.search(part) or any(_ASKS.search(clause) for clause in re.split(r"[.,;:]\s", part)))
    marks = lower.count("?")
    return (asking >= _SUBSTANCE and marks >= _SUBSTANCE) or joined
