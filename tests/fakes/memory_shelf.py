"""The truth about earlier answers in memory, and faults in it on demand."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from router.shelf import Stored
from router.types import Clock, Entry, Query, Tier


@dataclass
class Kept:
    """An answer with how it is found."""

    entry: Entry
    stored: Stored
    expires_at: datetime


@dataclass
class MemoryShelf:
    """A Shelf. With `ignores_scope` it hands out what belongs to others, which the real one never does."""

    clock: Clock
    ignores_scope: bool = False
    kept: dict[str, Kept] = field(default_factory=dict)
    by_question: dict[tuple[str, str], str] = field(default_factory=dict)
    flights: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: int = 0
    """How many candidates of another scope were asked for and not handed out."""

    async def exact(self, scope: str, canonical: str) -> Stored | None:
        kept = self.kept.get(self.by_question.get(self._key(scope, canonical), ""))
        return kept.stored if kept and kept.expires_at > self.clock() else None

    async def fetch(self, scope: str, ids: Sequence[str]) -> tuple[Stored, ...]:
        found = [self.kept[name] for name in ids if name in self.kept and self.kept[name].expires_at > self.clock()]
        mine = [kept for kept in found if self.ignores_scope or kept.entry.scope == scope]
        self.refused += len(found) - len(mine)
        return tuple(kept.stored for kept in mine)

    async def board(self, scope: str, canonical: str, holder: str) -> bool:
        return self.flights.setdefault((scope, canonical), holder) == holder

    async def land(self, holder: str) -> None:
        self.flights = {place: by for place, by in self.flights.items() if by != holder}

    def keep(self, entry: Entry, query: Query, answer: str) -> None:
        """Keep a model's answer."""
        stored = Stored(entry.question_id, query.text, answer, "m", self.clock(), blocked=False, tier=Tier.SMALL)
        self.kept[entry.question_id] = Kept(entry, stored, self.clock() + timedelta(seconds=entry.ttl_s))
        self.by_question[self._key(entry.scope, entry.canonical)] = entry.question_id
        self.flights.pop((entry.scope, entry.canonical), None)

    def block(self, question_id: str) -> None:
        """Take an answer out of service, and keep its question out."""
        kept = self.kept[question_id]
        kept.stored = replace(kept.stored, blocked=True)

    def drop(self, question_id: str) -> None:
        """Take an answer out of service."""
        del self.kept[question_id]

    def _key(self, scope: str, canonical: str) -> tuple[str, str]:
        return ("" if self.ignores_scope else scope, canonical)
