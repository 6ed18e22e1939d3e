"""How fast a person asks."""

from datetime import timedelta

from sqlalchemy import and_, func, select

from bot.store.database import Database
from bot.store.tables import inbox
from bot.types import Kind, Question

ASKED = tuple(kind.value for kind in (Kind.ASK, Kind.SMALL, Kind.ESCALATE, Kind.LIVE))


class Pace:
    """Counts what a person asked. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def before(self, question: Question, window: timedelta, most: int) -> int:
        """Return how much the person had asked in the time before a question came in, counted up to `most`."""
        (mine,) = await self._database.rows(select(inbox.c.seq, inbox.c.created_at).where(inbox.c.id == question.id))
        theirs = and_(inbox.c.tenant == question.conversation.tenant, inbox.c.user == question.user, inbox.c.kind.in_(ASKED))
        earlier = and_(inbox.c.seq < mine["seq"], inbox.c.created_at > mine["created_at"] - window)
        counted = select(inbox.c.seq).where(theirs, earlier).limit(most).subquery()
        return int(await self._database.value(select(func.count()).select_from(counted)))
