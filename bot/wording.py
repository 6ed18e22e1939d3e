"""The words and figures that every platform shows alike: outcomes, reasons, durations and dollars."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from bot.evals.types import Fault
from bot.replies import Cause, Caution, Concern, Failed, Offer
from bot.types import AttemptLine, Badge, FlagReason, Matched, Question
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
    Outcome.SKIPPED: "was skipped, as it failed a moment ago",
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
FAULTS: Mapping[Fault, str] = {
    Fault.WRONG: "Wrong",
    Fault.OUTDATED: "Outdated",
    Fault.WRONG_MATCH: "Wrong match",
    Fault.INCOMPLETE: "Incomplete",
    Fault.UNSAFE: "Unsafe",
    Fault.SHOULD_ESCALATE: "Should have been escalated",
}
COST_SOURCES: Mapping[CostSource, str] = {
    CostSource.REPORTED: "from the token counts that the provider reported",
    CostSource.ESTIMATED: "estimated by us",
    CostSource.UNKNOWN: "the provider reported no usage or the model has no price",
}
CONCERNS: Mapping[Concern, str] = {
    Concern.BEST_EFFORT: "Best effort.",
    Concern.BUDGET: "Budget used up.",
    Concern.PAUSED: "Frontier model paused.",
    Concern.REDACTED: "Secret removed.",
}
"""The headline of a caution."""
OFFERS: Mapping[Offer, str] = {
    Offer.ESCALATE: "Ask the frontier model",
    Offer.TRY_AGAIN: "Try again",
    Offer.ANSWER_AGAIN: "Answer again",
    Offer.ASK_SMALL: "Answer with the small model",
    Offer.REQUEST_BUDGET: "Request more budget",
    Offer.TELL_ME: "Tell me when it is back",
}
"""The words on a button."""
FRONTIER_AGAIN = "Try frontier again"
SMALL_INSTEAD = "I can still answer from earlier answers or with the small model. Complex questions may be answered worse."
TRIES_UNTIL = "Your question is kept, and I try again by myself until {when}."
RESETS = "It resets {when}."
ASK_AGAIN = "You can ask again {when}."

AFTER = "{outcome} after {seconds}"
SOURCES = "Sources:"
NO_MODEL_ASKED = "no model was asked"
SAME_QUESTION = "same question"
MATCH = "match {similarity:.2f}"
JUST_NOW = "just now"
AGO = "{count} {unit} ago"

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))

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


def took(line: AttemptLine) -> str:
    """Return how long an attempt took; nothing where nobody was called."""
    return "" if line.outcome is Outcome.SKIPPED else seconds(line.latency_ms / 1000)


def attempted(line: AttemptLine) -> str:
    """Return how an attempt ended, to follow the model's name: `was unavailable after 1.3 s`."""
    return AFTER.format(outcome=OUTCOMES[line.outcome], seconds=took(line)) if took(line) else OUTCOMES[line.outcome]


def certainty(match: Matched) -> str:
    """Return how like the wordings are: `match 0.96`, or that it is the same question, whose likeness is 1."""
    return SAME_QUESTION if match.similarity >= 1 else MATCH.format(similarity=match.similarity)


def reads_alike(first: str, second: str) -> bool:
    """Tell whether two texts differ in spacing and case at most."""
    return first.casefold().split() == second.casefold().split()


def utc(moment: datetime) -> str:
    """Return a moment for readers whose zone is not known: `2026-11-26 at 00:00 UTC`."""
    return f"{moment:%Y-%m-%d} at {moment:%H:%M} UTC"


def offered(offer: Offer, badge: Badge | None = None) -> str:
    """Return the words on a button: under a best-effort answer the frontier model was asked before."""
    return FRONTIER_AGAIN if (offer, badge) == (Offer.ESCALATE, Badge.BEST_EFFORT) else OFFERS[offer]


def until(reply: Caution | Failed) -> str:
    """Return the sentence about a reply's `until`, with `{when}` for the moment; empty when there is none to tell."""
    if reply.until is None:
        return ""
    if isinstance(reply, Caution):
        return RESETS
    return {Cause.ALL_DOWN: TRIES_UNTIL, Cause.RATE_LIMIT: ASK_AGAIN}.get(reply.cause, RESETS)


def cautioned(caution: Caution, when: Callable[[datetime], str] = utc) -> str:
    """Return a caution in one line; `when` writes a moment as the platform's readers see it."""
    return _joined(CONCERNS[caution.concern], caution.text, _until(caution, when))


def failed(reply: Failed, when: Callable[[datetime], str] = utc) -> str:
    """Return a failure in one line; `when` writes a moment as the platform's readers see it."""
    return _joined(reply.text, _until(reply, when))


def _until(reply: Caution | Failed, when: Callable[[datetime], str]) -> str:
    return until(reply).format(when=when(reply.until)) if reply.until else ""


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def ago(question: Question, match: Matched) -> str:
    """Return how old an earlier answer was when the question was asked, such as `2 h ago`."""
    old_s = int((question.asked_at - match.answered_at).total_seconds())
    return next((AGO.format(count=old_s // size, unit=unit) for size, unit in _UNITS if old_s >= size), JUST_NOW)
