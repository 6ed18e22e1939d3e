"""Find the clauses of a message that ask, and leave out what is told around them (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from router.entities import EntityType
from router.entities.tables import wordset
from router.reading.lexicon import Lexicon, lexicon
from router.reading.tokens import Kind, Token

_QUESTION_WORDS = wordset("who whom whose what which when where why how")
_AUXILIARIES = wordset("is are was were do does did can could should will would has have any")
_ASKING_NOUNS = wordset("command commands steps syntax cli procedure process example reason cause")
_PEOPLE = wordset("""
    i we he she they my our me us his her their somebody someone everybody everyone people customer customers client colleague
    colleagues boss manager management guy user users auditor audit vendor landlord team nobody technician tech sales security
    week weeks friend chef support wife
""")
_BINDS = wordset("""
    if when unless after before on in for with without at using as while where via under per during regarding about except once
    given provided assuming since
""")
"""A clause that opens with one of these belongs to the question."""
_MISSING = wordset("it that this him her them those these they he she there such so then")
_SIDE = frozenset({EntityType.TIME, EntityType.QUANTITY, EntityType.NUMBER})
_LONG = 8
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class _Clause:
    tokens: tuple[Token, ...]
    asks: bool
    substance: int
    technical: int


def core(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens without the clauses that only tell a story, where the rest is a whole question by itself."""
    clauses = _split(tokens, lexicon())
    asking = [clause for clause in clauses if clause.asks]
    if len(clauses) == 1 or not any(clause.substance >= _ENOUGH for clause in asking):
        return tuple(tokens)
    rest = [clause for clause in clauses if clause.asks or not _is_story(clause, asking)]
    if len(rest) == len(clauses) or any(token.surface in _MISSING for clause in asking for token in clause.tokens[:_LONG]):
        return tuple(tokens)
    return tuple(token for clause in rest for token in clause.tokens)


def _split(tokens: Sequence[Token], words: Lexicon) -> list[_Clause]:
    clauses: list[_Clause] = []
    run: list[Token] = []
    for token in tokens:
        run.append(token)
        if token.kind is Kind.BREAK and token.surface != "/":
            clauses.append(_clause(run, words))
            run = []
    if run:
        clauses.append(_clause(run, words))
    return [clause for clause in clauses if any(token.kind is not Kind.BREAK for token in clause.tokens)]


def _clause(run: Sequence[Token], words: Lexicon) -> _Clause:
    spoken = [token for token in run if token.kind is Kind.WORD]
    first = next((token.surface for token in spoken if token.surface not in {"and", "so", "anyway", "please"}), "")
    asks = (
        any(token.surface in _QUESTION_WORDS or token.surface in _ASKING_NOUNS for token in spoken)
        or first in _AUXILIARIES
        or run[-1].surface == "?"
    ) and first not in _BINDS | {"since", "because"}
    strong = [token for token in spoken if token.surface not in words.function and token.surface not in words.weak]
    entities = sum(1 for token in run if token.entity is not None and token.entity.type not in _SIDE)
    technical = sum(1 for token in strong if token.base in words.network)
    return _Clause(tuple(run), asks, len(strong) + 2 * entities, technical)


def _is_story(clause: _Clause, asking: Sequence[_Clause]) -> bool:
    """Tell whether a clause is about people and circumstances: it names nothing, or only what the question names anew."""
    spoken = [token.surface for token in clause.tokens if token.kind is Kind.WORD]
    if not spoken or spoken[0] in _BINDS:
        return False
    asked = {token.entity.type for other in asking for token in other.tokens if token.entity is not None}
    named = {token.entity.type for token in clause.tokens if token.entity is not None} - _SIDE
    if named - ({EntityType.VENDOR} & asked):
        return False
    if clause.substance == 0:
        return True
    personal = any(word in _PEOPLE for word in spoken)
    return personal and clause.technical <= (1 if len(spoken) >= _LONG else 0)
