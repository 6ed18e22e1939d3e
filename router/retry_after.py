"""How long a provider asks to be left alone: the Retry-After header (RFC 9110, section 10.2.3) and its cousins."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 60.0
"""A provider that asks for more is asked again after this: some send a day where they mean a moment."""

MILLISECONDS = "retry-after-ms"
"""Azure's and OpenAI's header beside the standard one, and more exact."""


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds to wait by a response's headers (names in lower case), at most LONGEST_S; None when they say nothing usable."""
    exact = _number(headers.get(MILLISECONDS, ""))
    said = headers.get("retry-after", "").strip()
    wait_s = exact / 1000 if exact is not None else _number(said)
    if wait_s is None:
        wait_s = _until(said, now)
    return None if wait_s is None or wait_s < 0 else min(wait_s, LONGEST_S)


def _number(said: str) -> float | None:
    try:
        number = float(said)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _until(said: str, now: datetime) -> float | None:
    """Return the seconds from now to an HTTP date; a date in the past is no wait."""
    try:
        then = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return max((then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds(), 0.0)
