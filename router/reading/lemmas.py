"""Base forms of English words, which words are known, and what a misspelt one was meant to be (pure; the word list is beside)."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

_FORMS = """
use: used using
be: am is are was were been being
do: does did done doing
have: has had having
go: went goes going
get: got gotten
send: sent
keep: kept
run: ran
see: saw seen
find: found
take: took taken
give: gave given
come: came
know: knew known
lose: lost
break: broke broken
choose: chose chosen
hold: held
leave: left_behind
build: built
buy: bought
bring: brought
begin: began begun
write: wrote written
make: made
mean: meant means
say: said
tell: told
sit: sat
stand: stood
learn: learnt
teach: taught
hang: hung
win: won
freeze: froze frozen
grow: grew grown
forget: forgot forgotten
hear: heard
wear: wore worn
feed: fed
sell: sold
spend: spent
think: thought
fall: fell fallen
drive: drove driven
speak: spoke spoken
child: children
man: men
woman: women
foot: feet
life: lives
leaf: leaves
index: indices indexes
vertex: vertices
datum: data
difference: differences
bus: buses
axis: axes
analysis: analyses
half: halves
shut: shutting
die: dying dies died
building: building buildings
meeting: meeting meetings
setting: setting settings
peering: peering peerings
routing: routing
training: training
hearing: hearing
pay: paid
lie: lying
stick: stuck_to
good: better_than
catch: caught
eat: ate eaten
drink: drank drunk
"""
"""Base forms and what no rule derives from them; nouns in -ing are here so that they stay nouns."""


def _irregular() -> dict[str, str]:
    rows = [line.partition(": ") for line in _FORMS.strip().splitlines()]
    return {form: base for base, _, forms in rows for form in forms.split()}


_IRREGULAR = _irregular()
_BRITISH = tuple(
    tuple(pair.split(">"))
    for pair in re.findall(
        r"\S+", "isation>ization ising>izing ised>ized ise>ize yse>yze our>or tre>ter bre>ber ogue>og lling>ling lled>led ence>ense"
    )
)
_SHORTEST = 3
_LONG = 6


@cache
def words() -> frozenset[str]:
    """Return the base forms of common English: those of SCOWL's size 35, whose notice is in `words.md`."""
    return frozenset(files("router.reading").joinpath("words.txt").read_text(encoding="ascii").split())


@lru_cache(maxsize=16384)
def lemma(word: str) -> str:
    """Return the base form of a word in lower case; a word that is not known comes back as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    known = words()
    for form in _spellings(word):
        for base in bases(form):
            if base in known:
                return base
    return next((head + american + tail for head, american, tail in _american(word) if american.startswith("iz")), word)


def _spellings(word: str) -> Iterator[str]:
    yield word
    for head, american, tail in _american(word):
        yield head + american + tail


def _american(word: str) -> Iterator[tuple[str, str, str]]:
    for british, american in _BRITISH:
        if len(word) > len(british) + 2 and word.endswith((british, british + "s", british + "d", british + "r")):
            head, _, tail = word.rpartition(british)
            yield head, american, tail


def bases(word: str) -> Iterator[str]:
    """Yield what a word may be a form of, the longest first: itself, without plural, tense or adverb ending."""
    yield word
    if len(word) <= _SHORTEST:
        return
    if word.endswith(("ies", "ied")):
        yield word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield from (word[:-1], word[:-2]) if word.endswith("es") else (word[:-1],)
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield from _without(word[: -len(ending)])
    if word.endswith("ly") and len(word) > 5:  # noqa: PLR2004 (early and reply are words of their own)
        yield word[:-2]


def _without(stem: str) -> Iterator[str]:
    yield stem
    if stem[-1] == stem[-2]:
        yield stem[:-1]
    yield stem + "e"


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the one candidate that a single slip of the keyboard turns into `word`, None when there is none or a choice."""
    found = {
        candidate for candidate in candidates if one_slip(word, candidate) and (len(word) >= _LONG or is_swap_or_drop(word, candidate))
    }
    return found.pop() if len(found) == 1 else None


def is_swap_or_drop(word: str, meant: str) -> bool:
    """Tell whether a short word lost a letter, or swapped two: another letter in it may make it another word."""
    return len(meant) > len(word) or (len(meant) == len(word) and sorted(meant) == sorted(word))


def one_slip(a: str, b: str) -> bool:
    """Tell whether two words differ by one letter dropped, added or wrong, or two neighbours swapped (the first letter holds)."""
    if a == b or abs(len(a) - len(b)) > 1 or a[:1] != b[:1]:
        return False
    start = 0
    shorter = min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if len(left) <= 1 and len(right) <= 1:
        return True
    return len(left) == len(right) == 2 and left == right[::-1]  # noqa: PLR2004 (two neighbours)
