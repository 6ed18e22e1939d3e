"""Fixtures that every test may use: a clock, and a database of each kind."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection

from bot.store import schema
from bot.store.all_tables import metadata
from bot.store.database import Database
from tests.fakes.clock import FakeClock

POSTGRES = os.environ.get("SWITCHBOARD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
ON_CI = bool(os.environ.get("CI"))


def skip_or_fail(reason: str) -> None:
    """Skip on a developer's machine that lacks a tool; on CI a missing tool is a failure."""
    if ON_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=6, help="How often the kill test kills a process.")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave out what was imported: looking through that takes a third of a second each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--kills")
    return count


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this test run's own on a real PostgreSQL."""
    name = f"switchboard_test_{os.getpid()}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        skip_or_fail("no PostgreSQL at SWITCHBOARD_TEST_POSTGRES (default 127.0.0.1:5432, user postgres)")
        raise
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'switchboard.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy: migrating one takes 70 ms."""
    path = tmp_path_factory.mktemp("migrated") / "switchboard.sqlite3"

    async def migrate() -> None:
        opened = Database(f"sqlite:///{path}")
        await schema.migrate(opened)
        await opened.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
async def database(database_url: str, migrated_file: Path) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    opened = Database(database_url)
    if opened.path:
        shutil.copyfile(migrated_file, opened.path)
    else:
        await _make_ready(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def ready_postgres_url(postgres_url: str) -> str:
    """The address of a migrated database on PostgreSQL without what earlier tests left in it."""
    opened = Database(postgres_url)
    await _make_ready(opened)
    await opened.close()
    return postgres_url


async def _make_ready(database: Database) -> None:
    """Migrate the database that the tests share, and empty it."""
    await schema.migrate(database)

    def empty(connection: Connection) -> None:
        for table in reversed(metadata.sorted_tables):
            if table.name != "counters":
                connection.execute(table.delete())

    await database.write(empty)
