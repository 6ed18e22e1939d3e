"""The policies that were in force, each as its file read."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, insert, select

from bot.store.admin_tables import policies
from bot.store.database import Database
from router.types import Clock


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A policy's text, the SHA-256 of it, and when a process first started with it after another one."""

    digest: str
    text: str
    since: datetime


class PolicyHistory:
    """Keeps each change of the policy. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, text: str) -> None:
        """Keep the policy that a process starts with, unless the newest one reads the same."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        values = {"digest": digest, "text": text.replace("\0", ""), "since": self._clock()}

        def keep(connection: Connection) -> None:
            newest = select(policies.c.digest).order_by(policies.c.id.desc()).limit(1)
            if connection.scalar(newest) != digest:
                connection.execute(insert(policies).values(values))

        await self._database.write(keep)

    async def latest(self, limit: int) -> tuple[KeptPolicy, ...]:
        """Return the last policies, newest first.

        Two processes that start with a new policy at the same moment both note it, and it is returned once.
        """
        wanted = select(policies.c.digest, policies.c.text, policies.c.since).order_by(policies.c.id.desc()).limit(limit)
        kept = [KeptPolicy(**row) for row in await self._database.rows(wanted)]
        return tuple(min(same, key=lambda policy: policy.since) for _, same in groupby(kept, lambda policy: policy.digest))
