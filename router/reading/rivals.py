"""Small words of which one question has one, and the other another that says the contrary (pure)."""

from collections.abc import Sequence

from router.entities.tables import wordset
from router.reading.lemmas import lemma
from router.reading.lexicon import lexicon
from router.reading.types import Reading

_RIVALS = (
    (wordset("our ours my mine"), wordset("their theirs his hers her your yours"), "whose it is"),
    (wordset("their theirs his hers her"), wordset("your yours"), "whose it is"),
    (wordset("just only solely merely"), wordset("too also"), "whether it is all"),
    (wordset("may might can could"), wordset("must shall should"), "what has to be"),
)
_EACH = wordset("all every each both")


def rivalling(stored: Reading, asked: Reading) -> str:
    """Tell `our side` from `their side`, `just floor 2` from `floor 2 too`, `may` from `must`, and what `every` is said of."""
    here, there = set(stored.sequence), set(asked.sequence)
    for some, others, what in _RIVALS:
        for one, other in ((here, there), (there, here)):
            if one & some and other & others and not (one & others or other & some):
                return f"different word for {what}: {min(one & some)} and {min(other & others)}"
    mine, yours = _each(stored.sequence), _each(asked.sequence)
    if mine and yours and not mine & yours:
        return f"every {min(mine)}, and every {min(yours)}"
    return ""


def _each(sequence: Sequence[str]) -> set[str]:
    """Return what words for all are said of: the first word after each that says something."""
    found = set()
    for position, word in enumerate(sequence):
        if word in _EACH:
            found |= {lemma(after) for after in _saying(sequence[position + 1 :])[:1]}
    return found


def _saying(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in lexicon().function and word not in _EACH]
