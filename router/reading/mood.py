"""What a question says of its facts: that they are, were or will be, that they should be or can be (pure)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from router.entities import EntityType
from router.entities.tables import wordset

ASKED = "?"
"""Stands for a phrase that asks."""
NAMED = "@"
"""Stands before the type of an entity."""
ABLE = wordset("able allowed permitted possible supposed")
"""Words of a phrase of courtesy that change what is asked where they are about somebody's network."""
AUXILIARIES = wordset("""
is are was were do does did has have had can could may might must shall should ought will would any
""")
"""Words that open a question of yes and no."""
_SHOULD = wordset("should must ought shall")
_SHOULD_TO = wordset("supposed meant required expected needs need have has")
_CAN = wordset("can could may might")
_CAN_TO = wordset("able unable allowed permitted possible safe")
_NEED = wordset("need needs require requires")
_NEEDED = wordset("needed required")
_MODAL = _SHOULD | _SHOULD_TO | _CAN | _CAN_TO | _NEED | _NEEDED
_BE = wordset("is are was were be")
DO = wordset("do does did")
_WILL = wordset("will would")
_WILL_TO = wordset("going about planned scheduled due")
_FUTURE = _WILL | _WILL_TO
_BECOMES = wordset("be get have become happen")
_IF = wordset("if once unless when")
_ASKS = wordset("what which who whom whose when where why how") | {ASKED}
_ME = wordset("i you one u")
_OURS = wordset("we our us")
_US = _ME | wordset("we people someone somebody anyone anybody they")
_FETCHES = wordset("get have see find know ask")
_WAYS = wordset("how where") | {ASKED}
_MONTH_AFTER = wordset("in of last next this since until by")
_ANYBODYS = frozenset(
    NAMED + kind
    for kind in (
        EntityType.NUMBER,
        EntityType.QUANTITY,
        EntityType.TIME,
        EntityType.VERSION,
        EntityType.VENDOR,
        EntityType.PORT,
        EntityType.MASK,
    )
)
"""Entities that belong to nobody's network: what can be done on them is what is done."""
_TENSES = {
    "was": "past",
    "were": "past",
    "had": "past",
    "did": "did",
    "is": "present",
    "are": "present",
    "do": "present",
    "does": "present",
}
_HAS = wordset("has have")
_AGAIN = "again"


def mode_of(said: Sequence[str]) -> str:
    """Return `should` where it is asked what is to be by rule or intent, `can` where what is possible or allowed, else nothing.

    What `i` should or can do only asks how; what everybody should do by the book is what everybody does.
    """
    ours = any(word.startswith(NAMED) and word not in _ANYBODYS for word in said) or not _OURS.isdisjoint(said)
    found = {_mode(said, position, ours=ours) for position, word in enumerate(said) if word in _MODAL}
    return "should" if "should" in found else "can" if "can" in found else ""


def _mode(said: Sequence[str], position: int, *, ours: bool) -> str:
    word, before, after = _around(said, position)
    earlier = set(said[:position])
    if word in _SHOULD or (word in _SHOULD_TO and after[0] == "to" and before not in _US) or _is_need(word, before, earlier):
        by_the_book = not ours and after[0] != "to" and "the" not in said[position:]
        only_how = bool(earlier & _ASKS) and (after[0] in _ME or by_the_book)
        return "" if only_how or "mean" in after else "should"
    if word in _CAN or (word in _CAN_TO and after[0] == "to"):
        month = word == "may" and before in _MONTH_AFTER
        fetches = after[0] in _US and after[1] in _FETCHES
        only_how = bool(earlier & _ASKS) and (not ours or after[0] in (_US if earlier & _WAYS else _ME))
        return "" if month or fetches or only_how else "can"
    return ""


def _around(said: Sequence[str], position: int) -> tuple[str, str, tuple[str, str]]:
    """Return a word, the one before it and the two after it, empty where there is none."""
    after = (*said[position + 1 : position + 3], "", "")
    return said[position], said[position - 1] if position else "", (after[0], after[1])


def _is_need(word: str, before: str, earlier: AbstractSet[str]) -> bool:
    """Tell whether it is asked what somebody else needs: `does branch 12 need`, `is needed at branch 12`."""
    if word in _NEED:
        return before not in _US and bool(earlier & DO)
    return word in _NEEDED and bool(earlier & _BE)


def tense_of(said: Sequence[str]) -> str:
    """Return the tense of the first verb that has one, else nothing.

    `past` and `did` are what was, `undergone` whom it was done to, `perfect` what has been, `under way` what is being done,
    `present` and `future` the rest. What will be if something fails is what happens then, and what will be at a time that is
    named is asked by the time; `what was the command again` asks what it is.
    """
    if any(_is_future(said, position) for position, word in enumerate(said) if word in _FUTURE):
        return "future"
    found = next((tense for position in range(len(said)) if (tense := _tense(said, position))), "")
    return "" if found == "past" and _AGAIN in said else found


def _tense(said: Sequence[str], position: int) -> str:
    word, before, after = _around(said, position)
    plain = _TENSES.get(word, "")
    if word == "used" and after[0] == "to" and said[0] in _ASKS and AUXILIARIES.isdisjoint(said):
        return "past"
    if word in _HAS:
        return "perfect" if any(_is_past_form(later) for later in said[position + 1 :]) else ""
    if before == "who" and not plain:
        return "did" if word.endswith("ed") else "present" if word.endswith("s") else ""
    if before == "who" and plain == "past" and _is_past_form(after[0]) and "by" not in said:
        return "undergone"
    return "under way" if plain == "present" and "being" in said else plain


def _is_past_form(word: str) -> bool:
    return word == "been" or (word.endswith("ed") and not word.startswith(NAMED))


def _is_future(said: Sequence[str], position: int) -> bool:
    word, before, after = _around(said, position)
    if word in _WILL_TO:
        becomes = after[1] in _BECOMES or (word == "going" and before in _BE and not after[1].startswith(NAMED))
        return after[0] == "to" and becomes and not _depends(said)
    return word in _WILL and (any(following.startswith(NAMED) for following in after) or not _depends(said))


def _depends(said: Sequence[str]) -> bool:
    """Tell whether a condition or a time is named."""
    return not _IF.isdisjoint(said[1:]) or NAMED + EntityType.TIME in said
