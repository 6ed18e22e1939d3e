"""A kind of thing that a routine question asks about, and the names by which things are called in it (pure)."""

import re
from dataclasses import dataclass

from router.signals import NAMED, phrases
from router.types import Volatility

LIVE, CONFIG = Volatility.LIVE, Volatility.CONFIG

INSTANCE = re.compile(
    NAMED.pattern + r"|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]{0,4}|[a-z]{2,24}-?\d{1,3}(?:/\d{1,3}){1,3}(?!\w)|"
    r"(?<![\w.])[a-z]{1,12}\.[a-z]{2,14}(?=[ ?,]|$)|(?<!\w)[a-z]{2,12}(?:_[a-z0-9]{1,12}){1,3}|"
    r"(?<![\w.])(?!rfc|sha|aes)[a-z]{3,8}\d{4,8}(?!\w)"
)
"""One thing with a name: what NAMED knows, and addresses of IPv6, interfaces written in full, and accounts."""

ADDRESS = re.compile(
    r"(?<![\w.])(?!255\.|0\.)(?:\d{1,3}\.){3}(?!0\b)\d{1,3}(?![\w.]|/\d)|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]{0,4}|"
    r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"
)
"""The address of one host: of IPv4 (no network, no mask), IPv6 or a card."""

ADDRESSES = re.compile(ADDRESS.pattern + r"|(?:\d{1,3}\.){3}\d{1,3}|(?<!\w)as ?\d{3,10}(?!\w)|::")
"""Any address, network or AS."""
BLOCK = re.compile(
    r"(?:\d{1,3}\.){3}0(?!\d)|(?:\d{1,3}\.){3}\d{1,3} (?:\d{1,3}\.){3}\d{1,3}|"
    r"(?<![a-z/-]\d)(?<![a-z/-]\d\d)/\s?\d{1,3}(?!\d|/)|(?<!\w)(?:prefix(?:es)?|subnets?|supernets?|blocks?|ranges?|aggregates?|"
    r"address space)(?!\w)"
)
"""A network, by its mask, its last zero or its name."""
TICKET_ID = re.compile(
    r"(?<![\w-])(?:inc|chg|crq|req|ritm|sctask|task|prb|case|cs|tt|tkt|ticket|sr|noc|ops|sd|ir|cm|wo|im)[-_# ]?\d{3,9}(?!\w)"
)
"""A ticket by the prefixes that ticket tools give."""
AS = re.compile(r"(?<!\w)as ?\d{3,10}(?!\w)")
"""A network by its AS number."""

MOMENT = (
    r"right now|now|at (?:the|this) moment|currently|this (?:minute|morning|afternoon|evening|shift)|today|tonight|"
    r"up|down|established|flapping|still (?:there|up|down)|yet|anymore"
)
"""What makes a question of a fact a question of this moment."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing asked about: it is meant when `pattern` and `also` occur and `unless` does not."""

    volatility: Volatility
    pattern: re.Pattern[str]
    also: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def is_meant(self, ask: str) -> bool:
        """Whether the lower-case asking part of a message is about this kind of thing."""
        if self.pattern.search(ask) is None or (self.also is not None and self.also.search(ask) is None):
            return False
        return self.unless is None or self.unless.search(ask) is None


def kind(volatility: Volatility, pattern: str, *, also: re.Pattern[str] | None = None, unless: str | None = None) -> Kind:
    """Return a kind of thing from patterns in words."""
    return Kind(volatility, phrases(pattern), also, phrases(unless) if unless else None)
