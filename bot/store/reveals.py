"""The audit trail of the dashboard: who had which question's text shown, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.store.admin_tables import reveals
from bot.store.database import Database
from bot.store.sessions import Session
from router.types import Clock


@dataclass(frozen=True, slots=True)
class Reveal:
    """A person had a question's text shown on a page."""

    session: str
    name: str
    question_id: str
    page: str
    at: datetime


class Reveals:
    """Keeps every reveal. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, session: Session, question_id: str, page: str) -> None:
        """Note that a session is about to be shown a question; it must be noted before it is shown."""
        values = {"session": session.id, "name": session.name, "question_id": question_id, "page": page, "at": self._clock()}
        await self._database.change(insert(reveals).values(values))

    async def of(self, session: Session, question_ids: Collection[str]) -> frozenset[str]:
        """Return which of these questions a session has been shown."""
        wanted = select(reveals.c.question_id).where(reveals.c.session == session.id, reveals.c.question_id.in_(question_ids))
        return frozenset(row["question_id"] for row in await self._database.rows(wanted))

    async def latest(self, limit: int) -> tuple[Reveal, ...]:
        """Return the last reveals of everybody, newest first."""
        columns = (reveals.c.session, reveals.c.name, reveals.c.question_id, reveals.c.page, reveals.c.at)
        wanted = select(*columns).order_by(reveals.c.id.desc()).limit(limit)
        return tuple(Reveal(**row) for row in await self._database.rows(wanted))
