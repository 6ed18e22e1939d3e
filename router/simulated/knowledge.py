"""What the simulated models say: a fact picked by the words of the question, or an honest remark that there is none."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from router.simulated.models import SimulatedModel
from router.types import Turn

LIVE_NOTE = "I cannot see your network, so this is how to check, not what it is now."

NEAREST_NOTE = "The nearest canned answer is about {topic}."

LIVE_UNKNOWN = """\
I cannot see your network, so I cannot tell its present state. To check it:

1. on the device itself, with the `show` command of the protocol or interface in question;
2. in your monitoring, for how it was before;
3. in the change log and the ticket system, for who touched it last."""

SMALL_UNKNOWN = """\
There is no canned answer for this question in the small simulated model. A real small model would answer it from general knowledge; \
switch to one with a key in the environment and one line in the policy."""

FRONTIER_UNKNOWN = """\
There is no canned answer for this question in the simulated frontier model. A real frontier model would reason about it, and would need:

- the topology around the problem, with platforms and software versions;
- what was expected, what was seen, since when, and what changed;
- the relevant configuration and the output of the `show` commands from both ends.

Switch to a real one with a key in the environment and one line in the policy."""

SIGNATURE = "*Simulated {name} model: a canned answer, not your network.*"

_FACTS = Path(__file__).with_name("knowledge.toml")

_LIVE = re.compile(
    r"\b(?:now|right now|currently|current|at the moment|still|today|tonight|last night|yesterday|this morning|since \w+)\b"
    r"|^\W*(?:is|are|was|did|has|have)\b.*\b(?:up|down|active|ok|working|running|back|allowed|enabled|reachable|alive)\b"
    r"|\bstatus (?:of|on|for)\b|\b(?:utili[sz]ation|state) (?:of|on)\b|\bon call\b",
    re.IGNORECASE,
)
"""Words that ask for the state of a network rather than for knowledge; a simulated model needs no better test than this."""

_PLURAL_FROM = 4
"""Words of fewer letters keep their final s: `dns`, `qos`, `nas`."""


_ENDINGS = (("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("ies", "y"), ("s", ""))
"""Plural endings and what a singular has in their place, the longest first."""


class _FactEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    must: tuple[str, ...]
    keywords: tuple[str, ...]
    small: str
    frontier: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the simulated models know. Phrases are normalised; each group of `must` is a set of alternatives."""

    topic: str
    must: tuple[tuple[str, ...], ...]
    keywords: tuple[str, ...]
    small: str
    frontier: str

    def score(self, words: str) -> int:
        """Return how well the fact fits a normalised text; 0 when something that it must name is missing."""
        if not all(any(phrase in words for phrase in group) for group in self.must):
            return 0
        return len(self.must) + sum(phrase in words for phrase in self.keywords)

    def text_for(self, base: str) -> str:
        """Return the answer of the `small` or `frontier` model; a routine fact has one for both."""
        return self.frontier if base == "frontier" and self.frontier else self.small


class Knowledge:
    """The facts of the simulated models and how one is picked. Deterministic: the same words give the same answer."""

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        self._facts = facts

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that are known."""
        return tuple(fact.topic for fact in self._facts)

    def find(self, question: str, earlier: tuple[Turn, ...] = ()) -> Fact | None:
        """Return the best fact for a question; a follow-up that names no topic is read together with the earlier turns."""
        found = self._best(_normalise(question))
        if found is None and earlier:
            found = self._best(_normalise(" ".join((question, *(turn.text for turn in earlier if not turn.assistant)))))
        return found

    def answer(self, model: SimulatedModel, question: str, earlier: tuple[Turn, ...] = ()) -> str:
        """Return the whole answer, in Markdown, with the line that says it is simulated at its end."""
        fact = self.find(question, earlier)
        body = _unknown(model, question) if fact is None else _known(fact, model, question)
        return f"{body}\n\n{SIGNATURE.format(name=model.name)}"

    def _best(self, words: str) -> Fact | None:
        """Return the fact with the highest score; of equals the first in the file."""
        best = max(self._facts, key=lambda fact: fact.score(words), default=None)
        return best if best is not None and best.score(words) else None


def _known(fact: Fact, model: SimulatedModel, question: str) -> str:
    parts = [fact.text_for(model.base)]
    if fact.score(_normalise(question)) <= len(fact.must):
        parts.insert(0, NEAREST_NOTE.format(topic=fact.topic))
    if _LIVE.search(question):
        parts.insert(0, LIVE_NOTE)
    return "\n\n".join(parts)


def _unknown(model: SimulatedModel, question: str) -> str:
    if _LIVE.search(question):
        return LIVE_UNKNOWN
    return FRONTIER_UNKNOWN if model.base == "frontier" else SMALL_UNKNOWN


def load_knowledge(path: Path = _FACTS) -> Knowledge:
    """Read the facts from their TOML file, by default the shipped one."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    entries = TypeAdapter(tuple[_FactEntry, ...]).validate_python(table["fact"])
    return Knowledge(tuple(_fact(entry) for entry in entries))


def _fact(entry: _FactEntry) -> Fact:
    must = tuple(tuple(_normalise(phrase) for phrase in group.split("|")) for group in entry.must)
    return Fact(entry.topic, must, tuple(_normalise(word) for word in entry.keywords), entry.small.strip(), entry.frontier.strip())


def _normalise(text: str) -> str:
    """Return the lower-case words of a text, singular, each between blanks, so that phrases match at word borders."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return f" {' '.join(_singular(word) for word in words)} "


def _singular(word: str) -> str:
    if len(word) < _PLURAL_FROM or word.endswith(("ss", "us", "is")):
        return word
    for plural, singular in _ENDINGS:
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word
