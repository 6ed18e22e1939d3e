"""Run-time switches that every process reads: small, durable, by name."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.tables import switches
from router.types import Clock


class Switches:
    """Named values that outlive processes. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self, prefix: str) -> dict[str, str]:
        """Return the switches whose names start with `prefix`."""
        wanted = select(switches.c.name, switches.c.value).where(switches.c.name.startswith(prefix, autoescape=True))
        async with self._database.read() as connection:
            return {name: value for name, value in (await connection.execute(wanted)).all()}  # noqa: C416 (dict() of rows is untyped)

    async def set(self, name: str, value: str) -> None:
        """Set a switch; an empty value removes it."""
        try:
            await self._put(name, value)
        except IntegrityError:
            # Another process made the same switch at the same moment, so now it is there to be changed.
            await self._put(name, value)

    async def _put(self, name: str, value: str) -> None:
        mine = switches.c.name == name
        async with self._database.write() as connection:
            if not value:
                await connection.execute(delete(switches).where(mine))
                return
            values = {"value": value, "set_at": self._clock()}
            changed = await connection.execute(update(switches).where(mine).values(values))
            if not changed.rowcount:
                await connection.execute(insert(switches).values(values | {"name": name}))
