"""Do two questions that name the same things say the same of them? Every word that counts is shown a counterpart (pure)."""

from dataclasses import dataclass

from router.reading.frames import frame_names
from router.reading.lemmas import is_swap_or_drop, one_slip
from router.reading.lexicon import lexicon
from router.reading.said import NOT
from router.reading.tokens import is_known, is_of_trade
from router.reading.types import Reading, Verdict

SAME_MEANING = "the same question in other words"
SAME_TEXT = "the same text"
UNLIKE = "the texts are too different"
_SETTLED = 12
"""Senses without a counterpart beyond which two texts are not aligned any more: they are different."""
_TYPO_FROM = 5
_TYPO_TWICE_FROM = 8
_CUT_FROM = 4
_INITIALS = range(2, 7)
_CLOSE = 0.3
"""How much closer than its threshold an embedder must see two texts of which one has a light word more."""
_LIGHT_WORDS = 2
_SHARED = 2
"""Senses that must be the same before a plain word is taken for a slip in one of the trade."""
_LOOSE = 0.35
"""How much closer than its threshold an embedder must see two texts whose words nothing settles."""


def settle(stored: Reading, asked: Reading, similarity: float, threshold: float) -> Verdict:
    """Return the verdict on two readings without a hard difference."""
    here, there = unmet(stored, asked)
    if here or there:
        return _unsettled(_Gap(stored, asked, here, there), similarity, threshold)
    named_alone = not stored.strong and not asked.strong
    if named_alone and ((stored.weak ^ asked.weak) - lexicon().bland or (stored.ops ^ asked.ops) - {"what"}):
        return Verdict(same=False, score=max(similarity, 0.0), reason=UNLIKE, grey=True)
    if similarity < threshold:
        return Verdict(same=False, score=max(similarity, 0.0), reason=UNLIKE, grey=True)
    return Verdict(same=True, score=min(max(similarity, 0.0), 1.0), reason=SAME_MEANING)


def unmet(stored: Reading, asked: Reading) -> tuple[set[str], set[str]]:
    """Return the strong senses of each that the other has not: neither as it is, nor misspelt, cut short or by its initials."""
    here = set(stored.strong - asked.strong - asked.weak)
    there = set(asked.strong - stored.strong - stored.weak)
    if max(len(here), len(there)) > _SETTLED:
        return here, there
    if here and there:
        for sense in tuple(here):
            for other in tuple(there):
                if _one_word(stored.sources.get(sense, sense), asked.sources.get(other, other)) and (sense[0] == NOT) == (other[0] == NOT):
                    here.discard(sense)
                    there.discard(other)
                    break
    if here and there:
        _spell_out(stored, asked, here, there)
        _spell_out(asked, stored, there, here)
    return (set(), set()) if _only_slipped(stored, asked, here, there) else (here, there)


def _one_word(a: str, b: str) -> bool:
    """Tell whether two words are one, misspelt or cut short. Of two that are both known, or both unknown, neither is the other."""
    if not (a.isalpha() and b.isalpha()) or is_known(a) == is_known(b):
        return False
    unknown, known = (b, a) if is_known(a) else (a, b)
    if len(unknown) >= _CUT_FROM and len(known) > len(unknown) + 1 and known.startswith(unknown):
        return True
    if min(len(a), len(b)) < _TYPO_FROM:
        return len(known) > _CUT_FROM and len(unknown) >= _CUT_FROM and is_swap_or_drop(unknown, known) and one_slip(unknown, known)
    return one_slip(unknown, known) or (min(len(a), len(b)) >= _TYPO_TWICE_FROM and _two_slips(unknown, known))


def _only_slipped(stored: Reading, asked: Reading, here: set[str], there: set[str]) -> bool:
    """Tell whether nothing but one slipped word keeps two questions apart that have other words in common."""
    if not len(here) == len(there) == 1 or len(stored.strong & asked.strong) < _SHARED:
        return False
    mine, yours = min(here), min(there)
    return _slipped(stored.sources.get(mine, mine), asked.sources.get(yours, yours))


def _slipped(a: str, b: str) -> bool:
    """Tell whether one is a word of the trade and the other the plain word that a slip made of it: `bgp rest` for `reset`.

    Only a letter that is missing, or two that changed places, and only where all else is the same: a plain word fits there by chance.
    """
    trade = {word for word in (a, b) if is_of_trade(word)}
    if len(trade) != 1:
        return False
    meant, said = (a, b) if a in trade else (b, a)
    return len(said) >= _CUT_FROM and is_swap_or_drop(said, meant) and one_slip(said, meant)


def _two_slips(a: str, b: str) -> bool:
    """Tell whether one slip turns `a` into something that is one slip from `b`, both slips dropped, doubled or swapped letters."""
    nearer = {a[:i] + a[i + 1 :] for i in range(1, len(a))} | {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(1, len(a) - 1)}
    return a[:2] == b[:2] and any(one_slip(near, b) and (len(near) != len(b) or sorted(near) == sorted(b)) for near in nearer)


