"""The ports round the cache: what the router asks of it, and where it reads the truth about earlier answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from router.types import Entry, Match, Query, Source, Tier, Usage


@dataclass(frozen=True, slots=True)
class Stored:
    """An earlier answer as the store has it, with the tier that gave it.

    `blocked`: it was flagged and may not be served until it is reviewed. `usage` is what it took of its model, None where that is
    not known.
    """

    question_id: str
    question: str
    answer: str
    model: str
    answered_at: datetime
    blocked: bool
    tier: Tier
    usage: Usage | None = None
    sources: tuple[Source, ...] = ()


class Shelf(Protocol):
    """The truth about earlier answers: what may still be served, and to whom. Lives in SQL."""

    async def exact(self, scope: str, canonical: str) -> Stored | None:
        """Return the newest answer of this scope to this very question that may be served, or is blocked."""

    async def fetch(self, scope: str, ids: Sequence[str]) -> tuple[Stored, ...]:
        """Return those of these answers that belong to this scope and may be served, or are blocked, in the order of `ids`."""

    async def board(self, scope: str, canonical: str, holder: str) -> bool:
        """Take the one place for a model call to this question; False while another holds it."""

    async def land(self, holder: str) -> None:
        """Give the place for a model call back."""


@dataclass(frozen=True, slots=True)
class Grey:
    """An earlier answer that no rule keeps from serving a query, but whose wording the rules cannot settle."""

    stored: Stored
    match: Match


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up brought. `stored` is None on a miss; `entry` is None when the answer must not be remembered.

    `grey` is the likeliest answer that a judge may still let through.
    """

    stored: Stored | None
    match: Match | None
    entry: Entry | None
    grey: Grey | None = None


NOTHING = Found(None, None, None)


class Cache(Protocol):
    """Earlier answers, as the router asks for them."""

    async def look_up(self, query: Query, ttl_s: int, *, patience_s: float) -> Found:
        """Return the earlier answer that fits a query, or how to remember the one to come."""
