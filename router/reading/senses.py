"""What each token of a question says: its sense, how the question is put, what is negated (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from router.entities import Entity, EntityType, Role
from router.entities.tables import wordset
from router.reading.lexicon import DROP, Lexicon, lexicon
from router.reading.tokens import Kind, Token, is_near_name

NOT = "!"
_NEGATIONS = wordset("not no never without nor neither non")
_LEANS = {"from": Role.FROM, "to": Role.TO, "into": Role.TO, "onto": Role.TO, "towards": Role.TO, "toward": Role.TO}
_OURS = wordset("we our us ours")
_AUXILIARIES = wordset("is are was were do does did can could should will would has have")
_US = "us"
_GIVEN = wordset("give get")
_PAST = wordset("was were")
_PRESENT = wordset("is are")
_FLOWS = wordset("count rate prefix route traffic octet packet drop error discard policy acl")
_BOUNDS = wordset("over under above below")
_OPENING = 8
_TO_DO = wordset("i we you one to")
"""How `how do i` and `command to` end."""
_CONJUNCTIONS = wordset("when where who")
_BEFORE_QUESTION = wordset("hey hi hello please ok and or to by from since until till know of for with on is are please then so at in by")
_LISTS = wordset("what which show list display give")


@dataclass(slots=True)
class Senses:
    """What the tokens of one question say, gathered in one pass.

    `strong` are the senses that must be met by the other question, in order; `weak` those that may be; `sequence` all words
    and entities as they stand; `leans` which sense follows `from` or `to`, and `than` which one is compared with.
    """

    strong: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    """The word that each strong sense was read from."""
    weak: set[str] = field(default_factory=set)
    ops: set[str] = field(default_factory=set)
    sequence: list[str] = field(default_factory=list)
    leans: dict[str, str] = field(default_factory=dict)
    network: bool = False
    ours: bool = False
    tense: str = ""
    embedded: list[str] = field(default_factory=list)
    _negated: bool = False
    _lean: str = ""
    _begun: bool = False

    def strong_sense(self, sense: str, source: str) -> None:
        """Take a sense that counts, with what stands before it."""
        said = NOT + sense if self._negated else sense
        self.strong.append(said)
        self.sources[said] = source
        if self._lean:
            self.leans[sense] = self._lean
        self.embedded.append(said.replace("_", " ").replace(NOT, "not "))
        self._negated, self._lean, self._begun = False, "", True

    def entity(self, token: Token) -> None:
        """Take an entity; a negation before it counts on its own."""
        if self._negated:
            self.strong.append(NOT + token.base)
        self._negated, self._lean, self._begun = False, "", True
        self.embedded.append(token.surface)

    def small_word(self, surface: str) -> None:
        """Take a word of grammar: it negates, leans, asks, or says nothing."""
        if surface in _NEGATIONS:
            self._negated = True
        elif surface in _LEANS or surface == "than":
            self._lean = _LEANS[surface].value if surface in _LEANS else "than"
        if surface in _LISTS:
            self.ops.add("what")
        elif surface in _AUXILIARIES and not self._begun and not self.ops:
            self.ops.add("should" if surface == "should" else "yesno")
        if surface in _PAST:
            self.tense = self.tense or "past"
        elif surface in _PRESENT:
            self.tense = self.tense or "present"
        if surface == _US and self._lean:
            self.leans[_US] = self._lean
        self.ours = self.ours or surface in _OURS

    def pause(self) -> None:
        """Take a break: what follows may open the question."""
        self._begun = self._begun and bool(self.ops)

    def operator(self, op: str) -> None:
        """Take how the question is put."""
        self.ops.add(op)
        self.embedded.append(op)


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
            found.entity(token)
        elif token.kind is Kind.WORD:
            length, meaning = _phrase(tokens, position, words)
            if length == 1 and token.surface == "in" and _is_inbound(tokens, position):
                meaning = "inbound"  # `prefix count in, peer ...`
            if length == 1 and token.surface in _BOUNDS and _is_measure(tokens[position + 1 : position + 2]):
                meaning = token.surface
            if length == 1 and token.surface in _CONJUNCTIONS and not _opens_clause(tokens, position):
                meaning = None
            _take(found, tokens[position : position + length], meaning, beside)
            position += length
            continue
        else:
            found.pause()
        position += 1
    _combine(found, words, beside)
    return found


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
    for bases, meaning in words.phrases.get(tokens[position].base, ()):
        length = len(bases)
        if position + length <= len(tokens) and all(
            token.base == base and token.kind is Kind.WORD for token, base in zip(tokens[position : position + length], bases, strict=True)
        ):
            return length, meaning
    return 1, None


def _take(found: Senses, run: Sequence[Token], meaning: str | None, beside: frozenset[str]) -> None:
    words = lexicon()
    token = run[0]
    single = len(run) == 1
    if meaning == DROP:
        found.ours = found.ours or any(part.surface in _OURS for part in run)
        return
    how = found.sequence[-1:] and found.sequence[-1] in _TO_DO and "howto" in found.ops
    found.sequence.extend(part.surface for part in run)
    if meaning is not None and meaning.startswith("?"):
        found.operator(meaning[1:])
        return
    found.network = found.network or any(part.base in words.network or is_near_name(part.surface) for part in run)
    if single and meaning is None and token.surface in _CONJUNCTIONS:
        return
    if single and meaning not in {"inbound", *_BOUNDS} and (token.surface in words.function or token.surface in _NEGATIONS):
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


def _combine(found: Senses, words: Lexicon, beside: frozenset[str]) -> None:
    """Replace several senses by the one that they say together; who something is, and no more, asks for its owner."""
    bare = not found.strong and found.weak <= beside | _GIVEN and any(word.count(":") > 1 for word in found.sequence)
    if bare and "who" in found.ops and found.ops <= {"who", "what"}:
        found.ops.clear()
        found.strong_sense("owner", "who")
    if found.strong == ["up"] and not found.ops:
        found.ops.add("yesno")  # `eth1/9 on spine-3 up?`
    present = _present(found)
    for combination in words.combinations:
        if combination.all <= present:
            found.ops -= {part[1:] for part in combination.all if part.startswith("?")}
            found.weak -= combination.all
            found.strong = [sense for sense in found.strong if sense not in combination.all]
            found.ops |= {given[1:] for given in combination.gives if given.startswith("?")}
            for given in combination.gives:
                if not given.startswith("?"):
                    found.strong.append(given)
                    found.sources[given] = given
            present = _present(found)


def _present(found: Senses) -> set[str]:
    return {f"?{op}" for op in found.ops} | set(found.strong) | found.weak
