"""The words and figures that every platform shows alike: outcomes, reasons, durations and dollars."""

from collections.abc import Mapping
from decimal import Decimal

from bot.types import Badge, FlagReason, Matched
from router.types import CostSource, Outcome, Tier

COST_UNKNOWN = "cost unknown"
TIERS: Mapping[Tier, str] = {tier: Badge.of(tier, best_effort=False).value for tier in Tier}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ANSWERED: "answered",
    Outcome.RATE_LIMITED: "was busy",
    Outcome.TIMEOUT: "took too long",
    Outcome.UNAVAILABLE: "was unavailable",
    Outcome.BAD_ANSWER: "gave no usable answer",
    Outcome.TOO_LONG: "found the question too long",
    Outcome.REFUSED: "turned the question down",
    Outcome.UNAUTHORIZED: "did not accept our key",
}
"""To follow the name of a tier or a model."""
REASONS: Mapping[FlagReason, str] = {
    FlagReason.WRONG: "Wrong",
    FlagReason.OUTDATED: "Outdated",
    FlagReason.WRONG_MATCH: "Wrong cached match",
    FlagReason.INCOMPLETE: "Incomplete",
    FlagReason.UNSAFE: "Unsafe",
    FlagReason.OTHER: "Other",
}
COST_SOURCES: Mapping[CostSource, str] = {
    CostSource.REPORTED: "from the token counts that the provider reported",
    CostSource.ESTIMATED: "estimated by us",
    CostSource.UNKNOWN: "the provider reported no usage or the model has no price",
}

NO_MODEL_ASKED = "no model was asked"
SAME_QUESTION = "same question"
MATCH = "match {similarity:.2f}"

_SHORTEST_S = 0.05
_WHOLE_SECONDS = 10
_MOST_DECIMALS = 12
"""A picodollar is the smallest sum that the store keeps."""


def seconds(value: float) -> str:
    """Return a duration in seconds with as many digits as matter to a person, such as `0.9 s`."""
    if value < _SHORTEST_S:
        return "<0.1 s"
    return f"{value:.1f} s" if round(value, 1) < _WHOLE_SECONDS else f"{value:.0f} s"


def dollars(usd: Decimal | None, source: CostSource) -> str:
    """Return US dollars with two significant digits; an estimate is marked, and an unknown cost is said, never shown as zero."""
    if usd is None or source is CostSource.UNKNOWN:
        return COST_UNKNOWN
    about = "≈" if source is CostSource.ESTIMATED else ""
    if not usd:
        return f"{about}$0"
    if usd >= 1:
        return f"{about}${usd:.2f}"
    digits = min(1 - usd.adjusted(), _MOST_DECIMALS)
    return f"{about}${f'{usd:.{digits}f}'.rstrip('0').rstrip('.')}"


def certainty(match: Matched) -> str:
    """Return how like the wordings are: `match 0.96`, or that it is the same question, whose likeness is 1."""
    return SAME_QUESTION if match.similarity >= 1 else MATCH.format(similarity=match.similarity)


def reads_alike(first: str, second: str) -> bool:
    """Tell whether two texts differ in spacing and case at most."""
    return first.casefold().split() == second.casefold().split()
