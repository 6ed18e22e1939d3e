"""When a question that no model could answer is tried again, and until when."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.replies import Cause
from bot.store.inbox import Claim
from bot.store.result import Result
from bot.types import Kind

FIRST_S = 5.0
LONGEST_S = 120.0
"""What fails for long is asked every two minutes; the first model that answers anybody wakes the rest."""
JITTER = 0.25
"""Waits differ by this share, so that what failed together does not come back together."""
LAST_S = 1.0
"""With less of the window left, there is no other try."""


@dataclass(frozen=True, slots=True)
class Again:
    """Another try after so many seconds; the message says until when there will be any."""

    seconds: float
    until: datetime


def next_try(claim: Claim, result: Result, now: datetime, window_s: float) -> Again | None:
    """Return when a failed question is tried again; None where that is over, or could not help."""
    failure = result.failure
    if failure is None or failure.cause is not Cause.ALL_DOWN or claim.question.kind is Kind.AUDIT:
        return None
    until = claim.retry_until or now + timedelta(seconds=window_s)
    left = (until - now).total_seconds()
    return Again(min(pause_s(claim.tries), left), until) if left > LAST_S else None


def pause_s(tries: int) -> float:
    """Return the seconds until the next try after so many earlier ones: twice as long each time, give or take."""
    pause = min(FIRST_S * 2.0 ** min(tries, 16), LONGEST_S)
    return pause * (1 + JITTER * (2 * random.random() - 1))  # noqa: S311 (no secret)


def kept(result: Result, again: Again) -> Result:
    """Return the result of a question that is tried again, which says so."""
    return replace(result, failure=replace(result.failure, until=again.until) if result.failure else None)
