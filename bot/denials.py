"""What people are told when a tier may not be called: whose cap is used up, by how much and until when, or that it is paused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.replies import Cause, Caution, Concern, Failed, Offer
from router.caps import Cap, Span, Whose
from router.types import Tier

USED_UP = "{whose} budget for {span} is used up ({amount})"
FRONTIER_USED_UP = "{whose} budget for the frontier model is used up for {span} ({amount}; the last ${kept} are the small model's)"
SMALL_ANSWERED = "{used_up}, so the small model answered."
STOPPED = "{used_up}."
PAUSED = "An operator has paused it{reason}, so the small model answered."
PAUSED_ALONE = "An operator has paused the frontier model{reason}."
WHOSE: Mapping[Whose, str] = {
    Whose.DEPLOYMENT: "This deployment's",
    Whose.TENANT: "This workspace's",
    Whose.CHANNEL: "This channel's",
    Whose.USER: "Your",
}
SPANS: Mapping[Span, str] = {Span.DAY: "today", Span.MONTH: "this month"}


@dataclass(frozen=True, slots=True)
class CapUse:
    """How far a cap is used, and when it starts anew."""

    cap: Cap
    used: Decimal
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class Denial:
    """A tier that may not be called: `use` is the cap that is used up; without one the tier is paused, for the operator's `reason`."""

    tier: Tier
    use: CapUse | None = None
    reason: str = ""


def cautioned_by(denial: Denial, *, operators: bool) -> Caution:
    """Return what stands above the small model's answer where the frontier model may not be asked; `operators` can be asked for more."""
    if denial.use is None:
        return Caution(Concern.PAUSED, PAUSED.format(reason=_reason(denial)))
    text = SMALL_ANSWERED.format(used_up=used_up(denial.tier, denial.use))
    return Caution(Concern.BUDGET, text, denial.use.resets_at, _more(operators=operators))


def failed_by(denial: Denial, *, small_is_left: bool, operators: bool) -> Failed:
    """Return why nobody may be asked; `small_is_left`: the small model may be, if the asker wants it. `operators` can be asked for more."""
    small = (Offer.ASK_SMALL,) if small_is_left else ()
    if denial.use is None:
        return Failed(PAUSED_ALONE.format(reason=_reason(denial)), Cause.PAUSED, offers=small)
    text = STOPPED.format(used_up=used_up(denial.tier, denial.use))
    return Failed(text, Cause.BUDGET, denial.use.resets_at, (*small, *_more(operators=operators)))


def _more(*, operators: bool) -> tuple[Offer, ...]:
    return (Offer.REQUEST_BUDGET,) if operators else ()


def used_up(tier: Tier, use: CapUse) -> str:
    """Return whose cap is used up, with the amounts."""
    cap = use.cap
    said = FRONTIER_USED_UP if tier is Tier.FRONTIER and cap.kept_for_small else USED_UP
    return said.format(whose=WHOSE[cap.whose], span=SPANS[cap.span], amount=amount(use), kept=f"{cap.kept_for_small:.2f}")


def amount(use: CapUse) -> str:
    """Return how much of a cap is used: `$19.98 of $20.00`, with as many digits as a small cap needs."""
    digits = max(2, 1 - use.cap.usd.adjusted())
    return f"${use.used:.{digits}f} of ${use.cap.usd:.{digits}f}"


def _reason(denial: Denial) -> str:
    return f" ({denial.reason})" if denial.reason else ""
