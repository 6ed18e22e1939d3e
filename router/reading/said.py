"""What a question says, gathered word by word (the state of one reading)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from router.entities import Role
from router.entities.tables import wordset
from router.reading.lexicon import lexicon
from router.reading.mood import AUXILIARIES
from router.reading.tokens import Token

NOT = "!"
NEGATIONS = wordset("not no never without nor neither non")
OURS = wordset("we our us ours")
_LEANS = {"from": Role.FROM, "to": Role.TO, "into": Role.TO, "onto": Role.TO, "towards": Role.TO, "toward": Role.TO}
_AUXILIARIES = AUXILIARIES | {"if", "whether"}
_WHETHER = wordset("if whether that")
"""How words around a question end that make it one of yes and no: `check if`, `can you confirm that`."""
_US = "us"
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
    spoken: list[str] = field(default_factory=list)
    """What says whether a thing is, was, should or can be: words, `@type` of entities, `?` for a phrase that asks."""
    embedded: list[str] = field(default_factory=list)
    implied: frozenset[str] = frozenset()
    """Keys of entities that what is asked already says: the protocol of an AS number."""
    mutual: bool = False
    """Whether what is asked is the same from either end, so that the roles of the ends do not count."""
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
        if surface in NEGATIONS:
            self._negated = True
        elif surface in _LEANS or surface == "than":
            self._lean = _LEANS[surface].value if surface in _LEANS else "than"
        if surface in _LISTS:
            self.ops.add("what")
        elif surface in _AUXILIARIES and not self._begun and not self.ops:
            self.ops.add("yesno")
        if surface == _US and self._lean:
            self.leans[_US] = self._lean
        self.ours = self.ours or surface in OURS

    def courtesy(self, run: Sequence[Token]) -> None:
        """Take words around a question: what counts of them is who asks, that something is to be listed, and whether it is so."""
        self.ours = self.ours or any(token.surface in OURS for token in run)
        self.weak |= {run[0].base} & lexicon().shows
        if len(run) > 1 and run[-1].surface in _WHETHER and not self._begun:
            self.ops.add("yesno")

    def pause(self) -> None:
        """Take a break: what follows may open the question."""
        self._begun = self._begun and bool(self.ops)

    def operator(self, op: str) -> None:
        """Take how the question is put."""
        self.ops.add(op)
        self.embedded.append(op)
