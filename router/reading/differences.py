"""What makes two questions different whatever else they share: entities, direction, polarity, how they are put (pure)."""

from collections import Counter

from router.entities.tables import wordset
from router.reading.forms import STRICT
from router.reading.lemmas import lemma
from router.reading.lexicon import lexicon
from router.reading.rivals import rivalling
from router.reading.said import NOT
from router.reading.types import Reading
from router.reading.verbs import PAST, turned, was_and_is

_ASKED = {
    "why": "why", "who": "who", "when": "when", "where": "where", "count": "how many", "duration": "how long",
    "amount": "how much", "often": "how often",
    "difference": "what the difference is", "howto": "how to do it",
    "what": "what it is", "yesno": "whether it is so",
}  # fmt: skip
_MUTUAL = wordset("and or vs versus")


def hard_difference(stored: Reading, asked: Reading) -> str:
    """Return the first hard difference as a short phrase, empty when there is none."""
    kinds = (_entities, _devices, _directions, _put, _order, was_and_is, turned, rivalling)
    return next((found for differs in kinds if (found := differs(stored, asked))), "")


def _entities(stored: Reading, asked: Reading) -> str:
    if stored.entities == asked.entities:
        return next(
            (
                f"different domain: {detail} and {asked.details[key]}"
                for key, detail in stored.details.items()
                if asked.details.get(key, detail) != detail
            ),
            "",
        )
    here = sorted(set(stored.entities) - set(asked.entities))
    there = sorted(set(asked.entities) - set(stored.entities))
    by_kind = {key.partition(":")[0]: key for key in reversed(there)}
    for key in here:
        if other := by_kind.get(key.partition(":")[0]):
            return _between(key, other)
    kind, value, _ = _parts((here or there)[0])
    return f"only one of them names {_a(kind)} {kind}: {value}"


def _devices(stored: Reading, asked: Reading) -> str:
    """Compare what kind of device each speaks of: a name beside it makes the word weak, yet a router is no switch."""
    kinds = lexicon().contrast
    here = {sense for sense in stored.weak if kinds.get(sense) == "device"}
    there = {sense for sense in asked.weak if kinds.get(sense) == "device"}
    if not here or not there or here & there:
        return ""
    return f"different device: {min(here).replace('_', ' ')} and {min(there).replace('_', ' ')}"


def _between(key: str, other: str) -> str:
    kind, value, role = _parts(key)
    _, other_value, other_role = _parts(other)
    if value == other_value:
        return f"different role of {value}: {role.replace('none', 'no')} and {other_role.replace('none', 'no')}"
    return f"different {kind}: {value} and {other_value}"


def _parts(key: str) -> tuple[str, str, str]:
    kind, _, rest = key.partition(":")
    value, _, role = rest.rpartition(":")
    return kind, value, role


def _a(kind: str) -> str:
    return "an" if kind[0] in "aei" else "a"


def _directions(stored: Reading, asked: Reading) -> str:
    """Compare what follows `from`, `to` and `than`: a lean on one side alone counts when another word has it on the other."""
    mine = {(what, lean) for what, lean in stored.leans.items() if asked.leans.get(what, lean) != lean}
    if mine:
        return f"different direction: {_last(min(mine)[0])}"
    for reading, against in ((stored, asked), (asked, stored)):
        ours = against.leans.get("us")
        if ours and "us" not in reading.leans and any(lean == ours and what not in against.leans for what, lean in reading.leans.items()):
            return f"different direction: {ours} us, and {ours} the other side"
    here = {(lean, what) for what, lean in stored.leans.items() if what not in asked.leans}
    there = {(lean, what) for what, lean in asked.leans.items() if what not in stored.leans}
    for lean, what in sorted(here):
        for other_lean, other in sorted(there):
            if lean == other_lean and what in asked.strong and other in stored.strong:
                return f"the other way round: {_last(what)} and {_last(other)}"
    return ""


def _last(what: str) -> str:
    return what.rpartition(":")[2].replace("_", " ")


def _put(stored: Reading, asked: Reading) -> str:
    """Compare how the questions are put: who is not when, why is not how to, whether is not which."""
    here, there = stored.ops & STRICT, asked.ops & STRICT
    if not (stored.network or asked.network):
        apart = bool(here and there and not here & there) or (here ^ there) & _APART
        if apart:
            return _asks(stored, asked)
        return _mode(stored, asked) if "yesno" in stored.ops & asked.ops and "should" in {stored.mode, asked.mode} else ""
    if here != there or (not here and _form_differs(stored, asked)):
        return _asks(stored, asked)
    return _mode(stored, asked) or _tense(stored, asked)


_POSSIBLE = wordset("reachable unreachable support")
"""Senses that say by themselves that something can be done."""
_THEN_AND_NOW = ({"did", "present"}, {"did", "under way"}, {"perfect", "under way"})
_MODES = {"should": "whether one should", "can": "what is possible", "": "what is"}


def _mode(stored: Reading, asked: Reading) -> str:
    """Compare what is with what should and what can be; a question without a verb may ask what can be as well."""
    if stored.mode == asked.mode:
        return ""
    if "should" not in {stored.mode, asked.mode}:
        bare = stored if not stored.mode else asked
        if not (bare.ops or bare.tense) or stored.strong & asked.strong & _POSSIBLE:
            return ""
    return f"one asks {_MODES[stored.mode]}, the other {_MODES[asked.mode]}"


