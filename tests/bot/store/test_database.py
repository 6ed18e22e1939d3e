"""SQLite's one write lock: waited for, given up in time, and no business of readers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import database as module
from bot.store.database import Database
from bot.store.errors import StoreUnavailable

ADD = text("INSERT INTO items VALUES (1)")
COUNT = text("SELECT count(*) FROM items")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    await opened.change(text("CREATE TABLE items (id INTEGER)"))
    yield opened
    await opened.close()


@pytest.fixture
def other(database: Database) -> Iterator[sqlite3.Connection]:
    """Another process's connection, which holds the write lock."""
    connection = sqlite3.connect(str(database.path), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


async def test_a_write_waits_for_the_lock_and_goes_through_when_it_is_free(database: Database, other: sqlite3.Connection) -> None:
    writing = asyncio.create_task(database.change(ADD))
    await asyncio.sleep(0.05)
    assert not writing.done()
    other.execute("COMMIT")
    assert await writing == 1


async def test_a_lock_that_is_never_free_is_a_store_that_is_unavailable(
    database: Database, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    with pytest.raises(StoreUnavailable):
        await database.change(ADD)
    other.execute("COMMIT")
    assert await database.change(ADD) == 1


@pytest.mark.usefixtures("other")
async def test_readers_do_not_wait_for_the_lock(database: Database) -> None:
    assert await database.value(COUNT) == 0


async def test_after_a_write_a_connection_waits_for_whatever_else_it_needs(database: Database) -> None:
    await database.change(ADD)
    assert await database.value(text("PRAGMA busy_timeout")) == module.BUSY_TIMEOUT_MS
    assert await database.write(lambda connection: connection.scalar(text("PRAGMA busy_timeout"))) == module.BUSY_TIMEOUT_MS


async def test_a_write_that_cannot_begin_for_another_reason_does_not_wait(database: Database, tmp_path: Path) -> None:
    await database.close()
    (tmp_path / "one.sqlite3").write_bytes(b"this is no database" * 100)
    broken = Database(database.url.render_as_string(hide_password=False).replace("+pysqlite", ""))
    with pytest.raises(StoreUnavailable):
        await broken.change(ADD)
    await broken.close()
