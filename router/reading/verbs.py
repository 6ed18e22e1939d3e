"""What the forms and the order of words tell of a verb: whether it was or is, and who does it to whom (pure)."""

from collections.abc import Iterator, Sequence

from router.entities import EntityType
from router.entities.tables import wordset
from router.reading.lemmas import lemma
from router.reading.lexicon import lexicon
from router.reading.mood import AUXILIARIES, DO
from router.reading.said import OURS
from router.reading.types import Reading

_ASKED = wordset("who whom what which many")
"""Words that ask for who or what does something, or to whom it is done; `many` is of `how many`."""
_WITHIN = 3
"""Words before which such a word opens the question."""
_BE = wordset("is are was were be been")
_IRREGULAR = wordset("went came fell broke lost sent ran took got saw froze held kept made said told grew hung began caught died lied")
"""What a verb without an auxiliary is in the past alone, or not told apart from its participle."""
_NOW = wordset("present") | {"", "under way"}
_PARTICIPLES = wordset("""
    sent kept seen found taken given known lost broken chosen held built bought brought written made told taught frozen grown heard
    fed sold spent driven caught
""")

PAST = "one asks about the past, the other about now"
TURNED = "one asks who does it, the other to whom it is done"


def was_and_is(stored: Reading, asked: Reading) -> str:
    """Tell `which tunnels flapped` from `which tunnels flap`, and `are we moving` or `are down` from `have we moved` and `have been down`.

    `which vlans allowed on po1` leaves out a word of `which vlans are allowed on po1`: there the forms agree.
    """
    if any(key.startswith(f"{EntityType.TIME}:") for key in stored.entities):
        return ""
    shared = stored.strong & asked.strong
    for one, other in ((stored, asked), (asked, stored)):
        forms = [(one.sources.get(sense, ""), other.sources.get(sense, "")) for sense in shared]
        if _asks_who_does(one.sequence) and _opening(other.sequence) is not None and other.tense in _NOW:
            differs = any(_is_past(was) and not _is_past(now) for was, now in forms)
        elif (one.tense, other.tense) == ("perfect", "present"):
            moving = any(now.endswith("ing") and not was.endswith("ing") for was, now in forms)
            differs = moving or not _has_been(one.sequence).isdisjoint(other.sequence)
        else:
            continue
        if differs:
            return PAST
    return ""


def turned(stored: Reading, asked: Reading) -> str:
    """Tell `who pages the noc` from `who does the noc page`, and `is a polling b` from `is a polled by b`."""
    if stored.sequence == asked.sequence:
        return ""
    for one, other in ((stored, asked), (asked, stored)):
        if _asks_object(one.sequence, other.sequence) or _suffers(one.sequence, other.sequence):
            return TURNED
    return ""


def _asks_object(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether one asks to what somebody does what the other asks who does to them: the doer stands before the verb, or after it."""
    helping, bases = _auxiliary(one), [lemma(word) for word in other]
    if helping is None or _opening(other) is None:
        return False
    clause = one[helping + 1 :]
    for position, word in enumerate(clause):
        if ":" in word or not _says(word) or (one[helping] in _BE and not word.endswith("ing")):
            continue
        for verb in _verbs(other, one[helping], bases, lemma(word)):
            doers, before, after = _named(clause[:position]), _named(other[:verb]), _named(other[verb + 1 :])
            if doers & after and not doers & before:
                return True
    return False


def _verbs(sequence: Sequence[str], helping: str, bases: Sequence[str], base: str) -> Iterator[int]:
    """Yield where a verb stands for who or what is asked for: by itself, or right after the auxiliary that the other question has, too."""
    mine = _auxiliary(sequence)
    if mine is None:
        if helping in DO and AUXILIARIES.isdisjoint(sequence) and base in bases:
            yield bases.index(base)
    elif lemma(sequence[mine]) == lemma(helping) and mine + 1 < len(sequence) and bases[mine + 1] == base:
        yield mine + 1


def _suffers(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether what does something in one has it done to it in the other."""
    for position, word in enumerate(one):
        if word in AUXILIARIES or not _says(word) or not _is_participle(word) or _BE.isdisjoint(one[:position]):
            continue
        for verb, form in enumerate(other):
            active = lemma(form) == lemma(word) and not _is_participle(form) and _named(other[verb + 1 :])
            if active and _subject(one, position) & _subject(other, verb):
                return True
    return False


def _subject(sequence: Sequence[str], verb: int) -> set[str]:
    """Return who or what stands before a verb, after an auxiliary that comes before both."""
    inverted = next((position for position in range(verb) if sequence[position] in AUXILIARIES), None)
    between = _named(sequence[inverted + 1 : verb]) if inverted is not None else set()
    return between or _named(sequence[:verb])


def _opening(sequence: Sequence[str]) -> int | None:
    """Return where the word stands that asks for somebody or something, None where no such word opens the question."""
    return next((position for position, word in enumerate(sequence[:_WITHIN]) if word in _ASKED), None)


def _auxiliary(sequence: Sequence[str]) -> int | None:
    """Return where the first auxiliary after such a word stands."""
    opening = _opening(sequence)
    if opening is None:
        return None
    return next((position for position, word in enumerate(sequence) if position > opening and word in AUXILIARIES), None)


def _asks_who_does(sequence: Sequence[str]) -> bool:
    """Tell whether the verb stands by itself, as it does where who or what does it is asked."""
    return _opening(sequence) is not None and AUXILIARIES.isdisjoint(sequence)


def _has_been(sequence: Sequence[str]) -> set[str]:
    """Return the state in which something has been, where that is no participle."""
    after = [word for word, following in zip(sequence[1:], sequence, strict=False) if following == "been"]
    return {word for word in after if _says(word) and not word.endswith(("ed", "ing"))}


def _named(words: Sequence[str]) -> set[str]:
    """Return who and what is named among words."""
    return {"us" if word in OURS else lemma(word) for word in words if word in OURS or _says(word)}


def _says(word: str) -> bool:
    return ":" in word or not (word in lexicon().function or word in _ASKED)


def _is_past(source: str) -> bool:
    word = source.split(" ", 1)[0]
    return word in _IRREGULAR or (word.endswith("ed") and lemma(word) != word)


def _is_participle(word: str) -> bool:
    return word in _PARTICIPLES or (word.endswith("ed") and lemma(word) != word)
