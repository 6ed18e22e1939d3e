"""Find the clauses of a message that ask, and leave out what is told around them (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from router.entities import EntityType
from router.entities.tables import wordset
from router.reading.lexicon import Lexicon, lexicon
from router.reading.mood import AUXILIARIES
from router.reading.tokens import Kind, Token

_QUESTION_WORDS = wordset("whose what which why how")
_RELATIVES = wordset("who whom when where")
"""Words that ask at the ends of a clause, and join two in the middle."""
_ASKING_NOUNS = wordset("command commands steps syntax cli procedure process example reason cause")
_PEOPLE = wordset("""
    need needed got nothing nobody
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
_WHO = wordset("who whose whom")
_POINTERS = wordset("this that")
"""Words for the thing just named; `it` may be anything that was said."""
_LONG = 6
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class _Clause:
    tokens: tuple[Token, ...]
    asks: bool
    substance: int
    technical: int
    joined: bool = False


def core(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens without the clauses that only tell a story, where the rest is a whole question by itself."""
    clauses = _split(tokens, lexicon())
    if who := _who_it_is(clauses):
        return who
    clauses = _joined(clauses)
    if not any(clause.asks for clause in clauses):
        fullest = max(clauses, key=lambda clause: clause.substance, default=None)
        clauses = [replace(clause, asks=clause is fullest) for clause in clauses]
    asking = [clause for clause in clauses if clause.asks]
    if len(clauses) == 1 or not any(clause.substance >= _ENOUGH for clause in asking):
        return tuple(tokens)
    asked = frozenset(token.entity.type for clause in asking for token in clause.tokens if token.entity is not None)
    rest = [clause for clause in clauses if clause.asks or not _is_story(clause, asked)]
    if len(rest) == len(clauses) or any(token.surface in _MISSING for clause in asking if not clause.joined for token in clause.tokens):
        return tuple(tokens)
    return tuple(token for clause in rest for token in clause.tokens)


def _who_it_is(clauses: Sequence[_Clause]) -> tuple[Token, ...]:
    """Return what is left of `saw X in the logs, who is this` or `case for X, which carrier is that`.

    Who or which something is does not hang on where it was met.
    """
    if len(clauses) != _ENOUGH or clauses[0].asks or not clauses[1].asks:
        return ()
    named = tuple(token for token in clauses[0].tokens if token.kind is not Kind.WORD)
    asked = {token.surface for token in clauses[1].tokens}
    which = "which" in asked and next((token.surface for token in reversed(clauses[1].tokens) if token.kind is Kind.WORD), "") in _POINTERS
    who = asked & _WHO and asked & _POINTERS
    if all(token.entity is None for token in named) or not (who or which) or any(token.kind is Kind.ENTITY for token in clauses[1].tokens):
        return ()
    return (*named, *clauses[1].tokens)


def _joined(clauses: list[_Clause]) -> list[_Clause]:
    """Join a clause that only asks (`how do i do that?`) to the one before, which says what about."""
    found: list[_Clause] = []
    for clause in clauses:
        if clause.asks and clause.substance == 0 and found:
            before = found.pop()
            found.append(
                _Clause((*before.tokens, *clause.tokens), asks=True, substance=before.substance, technical=before.technical, joined=True)
            )
        else:
            found.append(clause)
    return found


def _split(tokens: Sequence[Token], words: Lexicon) -> list[_Clause]:
    clauses: list[_Clause] = []
    run: list[Token] = []
    for position, token in enumerate(tokens):
        if token.surface == "and" and run and _wants(tokens[position + 1 : position + 3]):
            clauses.append(_clause(run, words))
            run = []
        run.append(token)
        if token.kind is Kind.BREAK and token.surface != "/":
            clauses.append(_clause(run, words))
            run = []
    if run:
        clauses.append(_clause(run, words))
    return [clause for clause in clauses if any(token.kind is not Kind.BREAK for token in clause.tokens)]


def _wants(after: Sequence[Token]) -> bool:
    """Tell whether what follows `and` says what somebody needs: the question itself after the story."""
    surfaces = [token.surface for token in after]
    return bool(surfaces) and (surfaces[0] in _NEEDS or (surfaces[0] in {"i", "we"} and len(surfaces) > 1 and surfaces[1] in _NEEDS))


_NEEDS = wordset("need want must wonder")


@cache
def _empty() -> frozenset[str]:
    """Return the words that carry nothing by themselves."""
    return lexicon().function | lexicon().weak | _QUESTION_WORDS | _RELATIVES


def _clause(run: Sequence[Token], words: Lexicon) -> _Clause:
    spoken = [token for token in run if token.kind is Kind.WORD]
    first = next((token.surface for token in spoken if token.surface not in {"and", "so", "anyway", "please"}), "")
    asks = (
        any(token.surface in _QUESTION_WORDS or token.surface in _ASKING_NOUNS for token in spoken)
        or any(token.surface in _RELATIVES for token in (*spoken[:2], *spoken[-1:]))
        or first in AUXILIARIES
        or run[-1].surface == "?"
    ) and first not in _BINDS | {"since", "because"}
    strong = [token for token in spoken if token.surface not in _empty()]
    entities = sum(1 for token in run if token.entity is not None and token.entity.type not in _SIDE)
    technical = sum(1 for token in strong if token.base in words.network and token.surface not in _PEOPLE)
    return _Clause(tuple(run), asks, len(strong) + 2 * entities, technical)


def _is_story(clause: _Clause, asked: frozenset[EntityType]) -> bool:
    """Tell whether a clause is about people and circumstances: it names nothing, or only what the question names anew."""
    spoken = [token.surface for token in clause.tokens if token.kind is Kind.WORD]
    if not spoken or spoken[0] in _BINDS:
        return False
    named = {token.entity.type for token in clause.tokens if token.entity is not None} - _SIDE
    if named - ({EntityType.VENDOR} & asked):
        return False
    told = [word for word in spoken if word not in lexicon().function and word not in lexicon().weak]
    if all(word in lexicon().chatter for word in told):
        return True
    personal = any(word in _PEOPLE for word in spoken)
    return personal and clause.technical <= (1 if len(spoken) >= _LONG else 0)
