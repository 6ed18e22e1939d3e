"""One database: its engine, its transactions, and the translation of its errors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.errors import StoreUnavailable

BUSY_TIMEOUT_MS = 5000
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def database_url(url: str) -> URL:
    """Parse `sqlite:///path` or `postgresql://...` and put our driver in. Raises ValueError with one clear line."""
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ValueError("DATABASE_URL is not a URL; it looks like postgresql://user:password@host/name") from error
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise ValueError(f"DATABASE_URL must start with sqlite:/// or postgresql://, not {parsed.drivername}://")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError(
            "DATABASE_URL must name a file, such as sqlite:///switchboard.sqlite3: processes cannot share a database in memory"
        )
    return parsed.set(drivername=driver)


class Database:
    """Opens transactions on SQLite (WAL, one writer at a time) or PostgreSQL.

    SQLite's `synchronous=FULL` makes a commit survive power loss: what was acknowledged is on the disk.
    """

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = create_async_engine(self.url, **({} if self.is_sqlite else {"pool_pre_ping": True, "pool_size": 10}))
        self._writer = asyncio.Lock()
        if self.is_sqlite:
            _prepare_sqlite(self._engine)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Run a read-write transaction, committed on leaving. Raises StoreUnavailable."""
        async with AsyncExitStack() as stack:
            if self.is_sqlite:
                # Waiting here is fair and cheap; SQLite's own busy handler sleeps and is neither.
                await stack.enter_async_context(self._writer)
            yield await stack.enter_async_context(self._transaction("BEGIN IMMEDIATE"))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Run a read-only transaction. Raises StoreUnavailable."""
        async with self._transaction("BEGIN") as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(switchboard_begin=begin)
                async with connection.begin():
                    yield connection
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise StoreUnavailable(type(error).__name__) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Turn off the driver's own transactions, which begin too late, and begin them ourselves."""

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("switchboard_begin", "BEGIN"))

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)