def _tense(stored: Reading, asked: Reading) -> str:
    """Compare what was with what is and what is to be; `did` tells a past only from a present, as `last reboot` has no tense."""
    tenses = {stored.tense, asked.tense}
    if "future" in tenses and len(tenses) > 1:
        return "one asks about what is to be, the other about what is"
    if "undergone" in tenses and len(tenses) > 1:
        return "one asks who did it, the other to whom it was done"
    if ("past" in tenses and not tenses <= {"past", "did"}) or tenses in _THEN_AND_NOW:
        return PAST
    return ""


def _form_differs(stored: Reading, asked: Reading) -> bool:
    """Tell whether one asks how to do, or whether it is so, what the other does not.

    A question without a word that asks may be any of them where it says what is done or how something is: `vlan 9 allowed on po1?`
    """
    forms = stored.ops & _FORMS, asked.ops & _FORMS
    if forms[0] == forms[1] or forms[0] & forms[1]:
        return False
    if all(forms):
        return True
    if not {"howto", "yesno"} & (forms[0] | forms[1]):
        return False
    shared = {sense.removeprefix(NOT) for sense in stored.strong & asked.strong}
    if "howto" in forms[0] | forms[1]:
        return not any(lexicon().contrast.get(sense) == "action" or sense in lexicon().doing for sense in shared)
    return not shared & lexicon().predicates and not any(lexicon().contrast.get(sense) in {"state", "action"} for sense in shared)


_FORMS = frozenset({"howto", "yesno", "what"})

_APART = wordset("who where difference")
"""Ways of asking that no plain `what` or `how` stands for, whatever the question is about; `how much is` may be `what is`."""


def _asks(stored: Reading, asked: Reading) -> str:
    return f"one asks {_question(stored)}, the other {_question(asked)}"


def _question(reading: Reading) -> str:
    found = [words for op, words in _ASKED.items() if op in reading.ops]
    return found[0] if found else "something else"


def _order(stored: Reading, asked: Reading) -> str:
    """Find two things that changed places: in one sentence with all else in place, or two of a kind without a role.

    What `and`, `or` or `versus` joins may stand in either order.
    """
    here, there = _plainly(stored.sequence), _plainly(asked.sequence)
    if here == there:
        return ""
    if exchanged := _exchanged(here, there):
        return exchanged
    if len(here) == len(there):
        moved = [i for i, (a, b) in enumerate(zip(here, there, strict=True)) if a != b]
        if len(moved) == 2 and here[moved[0]] == there[moved[1]] and here[moved[1]] == there[moved[0]]:  # noqa: PLR2004 (an exchange)
            between = here[moved[0] + 1 : moved[1]]
            joined = bool(between) and all(word in _MUTUAL for word in between)
            return "" if joined else f"the other way round: {_shown(here[moved[0]])} and {_shown(here[moved[1]])}"
    a, b = _twins(here), _twins(there)
    if a != b and sorted(a) == sorted(b) and any(_of(kind, a) != _of(kind, b) for kind in {key.partition(":")[0] for key in a}):
        return "the same things in another order"
    return ""


def _plainly(sequence: tuple[str, ...]) -> tuple[str, ...]:
    """Return a sequence with the forms of a word made one."""
    return tuple(word if ":" in word else lemma(word) for word in sequence)


def _exchanged(here: tuple[str, ...], there: tuple[str, ...]) -> str:
    """Find two groups of words that changed places around a verb or a noun: `does the noc call the vendor`."""
    if sorted(here) != sorted(there):
        return ""
    start = next(i for i, (a, b) in enumerate(zip(here, there, strict=True)) if a != b)
    end = len(here) - next(i for i, (a, b) in enumerate(zip(reversed(here), reversed(there), strict=True)) if a != b)
    mine, yours = here[start:end], there[start:end]
    for first in range(1, len(mine) - 1):
        last = mine.index(yours[0], first) if yours[0] in mine[first:] else first
        a, middle, b = mine[:first], mine[first:last], mine[last:]
        if yours == b + middle + a and any(word not in lexicon().function for word in middle) and not _ASKING & {*a, *b}:
            return f"the other way round: {_shown(a[-1])} and {_shown(b[-1])}"
    return ""


_ASKING = wordset("what which who whom whose when where why how")


def _twins(sequence: tuple[str, ...]) -> list[str]:
    """Return the entities without a role that share their type with another, in order; those that `and` joins are sorted."""
    kinds = Counter(word.partition(":")[0] for word in sequence if word.endswith(":none"))
    runs: list[list[str]] = []
    joined = False
    for word in sequence:
        kind = word.partition(":")[0] if word.endswith(":none") else ""
        if kinds[kind] > 1:
            if joined and runs and runs[-1][0].partition(":")[0] == kind:
                runs[-1].append(word)
            else:
                runs.append([word])
        joined = word in _MUTUAL
    return [key for run in runs for key in sorted(run)]


def _of(kind: str, keys: list[str]) -> list[str]:
    return [key for key in keys if key.startswith(f"{kind}:")]


def _shown(word: str) -> str:
    return _parts(word)[1] if word.count(":") > 1 else word
