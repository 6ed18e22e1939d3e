"""Does a question ask for what a team records and changes, rather than for what is read off the network? (pure)."""

from functools import lru_cache

from router.entities import EntityType
from router.reading.frames import settled_names
from router.reading.lexicon import lexicon
from router.sameness import Reading, read
from router.signals import phrases

_NOW = phrases(
    r"(?:right |just )?now|at (?:the|this) moment|currently|this (?:minute|morning|afternoon|evening|shift)|today|tonight|yet|"
    r"any ?more|still"
)
_REPORT = "reason_report"
_HOLDERS = frozenset({"owner", "contact"})
_LONGEST = 200
"""Characters of a question that may ask for one recorded fact; what is longer tells of more than that."""


def is_recorded(ask: str) -> bool:
    """Tell whether every word of a question that counts asks for what is recorded of something named, or how to do something to it."""
    return len(ask) <= _LONGEST and _NOW.search(ask) is None and _is_recorded(ask)


@lru_cache(maxsize=4096)
def _is_recorded(ask: str) -> bool:
    reading = read(ask)
    if not reading.standalone or reading.tense in {"past", "undergone"} or reading.mode == "should" or not reading.strong:
        return False
    framed = reading.strong & settled_names()
    if reading.ops <= {"what"}:
        named = (framed or reading.entities) and (_REPORT in framed or not _names_a_ticket(reading))
        return bool(named) and reading.strong <= settled_names() | lexicon().recorded
    return reading.ops == {"plan"} or (reading.ops == {"howto"} and bool(framed or _acts(reading)))


def _names_a_ticket(reading: Reading) -> bool:
    """Tell whether a ticket is named, or may be: its facts change as it is worked on, and who has it with every shift."""
    types = {key.partition(":")[0] for key in reading.entities}
    return EntityType.TICKET in types or (EntityType.CIRCUIT in types and bool(reading.strong & _HOLDERS))


def _acts(reading: Reading) -> bool:
    """Tell whether it is asked how to do something: that does not change while it is done."""
    return any(lexicon().contrast.get(sense) == "action" for sense in reading.strong)
