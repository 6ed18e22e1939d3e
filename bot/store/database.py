"""One database: its engine, its transactions, and the translation of its errors."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, RowMapping, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store.errors import StoreUnavailable

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5000
LOCK_POLL_S = 0.0005
READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"
READERS = 8
CONNECT_S = 5
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def database_url(url: str) -> URL:
    """Parse `sqlite:///path` or `postgresql://...` and put our driver in. Raises ValueError with one clear line."""
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ValueError("DATABASE_URL is not a URL; it looks like postgresql://user:password@host/name") from error
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise ValueError(f"DATABASE_URL must start with sqlite:/// or postgresql://, not {parsed.drivername}://")
    if driver == _DRIVERS["sqlite"] and parsed.database in (None, "", ":memory:"):
        raise ValueError("DATABASE_URL must name a file, such as sqlite:///switchboard.sqlite3: processes cannot share one in memory")
    return parsed.set(drivername=driver)


class Database:
    """Runs transactions on SQLite (WAL, one writer at a time) or PostgreSQL.

    A transaction is a function of a connection that runs whole in a thread: it holds its locks no longer than its own
    statements take, however busy the event loop is.

    A `durable` SQLite commit survives power loss: what was acknowledged is on the disk. Otherwise it survives the death of
    every process, and after power loss the last answers are given again: a worker's many small writes need not wait for the
    disk, nor keep the ingress waiting.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        server = {} if self.is_sqlite else {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_S}}
        self._engine = create_engine(self.url, pool_size=READERS + 1, pool_use_lifo=True, **server)
        self._to_write = self._engine.execution_options(switchboard_begin=WRITE)
        self._readers = ThreadPoolExecutor(READERS, "database")
        self._writers = ThreadPoolExecutor(1, "database-writer") if self.is_sqlite else self._readers
        if self.is_sqlite:
            _prepare_sqlite(self._engine, "FULL" if durable else "NORMAL")

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a read-write transaction, committed when `work` returns. Raises StoreUnavailable, and IntegrityError."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._transact, self._to_write, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a read-only transaction. Raises StoreUnavailable."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._transact, self._engine, work)

    async def rows(self, wanted: Executable) -> Sequence[RowMapping]:
        """Return the rows of a query."""
        return await self.read(lambda connection: connection.execute(wanted).mappings().all())

    async def value(self, wanted: Executable) -> Any:
        """Return the first column of a query's first row, or None."""
        return await self.read(lambda connection: connection.scalar(wanted))

    async def change(self, statement: Executable) -> int:
        """Run one writing statement in a transaction of its own and return how many rows it touched."""
        return await self.write(lambda connection: connection.execute(statement).rowcount)

    def _transact(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        try:
            with engine.begin() as connection:
                return work(connection)
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeout, OSError, sqlite3.Error) as error:
            raise StoreUnavailable(type(error).__name__) from error

    async def close(self) -> None:
        """Let running transactions end, and close every connection."""
        for threads in (self._writers, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self._engine.dispose()


def _prepare_sqlite(engine: Engine, synchronous: str) -> None:
    """Turn off the driver's own transactions, which begin too late, and begin them ourselves."""

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        with contextlib.closing(connection.connection.cursor()) as cursor:
            if connection.get_execution_options().get("switchboard_begin") == WRITE:
                _begin_writing(cursor)
            else:
                cursor.execute(READ)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _begin_writing(cursor: DBAPICursor) -> None:
    """Take the write lock as soon as it is free. Raises sqlite3.OperationalError.

    SQLite's own waiting asks again after up to 100 ms: beside a busy worker an acknowledgement would miss many turns.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                cursor.execute(WRITE)
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # the low byte of an extended code
                if not is_busy or time.monotonic() > until:
                    raise
                time.sleep(LOCK_POLL_S)
            else:
                return
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
