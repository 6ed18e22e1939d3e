"""The health pages go red when nobody works, when the database is gone, and when its schema is not ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import OLDEST_S, Health
from bot.store.database import Database
from bot.store.inbox import Inbox
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

GONE = "postgresql://postgres@127.0.0.1:9/nothing"


@asynccontextmanager
async def pages(database: Database, clock: FakeClock) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    Health(Inbox(database, clock), database).routes(app)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        yield client


async def status(client: TestClient[web.Request, web.Application], path: str) -> tuple[int, str]:
    async with client.get(path) as response:
        body = await response.json()
        assert list(body) == ["status"], "the page tells nothing else"
        return response.status, body["status"]


async def test_an_idle_deployment_is_alive_and_ready(database: Database, clock: FakeClock) -> None:
    async with pages(database, clock) as client:
        assert [await status(client, path) for path in ("/healthz", "/readyz")] == [(200, "ok")] * 2


async def test_a_question_that_nobody_starts_on_turns_it_red(database: Database, clock: FakeClock) -> None:
    inbox = Inbox(database, clock)
    await inbox.add(make_question())
    async with pages(database, clock) as client:
        clock.advance(OLDEST_S)
        assert await status(client, "/healthz") == (200, "ok")
        clock.advance(1)
        assert await status(client, "/healthz") == (503, "questions are waiting")
        assert await status(client, "/readyz") == (200, "ok")
        await inbox.claim(1)
        assert await status(client, "/healthz") == (200, "ok")


async def test_a_worker_that_died_with_a_question_turns_it_red(database: Database, clock: FakeClock) -> None:
    inbox = Inbox(database, clock)
    await inbox.add(make_question())
    await inbox.claim(1)
    async with pages(database, clock) as client:
        clock.advance(OLDEST_S + 1)
        assert await status(client, "/healthz") == (503, "questions are waiting")


async def test_a_question_that_is_to_be_tried_later_is_not_waiting(database: Database, clock: FakeClock) -> None:
    inbox = Inbox(database, clock)
    await inbox.add(make_question())
    (claim,) = await inbox.claim(1)
    await inbox.postpone(claim, 3600, error=False)
    async with pages(database, clock) as client:
        clock.advance(3600)
        assert await status(client, "/healthz") == (200, "ok")


async def test_finished_questions_do_not_wait(database: Database, clock: FakeClock) -> None:
    inbox = Inbox(database, clock)
    await inbox.add(make_question())
    (claim,) = await inbox.claim(1)
    await inbox.finish(claim)
    async with pages(database, clock) as client:
        clock.advance(10 * OLDEST_S)
        assert await status(client, "/healthz") == (200, "ok")


async def test_a_lost_database_turns_both_pages_red(clock: FakeClock) -> None:
    database = Database(GONE)
    async with pages(database, clock) as client:
        assert [await status(client, path) for path in ("/healthz", "/readyz")] == [(503, "database unavailable")] * 2
    await database.close()


async def test_a_database_without_our_schema_takes_no_questions(postgres_url: str, clock: FakeClock) -> None:
    database = Database(postgres_url.rsplit("/", 1)[0] + "/template1")
    async with pages(database, clock) as client:
        assert await status(client, "/readyz") == (503, "database not migrated")
    await database.close()
