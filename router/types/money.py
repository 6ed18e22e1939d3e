"""Tokens, prices and costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class CostSource(StrEnum):
    """Where a cost comes from. `reported`: the provider's own token counts; `estimated`: counts or price are ours."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `cached` are the prompt tokens that the provider read from its own cache."""

    prompt: int
    completion: int
    cached: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A model's price: US dollars a million tokens.

    `cached` is for prompt tokens that the provider had in its own cache. `source` is `policy`, `simulated` or the name and version
    of the table that states the price; `as_of` is the day that the policy names, or that the table came onto this machine.
    """

    input: Decimal
    output: Decimal
    cached: Decimal
    source: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars of one call, where the figure comes from, and the price behind it.

    `usd` is None exactly when the source is `unknown`.
    """

    usd: Decimal | None
    source: CostSource
    quote: Quote | None = None


UNKNOWN_COST = Cost(None, CostSource.UNKNOWN)
"""Of a call that told nothing of what it cost."""
