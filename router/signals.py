"""A signal: one named rule about a question's wording, which tier it points to and how strongly (pure)."""

import re
from dataclasses import dataclass

from router.types import Tier, Volatility


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule: it speaks when `pattern` occurs in the asking part, `also` occurs too and `unless` does not.

    `reason` is what a person reads under "Why this tier?", as the end of a sentence that begins with "the question".
    `weight` is 1 (a hint) to 6 (settles it). `volatility` is what the answer to such a question is, where the form tells.
    """

    reason: str
    tier: Tier
    weight: int
    pattern: re.Pattern[str]
    also: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    volatility: Volatility | None = None

    def speaks(self, ask: str) -> bool:
        """Whether this signal is present in the lower-case asking part of a message."""
        if self.pattern.search(ask) is None:
            return False
        if self.also is not None and self.also.search(ask) is None:
            return False
        return self.unless is None or self.unless.search(ask) is None


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives that begin and end with a word. Gaps inside them must be bounded, so that a search stays linear."""
    return re.compile(r"(?<![\w-])(?:" + "|".join(alternatives) + r")(?!\w)")


def small(reason: str, weight: int, pattern: str, volatility: Volatility | None, unless: str | None = None) -> Signal:
    """Return a signal for the small model from patterns in words."""
    return Signal(reason, Tier.SMALL, weight, phrases(pattern), None, phrases(unless) if unless else None, volatility)


def frontier(  # noqa: PLR0913 (a row of a table, its two conditions by name)
    reason: str, weight: int, pattern: str, volatility: Volatility | None, *, also: str | None = None, unless: str | None = None
) -> Signal:
    """Return a signal for the frontier model from patterns in words."""
    other, never = (phrases(part) if part else None for part in (also, unless))
    return Signal(reason, Tier.FRONTIER, weight, phrases(pattern), other, never, volatility)


NAMED = re.compile(
    r"(?<![\w.])(?:[a-z]{1,12}(?:-[a-z0-9]{1,12}){1,4}(?<=\d)|[a-z]{2,12}-?\d{1,3}[.-][a-z]{2,6}\d{0,3}|"
    r"[a-z]{2,8}-?\d{1,3}-[a-z]{2,6}|"
    r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}|"
    r"[a-z]{2,10}-?\d{1,3}(?:/\d{1,3}){1,3}|"
    r"(?!rfc-?\d{1,4}(?!\d))[a-z]{2,5}-?\d{4,8}|as ?\d{3,10})(?!\w)"
)
"""Something that has a name of its own: a device, an address, an interface, a ticket, a circuit, an AS."""

HOST = re.compile(
    r"(?<![\w.])(?:[a-z]{1,12}(?:-[a-z0-9]{1,12}){1,4}(?<=\d)|[a-z]{2,12}-?\d{1,3}[.-][a-z]{2,6}\d{0,3}|"
    r"[a-z]{2,8}-?\d{1,3}-[a-z]{2,6})(?!\w|/\d)"
)
"""A device's own name."""

TEAM = phrases(
    "we", "our", "ours", "us", "my", "customers?", "sites?", "here", "wir", "uns\\w*", "notre", "nos", "nous", "nuestr\\w+", "nostr\\w+"
)
"""Words that tie a question to one team's own network."""
