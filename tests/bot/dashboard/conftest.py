"""The dashboard over a fresh SQLite file, nobody signed in and somebody signed in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database
from tests.fakes.admin_site import AdminSite, admin_site
from tests.fakes.clock import FakeClock


@pytest.fixture
async def site(tmp_path: Path, clock: FakeClock) -> AsyncIterator[AdminSite]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    async with admin_site(database, clock) as running:
        yield running
    await database.close()


@pytest.fixture
async def admin(site: AdminSite) -> AdminSite:
    """The site with somebody signed in."""
    assert (await site.sign_in()).status == 303
    return site
