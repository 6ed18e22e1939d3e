"""Run-time switches that every process reads: small, durable, by name."""

from sqlalchemy import delete, insert, select

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
        async with self._database.write() as connection:
            await connection.execute(delete(switches).where(switches.c.name == name))
            if value:
                await connection.execute(insert(switches).values(name=name, value=value, set_at=self._clock()))
