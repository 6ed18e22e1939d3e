"""The lexicon: what words say, read once from the data beside this module."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from router.reading.lemmas import lemma

DROP = ""
"""What a phrase of courtesy means."""
_SPLIT = re.compile(r"\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Combination:
    """Tokens that together say what one says elsewhere."""

    all: frozenset[str]
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their first two base forms (the second empty for a single word), longest first, with what they mean; classes of words.

    A meaning is `DROP`, an operator (`?why`) or the name of a group of synonyms.
    """

    phrases: dict[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]
    function: frozenset[str]
    weak: frozenset[str]
    light: frozenset[str]
    doing: frozenset[str]
    chatter: frozenset[str]
    network: frozenset[str]
    relations: frozenset[str]
    observable: frozenset[str]
    shows: frozenset[str]
    recorded: frozenset[str]
    things: frozenset[str]
    people: frozenset[str]
    bland: frozenset[str]
    predicates: frozenset[str]
    beside: dict[str, frozenset[str]]
    combinations: tuple[Combination, ...]
    contrast: dict[str, str]
    opened: dict[str, str]
    """Short forms and what they stand for."""
    trade: frozenset[str]
    """Base forms of the words that the concepts, their contrasts and the trade know."""
    vocabulary: frozenset[str]
    """Every word of the lexicon: what a misspelt word is mended to."""


def _read(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(files("router.reading").joinpath(name).read_text(encoding="utf-8"))


def _text(section: dict[str, object], key: str) -> str:
    value = section[key]
    return value if isinstance(value, str) else ""


@cache
def lexicon() -> Lexicon:
    """Return the lexicon; the files are read at the first call."""
    english, trade = _read("lexicon.toml"), _read("concepts.toml")
    spoken = _spoken(english, trade)
    lists = {name: frozenset(_text(english[name], "words").split()) for name in _LISTS}
    said = {word for phrase in spoken for word in phrase.split()}
    return Lexicon(
        phrases=_by_start({_words(phrase): meaning for phrase, meaning in spoken.items()}),
        function=lists["function"],
        weak=lists["weak"],
        light=lists["light"],
        doing=lists["doing"],
        chatter=lists["chatter"],
        network=lists["network"] | {lemma(word) for word in lists["network"]},
        relations=lists["relations"],
        observable=lists["observable"],
        shows=lists["shows"],
        recorded=lists["recorded"],
        things=lists["things"],
        people=lists["people"],
        bland=lists["bland"],
        predicates=lists["predicates"],
        beside={
            kind: frozenset(lemma(w) for w in _text(english[section], kind).split())
            for section in ("beside", "roles", "families")
            for kind in english[section]
        },
        combinations=_combinations(_text(trade["combine"], "rows")),
        contrast={word: kind for kind in trade["contrast"] for word in _text(trade["contrast"], kind).split()},
        opened={short: full for full in english["opened"] for short in _text(english["opened"], full).split()},
        trade=_trade(english, trade),
        vocabulary=frozenset(said).union(*(lists[name] for name in _VOCABULARY)),
    )


_LISTS = (
    "function", "weak", "light", "doing", "chatter", "network", "software", "relations", "observable", "shows", "recorded", "things",
    "people", "bland", "predicates",
)  # fmt: skip
_VOCABULARY = ("function", "weak", "network", "software")


def _spoken(english: dict[str, dict[str, object]], trade: dict[str, dict[str, object]]) -> dict[str, str]:
    """Return phrase -> meaning. The first group that has a phrase keeps it, unless it says how a question is put."""
    found: dict[str, str] = {}
    for group in _listed(trade["concepts"], "groups"):
        spellings = _SPLIT.split(str(group).strip())
        name = "_".join(_words(spellings[0]))
        for spelling in spellings:
            found.setdefault(spelling, name)
    for op in english["ops"]:
        found |= dict.fromkeys(_SPLIT.split(_text(english["ops"], op).strip()), f"?{op}")
    found |= dict.fromkeys(_SPLIT.split(_text(english["courtesy"], "phrases").strip()), DROP)
    tellers = _text(english["tellers"], "who").split()
    return found | {f"{who} {how}": DROP for who in tellers for how in _SPLIT.split(_text(english["tellers"], "how"))}


def _trade(english: dict[str, dict[str, object]], trade: dict[str, dict[str, object]]) -> frozenset[str]:
    spoken = {word for group in _listed(trade["concepts"], "groups") for word in re.findall(r"[a-z]+", str(group))}
    named = {word for kind in trade["contrast"] for word in _text(trade["contrast"], kind).split()}
    return frozenset(lemma(word) for word in spoken | named | set(_text(english["network"], "words").split()))


def _listed(section: dict[str, object], key: str) -> list[object]:
    value = section[key]
    return value if isinstance(value, list) else []


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(lemma(word) for word in re.split(r"[ -]+", phrase.strip()) if word)


def _by_start(meanings: dict[tuple[str, ...], str]) -> dict[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]:
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}
    for words, meaning in meanings.items():
        if words:
            found.setdefault((words[0], words[1] if len(words) > 1 else ""), []).append((words, meaning))
    return {start: tuple(sorted(rows, key=lambda row: -len(row[0]))) for start, rows in found.items()}


def _combinations(rows: str) -> tuple[Combination, ...]:
    found = []
    for row in rows.strip().splitlines():
        parts, _, gives = row.partition("=")
        found.append(Combination(frozenset(parts.split()), tuple(gives.split())))
    return tuple(found)
