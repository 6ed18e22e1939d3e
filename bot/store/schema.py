"""Brings a database to this version's schema, or says that it is not there."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store.database import Database
from bot.store.errors import SchemaOutdated, StoreUnavailable

HEAD = "0010"
"""The newest migration; a test compares it with the migrations folder. Knowing it here spares a start-up Alembic's import."""


async def current(database: Database) -> str | None:
    """Return the revision that a database is at; None when it is empty. Raises StoreUnavailable."""
    try:
        revision: str | None = await database.value(text("SELECT version_num FROM alembic_version"))
    except StoreUnavailable as error:
        if isinstance(error.__cause__, DBAPIError) and "alembic_version" in str(error.__cause__.orig):
            return None
        raise
    return revision


async def require(database: Database) -> None:
    """Make sure that a database can be used: SQLite is made and migrated, another must have been. Raises SchemaOutdated."""
    if database.path:
        database.path.parent.mkdir(parents=True, exist_ok=True)
    if await current(database) == HEAD:
        return
    if not database.is_sqlite:
        raise SchemaOutdated("the database is not at this version's schema: run `switchboard migrate`")
    await migrate(database)


async def migrate(database: Database) -> None:
    """Apply what is missing. Two processes may call this at once."""
    from bot.store.migrations.run import upgrade  # noqa: PLC0415 (Alembic is slow to import and rarely needed)

    with _one_at_a_time(database.path):
        if await current(database) != HEAD:
            await database.write(upgrade)


@contextmanager
def _one_at_a_time(path: Path | None) -> Iterator[None]:
    """Hold a lock file beside a SQLite file; PostgreSQL's own lock is taken in the migration's transaction."""
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".migrate").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
