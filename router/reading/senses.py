"""What each token of a question says: its sense, how the question is put, what is negated (pure)."""

from collections.abc import Sequence

from router.entities import Entity, EntityType
from router.entities.tables import wordset
from router.reading.forms import complete
from router.reading.lexicon import DROP, Lexicon, lexicon
from router.reading.mood import ABLE, ASKED, NAMED
from router.reading.said import NEGATIONS, Senses
from router.reading.tokens import Kind, Token, is_near_name

_FLOWS = wordset("count rate prefix route traffic octet packet drop error discard policy acl")
_BOUNDS = wordset("over under above below")
_STRANDED = {"for": ({"what"},), "from": ({"who"}, {"what"})}
_STRANDED_SENSES = {"for": "purpose", "from": "supplied_by"}
"""What a preposition says that closes its clause: `what is vlan 9 for?`, `who do we lease it from?`."""
_OPENING = 8
_TO_DO = wordset("i we you one to")
"""How `how do i` and `command to` end."""
_PARTED = 6
"""Words that may part a verb from its particle."""
_MEANT = frozenset({"inbound", "on", *_STRANDED_SENSES.values(), *_BOUNDS})
"""What a word of grammar may mean where it stands, and that counts."""
_CONJUNCTIONS = wordset("when where who")
_BEFORE_QUESTION = wordset("hey hi hello please ok and or to by from since until till know of for with on is are please then so at in by")


def senses(tokens: Sequence[Token]) -> Senses:
    """Return what the tokens say."""
    words = lexicon()
    beside = frozenset().union(*(words.beside.get(name, frozenset()) for token in tokens if token.entity for name in _facts(token.entity)))
    found = Senses()
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.kind is Kind.ENTITY:
            found.sequence.append(token.base)
            found.spoken.append(NAMED + token.surface)
            found.entity(token)
        elif token.kind is Kind.WORD:
            length, meaning = _phrase(tokens, position, words)
            if length == 1:
                meaning = _in_place(tokens, position, found.ops, meaning)
            found.spoken += _spoken(tokens[position : position + length], meaning)
            _take(found, tokens[position : position + length], meaning, beside)
            position += length
            continue
        else:
            found.pause()
        position += 1
    complete(found, [token.entity for token in tokens if token.entity is not None], beside)
    return found


def _spoken(run: Sequence[Token], meaning: str | None) -> list[str]:
    """Return what a run of words says of its facts; of a phrase only that it asks, or that something is possible or allowed."""
    surfaces = [token.surface for token in run]
    if len(run) == 1 or not ABLE.isdisjoint(surfaces):
        return surfaces
    if not meaning:
        return []
    return [ASKED] if meaning.startswith("?") else surfaces[:1]


def _in_place(tokens: Sequence[Token], position: int, ops: set[str], meaning: str | None) -> str | None:
    """Return what a small word means where it stands, else the meaning it has anywhere."""
    surface = tokens[position].surface
    after = tokens[position + 1 : position + 2]
    closes = not after or after[0].kind is Kind.BREAK
    if surface == "in" and _is_inbound(tokens, position):
        return "inbound"  # `prefix count in, peer ...`
    if surface == "on" and closes and any(token.base == "turn" for token in tokens[max(position - _PARTED, 0) : position]):
        return "on"  # `how do i turn it on`
    if surface in _STRANDED and closes and ops in _STRANDED[surface]:
        return _STRANDED_SENSES[surface]
    if surface in _BOUNDS and _is_measure(after):
        return surface
    return DROP if surface in _CONJUNCTIONS and not _opens_clause(tokens, position) else meaning


def _is_inbound(tokens: Sequence[Token], position: int) -> bool:
    """Tell whether a lone `in` after something that flows means inbound."""
    closes = position + 1 < len(tokens) and tokens[position + 1].surface == ","
    return closes and position > 0 and tokens[position - 1].base in _FLOWS


def _is_measure(after: Sequence[Token]) -> bool:
    return any(token.entity is not None and token.entity.type in {EntityType.QUANTITY, EntityType.NUMBER} for token in after)


def _facts(entity: Entity) -> tuple[str, ...]:
    """Return what an entity already says of itself: its type, its role, and its address family or protocol."""
    family = ""
    if entity.type in {EntityType.ADDRESS, EntityType.PREFIX}:
        family = "ipv6" if ":" in entity.value else "ipv4"
    elif entity.type is EntityType.PORT:
        family = entity.value.partition("/")[2]
    return entity.type.value, entity.role.value, family


def _opens_clause(tokens: Sequence[Token], position: int) -> bool:
    """Tell whether `when`, `where` or `who` asks: it opens or closes a clause, or stands after a small word; elsewhere it joins clauses."""
    around = tokens[max(position - 1, 0) : position + 2]
    if position == 0 or position + 1 == len(tokens) or any(token.kind is Kind.BREAK for token in around):
        return True
    return tokens[position - 1].surface in _BEFORE_QUESTION or (
        position <= _OPENING and all(token.surface in _BEFORE_QUESTION for token in tokens[:position])
    )


def _phrase(tokens: Sequence[Token], position: int, words: Lexicon) -> tuple[int, str | None]:
    """Return how many words the longest phrase at `position` takes, and what it says (None: it is no phrase)."""
    first = tokens[position].base
    after = tokens[position + 1] if position + 1 < len(tokens) else None
    if after is not None and after.kind is Kind.WORD:
        for bases, meaning in words.phrases.get((first, after.base), ()):
            run = tokens[position : position + len(bases)]
            if len(run) == len(bases) and all(
                token.base == base and token.kind is Kind.WORD for token, base in zip(run, bases, strict=True)
            ):
                return len(bases), meaning
    for _, meaning in words.phrases.get((first, ""), ()):
        return 1, meaning
    return 1, None


def _take(found: Senses, run: Sequence[Token], meaning: str | None, beside: frozenset[str]) -> None:
    words = lexicon()
    token = run[0]
    single = len(run) == 1
    if meaning == DROP:
        found.courtesy(run)
        return
    how = found.sequence[-1:] and found.sequence[-1] in _TO_DO and "howto" in found.ops
    found.sequence.extend(part.surface for part in run)
    if meaning is not None and meaning.startswith("?"):
        found.operator(meaning[1:])
        return
    found.network = found.network or any(part.base in words.network or is_near_name(part.surface) for part in run)
    if single and meaning not in _MEANT and (token.surface in words.function or token.surface in NEGATIONS):
        found.small_word(token.surface)
        return
    sense = meaning or token.base
    if sense in beside or (single and token.base in beside):
        found.weak.add(sense)
    elif single and how and token.base in words.doing:
        found.strong_sense(sense, token.surface)
    elif single and (token.surface in words.weak or (meaning is None and token.base in words.weak)):
        found.small_word(token.surface)
        found.weak.add(sense)
    else:
        found.strong_sense(sense, token.surface if single else " ".join(part.surface for part in run))
