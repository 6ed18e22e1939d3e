"""The dashboard part of `switchboard bench`: how long its overview takes, over HTTP, among so many questions."""

import re
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.bench.history import History
from bot.bench.latency import Latency, timed
from bot.config import SettingsError
from bot.dashboard.app import Dashboard
from bot.dashboard.door import LOGIN
from bot.dashboard.frame import PREFIX
from bot.dashboard.periods import DAYS
from bot.deployment import utc_now
from bot.store import schema
from bot.store.bulk_history import gather_statistics, write_history
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.store import make_store
from router.evals_policy import EvalsPolicy

CALLS = 30
PART_S = 60.0
NOT_EMPTY = "the bench fills a database with made-up questions: name one that has none"

Report = Callable[[str], None]
"""Told what is being done."""


@dataclass(frozen=True, slots=True)
class PageTime:
    """How long the overview of a period takes: the first after a start, which has read the days that are over, and then.

    The questions are of the last 30 days.
    """

    days: int
    first_ms: float
    taken: Latency


@dataclass(frozen=True, slots=True)
class Pages:
    """The overview of each period, among so many questions on a kind of database."""

    questions: int
    database: str
    overview: tuple[PageTime, ...]


async def run_dashboard(questions: int, url: str, report: Report) -> Pages:
    """Fill a database, an empty one that is named or a SQLite file of its own, and time the overview. Raises SettingsError."""
    with tempfile.TemporaryDirectory(prefix="switchboard-bench-", ignore_cleanup_errors=True) as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'bench.sqlite3'}", durable=False)
        try:
            await schema.migrate(database)
            if await Inbox(database, utc_now).counts():
                raise SettingsError(NOT_EMPTY)
            await _fill(database, questions, report)
            report("timing the overview")
            return Pages(questions, "SQLite" if database.is_sqlite else "PostgreSQL", await _measure(database))
        finally:
            await database.close()


async def _fill(database: Database, questions: int, report: Report) -> None:
    filled = 0
    for batch in History(questions, utc_now()).batches():
        await write_history(database, batch)
        filled += len(batch)
        report(f"filling: {filled:,} of {questions:,} questions")
    await gather_statistics(database)


async def _measure(database: Database) -> tuple[PageTime, ...]:
    measured = []
    for days in DAYS:
        async with _signed_in(database) as client:
            first = await timed(partial(_shows, client), [days], within_s=PART_S)
            measured.append(PageTime(days, first.max_ms, await timed(partial(_shows, client), [days] * CALLS, within_s=PART_S)))
    return tuple(measured)


async def _shows(client: aiohttp.ClientSession, days: int) -> bool:
    async with client.get(f"{PREFIX}?days={days}", allow_redirects=False) as response:
        await response.read()
        return response.status == 200  # noqa: PLR2004 (HTTP's OK)


@asynccontextmanager
async def _signed_in(database: Database) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve the dashboard on a free port, and yield a client that has signed in."""
    token, app = secrets.token_urlsafe(32), web.Application()
    dashboard = Dashboard(make_store(database, utc_now), token, EvalsPolicy(), utc_now, here_only=True)
    dashboard.add_to(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        jar = aiohttp.CookieJar(unsafe=True)  # an address instead of a name
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}", cookie_jar=jar) as client:
            async with client.get(LOGIN) as page:
                form_token = re.findall(r'name="form_token" value="(\w+)"', await page.text())[0]
            async with client.post(LOGIN, data={"form_token": form_token, "token": token, "name": "bench"}) as response:
                response.raise_for_status()
            await dashboard.warm()
            yield client
    finally:
        await runner.cleanup()
        await dashboard.close()
