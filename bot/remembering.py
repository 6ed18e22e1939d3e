"""What follows an answer: it is indexed, others who wait for it go on, and a share of the cache's hits is audited."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.desk import new_id
from bot.store.entries import Entries
from bot.store.inbox import Inbox
from bot.types import Kind, Question
from router.cache import SemanticCache
from router.types import Answer, Clock, Tier


@dataclass(frozen=True, slots=True)
class Audit:
    """Which hits are audited: those for which `chance`, a number in [0, 1), lies below `share`."""

    share: float
    chance: Callable[[], float]

    def drawn(self) -> bool:
        """Draw for one hit."""
        return self.chance() < self.share


class Remembering:
    """The worker's side of the cache."""

    def __init__(self, cache: SemanticCache, entries: Entries, inbox: Inbox, clock: Clock, audit: Audit) -> None:
        self._cache = cache
        self._entries = entries
        self._inbox = inbox
        self._clock = clock
        self._audit = audit

    async def landed(self, question: Question) -> None:
        """Let those go on who wait for this question's model call. Raises StoreUnavailable."""
        await self._entries.land(question.id)

    async def delivered(self, question: Question, answer: Answer) -> None:
        """Index an answer that is in the store, or draw a hit for the audit. Raises StoreUnavailable."""
        if answer.entry:
            await self._cache.remember(answer.entry, await self._entries.replaced_by(answer.entry))
        if answer.tier is Tier.CACHE and self._audit.drawn():
            key = f"audit/{question.id}"
            audit = replace(question, id=new_id(), kind=Kind.AUDIT, parent=question.id, delivery_key=key, logical_key=key)
            await self._inbox.add(replace(audit, asked_at=self._clock(), reply_url=""))
