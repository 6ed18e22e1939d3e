"""A database is brought to this version's schema exactly once."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store import schema
from bot.store.all_tables import metadata
from bot.store.database import Database, database_url
from bot.store.errors import SchemaOutdated, StoreUnavailable
from bot.store.migrations.run import config


def test_the_known_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == schema.HEAD


async def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata))

    assert await database.read(differences) == []


async def test_four_processes_may_migrate_at_once(tmp_path: Path) -> None:
    async def start() -> str | None:
        database = Database(f"sqlite:///{tmp_path / 'new' / 'switchboard.sqlite3'}")
        await schema.require(database)
        revision = await schema.current(database)
        await database.close()
        return revision

    revisions = await asyncio.gather(*(asyncio.to_thread(lambda: asyncio.run(start())) for _ in range(4)))
    assert revisions == [schema.HEAD] * 4


async def test_a_postgresql_database_is_not_migrated_behind_its_owner_s_back(postgres_url: str) -> None:
    database = Database(postgres_url.rsplit("/", 1)[0] + "/template1")
    with pytest.raises(SchemaOutdated, match="switchboard migrate"):
        await schema.require(database)
    await database.close()


async def test_a_server_that_is_not_there_is_told_apart_from_an_empty_database() -> None:
    database = Database("postgresql://postgres@127.0.0.1:9/nothing")
    with pytest.raises(StoreUnavailable):
        await schema.current(database)
    await database.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "switchboard.sqlite3"
    path.write_bytes(b"not a database " * 1000)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable):
        await schema.require(database)
    await database.close()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", ""])
def test_an_address_of_another_kind_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ValueError, match=r"DATABASE_URL .*postgresql://") as refused:
        database_url(url)
    assert "\n" not in str(refused.value)
