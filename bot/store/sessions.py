"""Who is signed in to the dashboard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from bot.store.admin_tables import sessions
from bot.store.database import Database
from router.types import Clock

LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """A person at the dashboard. `id` is not the cookie, only what the cookie leads to; `name` is what the person said."""

    id: str
    name: str
    opened_at: datetime
    expires_at: datetime


class Sessions:
    """Opens, finds and closes sessions; every ingress process knows them. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self, session_id: str, name: str) -> Session:
        """Keep a new session, and let go of those that have run out."""
        now = self._clock()
        session = Session(session_id, name, now, now + LASTS)

        def keep(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(insert(sessions).values(id=session.id, name=name, opened_at=now, expires_at=session.expires_at))

        await self._database.write(keep)
        return session

    async def find(self, session_id: str) -> Session | None:
        """Return a session that has not run out."""
        wanted = select(sessions).where(sessions.c.id == session_id, sessions.c.expires_at > self._clock())
        rows = await self._database.rows(wanted)
        return Session(**rows[0]) if rows else None

    async def close(self, session_id: str) -> None:
        """End a session."""
        await self._database.change(delete(sessions).where(sessions.c.id == session_id))
