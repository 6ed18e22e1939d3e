"""A rig for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database
from tests.adapters.teams.rig import Rig, rigged
from tests.fakes.teams import FakeTeams


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    async with FakeTeams() as teams, rigged(teams, database) as made:
        yield made
    await database.close()
