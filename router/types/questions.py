"""What the router is asked: queries and their scope, and what is decided about them."""

import json
from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """Where an answer comes from, cheapest first."""

    CACHE = "cache"
    SMALL = "small"
    FRONTIER = "frontier"


class Volatility(StrEnum):
    """How fast an answer ages: state of the network now, configuration, or general knowledge."""

    LIVE = "live"
    CONFIG = "config"
    STABLE = "stable"


class Mode(StrEnum):
    """Whether routing decides (`on`), only records what it would have done (`shadow`), or is not asked (`off`)."""

    ON = "on"
    SHADOW = "shadow"
    OFF = "off"


class Visibility(StrEnum):
    """Who can see the conversation that a query was asked in."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who may be served an answer: everybody of a tenant, the members of one private channel, or one person.

    `owner` is empty for public, the channel's id for private, and the user's id for direct.
    """

    tenant: str
    visibility: Visibility
    owner: str = ""

    @property
    def key(self) -> str:
        """The scope as one string; different scopes have different keys, whatever their ids hold."""
        return json.dumps((self.tenant, self.visibility.value, self.owner))


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation, oldest first; `assistant` is true for our own answers."""

    text: str
    assistant: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What the router is asked: the text, its scope, and the bounds that the caller sets.

    `id` is the question's, which an answer to it is remembered by. `forced` is a tier that a person or a channel's policy
    asked for, and with `strict` no other tier will do; `ceiling` is the dearest tier that may be used. `fresh`: no earlier
    answer will do.
    """

    text: str
    scope: Scope
    context: tuple[Turn, ...] = ()
    mode: Mode = Mode.ON
    forced: Tier | None = None
    strict: bool = False
    ceiling: Tier = Tier.FRONTIER
    fresh: bool = False
    id: str = ""
    user: str = ""

    @property
    def least(self) -> Tier:
        """Return the tier below which no earlier answer will do: a channel that asks for the frontier model means its answers, too."""
        return Tier.FRONTIER if self.forced is self.ceiling is Tier.FRONTIER else Tier.SMALL


@dataclass(frozen=True, slots=True)
class Decision:
    """The cheapest tier expected to answer well (`small` or `frontier`), how fast the answer ages, and why, in words."""

    tier: Tier
    volatility: Volatility
    reasons: tuple[str, ...]
