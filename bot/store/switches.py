"""Run-time switches that every process reads: small, durable, by name."""

import json
import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.tables import switches
from router.types import Clock

INDEX_REMOVE = "index.remove."
"""A switch for each list of answers, as JSON, that the vector index is to let go of."""
INDEX_ADD = "index.add."
"""A switch for each list of answers, as JSON, that the vector index is to take in."""


class Switches:
    """Named values that outlive processes. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self, prefix: str) -> dict[str, str]:
        """Return the switches whose names start with `prefix`."""
        wanted = select(switches.c.name, switches.c.value).where(switches.c.name.startswith(prefix, autoescape=True))
        return {row["name"]: row["value"] for row in await self._database.rows(wanted)}

    async def set(self, name: str, value: str) -> None:
        """Set a switch; an empty value removes it."""
        try:
            await self._put(name, value)
        except IntegrityError:
            # Another process made the same switch at the same moment, so now it is there to be changed.
            await self._put(name, value)

    async def take(self, name: str, value: str) -> bool:
        """Set a switch to a value that it does not have; False when it has it, so that of several processes one alone is told True."""
        mine, values = switches.c.name == name, {"value": value, "set_at": self._clock()}

        def take(connection: Connection) -> bool:
            if connection.execute(update(switches).where(mine, switches.c.value != value).values(values)).rowcount:
                return True
            if connection.execute(select(switches.c.name).where(mine)).first():
                return False
            connection.execute(insert(switches).values(values | {"name": name}))
            return True

        try:
            return await self._database.write(take)
        except IntegrityError:
            return False

    async def let_go(self, ids: Sequence[str]) -> None:
        """Have whoever owns the vector index, now or next, take these answers out of it."""
        if ids:
            await self.set(INDEX_REMOVE + secrets.token_hex(4), json.dumps(list(ids)))

    async def _put(self, name: str, value: str) -> None:
        mine, values = switches.c.name == name, {"value": value, "set_at": self._clock()}

        def put(connection: Connection) -> None:
            if not value:
                connection.execute(delete(switches).where(mine))
            elif not connection.execute(update(switches).where(mine).values(values)).rowcount:
                connection.execute(insert(switches).values(values | {"name": name}))

        await self._database.write(put)