def _spell_out(short: Reading, long: Reading, here: set[str], there: set[str]) -> None:
    """Meet an abbreviation with the words whose initials it is, in the order in which they stand."""
    words = long.sequence
    for sense in tuple(here):
        letters = short.sources.get(sense, sense)
        if len(letters) not in _INITIALS or not letters.isalpha():
            continue
        for start in range(len(words) - len(letters) + 1):
            run = words[start : start + len(letters)]
            if all(word[0] == letter for word, letter in zip(run, letters, strict=True)):
                here.discard(sense)
                there -= {
                    other
                    for other in there
                    if long.sources.get(other, other) in run or set(long.sources.get(other, other).split()) <= set(run)
                }
                break


@dataclass(frozen=True, slots=True)
class _Gap:
    """Two readings and what each says that the other does not."""

    stored: Reading
    asked: Reading
    here: set[str]
    there: set[str]


def _unsettled(gap: _Gap, similarity: float, threshold: float) -> Verdict:
    """Return the verdict where some words have no counterpart."""
    score = max(similarity, 0.0)
    if max(len(gap.here), len(gap.there)) > _SETTLED:
        return Verdict(same=False, score=score, reason=UNLIKE)
    if contrast := _contrast(gap.here, gap.there):
        return Verdict(same=False, score=0.0, reason=contrast)
    close = similarity >= threshold + _CLOSE and _adds_nothing(gap)
    loose = similarity >= threshold + _LOOSE and _is_everyday(gap)
    if close or loose:
        return Verdict(same=True, score=score, reason=SAME_MEANING)
    return Verdict(same=False, score=score, reason=_wording(gap.here, gap.there), grey=similarity >= threshold)


def _adds_nothing(gap: _Gap) -> bool:
    """Tell whether only one text says more, and what it says more is light; what an action is done to is never light."""
    if gap.here and gap.there:
        return False
    extra = gap.here or gap.there
    shared = gap.stored.strong & gap.asked.strong
    acts = any(lexicon().contrast.get(sense) == "action" for sense in shared)
    return bool(shared) and not acts and len(extra) <= _LIGHT_WORDS and extra <= lexicon().light


def _is_everyday(gap: _Gap) -> bool:
    """Tell whether general knowledge is asked in other words: whole sentences, not about a network, rebuilt rather than filled in anew.

    Here the lexicon knows few words, so at least half of what counts has to be the same, and the vectors judge the rest.
    """
    stored, asked = gap.stored, gap.asked
    if stored.network or asked.network or not (stored.ops or asked.ops) or _is_template(stored.sequence, asked.sequence):
        return False
    kinds = lexicon().contrast
    if any(kinds.get(sense.removeprefix(NOT)) in _TELLING for sense in gap.here | gap.there):
        return False
    if "howto" in stored.ops ^ asked.ops and any(kinds.get(sense) == "action" for sense in gap.here | gap.there):
        return False  # what it does, and how to enable it
    shared = len(stored.strong & asked.strong)
    return (
        shared > 0
        and 2 * shared >= min(len(stored.strong), len(asked.strong))
        and (shared > 1 or not {"why", "howto"} & (stored.ops ^ asked.ops))
    )


_TELLING = frozenset({"attribute", "role", "protocol", "device"})


def _contrast(here: set[str], there: set[str]) -> str:
    """Return what kind of word the two differ in, where both have one of it, or one has it negated."""
    for sense in sorted(here | there):
        if sense[0] == NOT and (":" in sense or sense[1:] in here | there or (here | there) & frame_names()):
            return f"one asks for the opposite: {_plain(sense[1:])}"
    mine, yours = here & frame_names(), there & frame_names()
    if mine and yours:
        return f"one asks for the {_plain(min(mine))}, the other for the {_plain(min(yours))}"
    kinds = lexicon().contrast
    for sense in sorted(here):
        for other in sorted(there):
            kind = kinds.get(sense)
            if kind is not None and kinds.get(other) == kind:
                return f"different {kind}: {_plain(sense)} and {_plain(other)}"
    return ""


def _plain(sense: str) -> str:
    if sense.count(":") > 1:
        sense = sense.removesuffix(":none").replace(":", " ", 1)
    return sense.replace("_", " ").replace(NOT, "not ")


def _wording(here: set[str], there: set[str]) -> str:
    if here and there:
        return f"nothing shows that '{_plain(min(here))}' means '{_plain(min(there))}'"
    return f"only one of them says '{_plain(min(here or there))}'"


def _is_template(here: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Tell whether one sentence was kept and a few words of it exchanged: then two things are asked about, not one."""
    start = 0
    shorter = min(len(here), len(there))
    while start < shorter and here[start] == there[start]:
        start += 1
    end = 0
    while end < shorter - start and here[-1 - end] == there[-1 - end]:
        end += 1
    if max(len(here), len(there)) - start - end <= 3:  # noqa: PLR2004 (words)
        return True
    if len(here) != len(there):
        return False
    return sum(a != b for a, b in zip(here, there, strict=True)) * 3 <= len(here) + 1
