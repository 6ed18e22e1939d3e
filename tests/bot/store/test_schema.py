"""A database is brought to this version's schema exactly once."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, select, table

from bot.store import schema
from bot.store.all_tables import metadata
from bot.store.database import Database, database_url
from bot.store.errors import SchemaOutdated, StoreUnavailable
from bot.store.migrations.run import config
from bot.store.money_tables import spending
from bot.store.tables import attempts

OLD_QUESTION = {
    "id": "q_1",
    "kind": "ask",
    "platform": "slack",
    "tenant": "T1",
    "channel": "C1",
    "thread": "",
    "visibility": "public",
    "user": "U1",
    "text": "is cr1 up?",
    "private": False,
    "source_channel": "",
    "source_message": "",
    "parent": "",
    "asked_at": datetime(2026, 11, 1, tzinfo=UTC),
    "recorded_at": datetime(2026, 11, 1, tzinfo=UTC),
}
OLD_ATTEMPT = {
    "question_id": "q_1",
    "tier": "small",
    "target": "a/b",
    "model": "b",
    "outcome": "answered",
    "started_at": datetime(2026, 11, 1, tzinfo=UTC),
    "latency_ms": 1,
    "cost_usd": 250_000_000_000,
    "cost_source": "reported",
    "detail": "",
}


def test_the_known_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == schema.HEAD


async def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata))

    assert await database.read(differences) == []


async def test_attempts_of_an_older_version_are_given_their_payers_and_count_under_the_caps(database_url: str) -> None:
    database = Database(database_url)

    def older(connection: Connection) -> None:
        if not database.is_sqlite:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        command.upgrade(config(connection), "0002")
        for name, row in (("questions", OLD_QUESTION), ("attempts", OLD_ATTEMPT)):
            connection.execute(table(name, *map(column, row)).insert().values(row))

    await database.write(older)
    await schema.migrate(database)
    (row,) = await database.rows(select(attempts))
    assert (row["question_id"], row["tenant"], row["channel"], row["user"]) == ("q_1", "T1", "C1", "U1")
    spent = {(row["whose"], row["tenant"], row["owner"], row["period"]) for row in await database.rows(select(spending))}
    owners = (("deployment", "", ""), ("tenant", "T1", ""), ("channel", "T1", "C1"), ("user", "T1", "U1"))
    assert spent == {(*owner, period) for owner in owners for period in ("2026-11-01", "2026-11")}
    assert {row["usd"] for row in await database.rows(select(spending))} == {Decimal("0.25")}
    await database.close()


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
