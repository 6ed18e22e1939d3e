"""The few kinds of question that answers are sampled and reported by (pure)."""

from collections.abc import Sequence

from router import frontier_signals as hard
from router.types import Tier, Volatility

STATUS, LOOK_UP, KNOWLEDGE, FAULT, DESIGN, OTHER = "status", "look-up", "knowledge", "fault", "design", "other"
KINDS = (STATUS, LOOK_UP, KNOWLEDGE, FAULT, DESIGN, OTHER)

_ROUTINE = {Volatility.LIVE: STATUS, Volatility.CONFIG: LOOK_UP, Volatility.STABLE: KNOWLEDGE}
_FAULTS = (hard.CAUSE, hard.FIND, hard.OUTAGE, "describes a fault", "reports a fault", "tells of something odd")
_DESIGNS = (
    hard.PLAN,
    hard.WOULD_HAPPEN,
    hard.HOW_SHOULD,
    hard.WRITE,
    hard.BUILD,
    hard.JUDGEMENT,
    hard.ADVICE,
    hard.DESIGN,
    hard.SPECIAL_CASE,
    hard.WEIGHS,
    "asks for a review",
    "asks for a whole policy",
)


def kind_of(tier: Tier | None, volatility: Volatility | None, reasons: Sequence[str]) -> str:
    """Return the kind of a question from its decision: a routine one's by how its answer ages, a hard one's by its first reason."""
    if tier is Tier.SMALL and volatility:
        return _ROUTINE[volatility]
    first = reasons[0] if reasons else ""
    if first.startswith(_FAULTS):
        return FAULT
    return DESIGN if first.startswith(_DESIGNS) else OTHER
