"""The chat page's transcript: each change gets the next revision, and nobody who reads along misses one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.store.database import Database
from bot.store.transcript import Entry, Transcript

AT = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
EACH = 25
"""Messages of each writer in the race."""


@pytest.fixture
def transcript(database: Database) -> Transcript:
    return Transcript(database)


@pytest.fixture
async def other(transcript: Transcript, database_url: str) -> AsyncIterator[Transcript]:
    """The same transcript in another process's hands."""
    opened = Database(database_url)
    yield Transcript(opened)
    await opened.close()


def entry(entry_id: str, *, visible_to: str = "", body: str = "{}") -> Entry:
    return Entry(entry_id, "noc", "", "ana", visible_to, body, AT)


async def changes(transcript: Transcript, since: int = 0, user: str = "ana", limit: int = 200) -> list[str]:
    return [one.id for one in await transcript.since(since, user, limit)]


async def start(transcript: Transcript) -> int:
    """Put an entry and return its revision; the counter goes on from test to test."""
    await transcript.put(entry("start"))
    started = await transcript.get("start")
    assert started is not None
    return started.revision


async def test_an_entry_comes_back_as_it_was_put(transcript: Transcript) -> None:
    put = Entry("e1", "noc", "root", "ana", "bob", '{"text": "cr1 → cr2"}', AT, question="q1", deleted=True)
    await transcript.put(put)
    got = await transcript.get("e1")
    assert got is not None
    assert replace(got, revision=0) == put


async def test_an_entry_that_nobody_put_is_not_there(transcript: Transcript) -> None:
    assert await transcript.get("e1") is None


async def test_the_caller_s_revision_is_not_taken(transcript: Transcript) -> None:
    at = await start(transcript)
    await transcript.put(replace(entry("e1"), revision=10**6))
    assert [one.revision for one in await transcript.since(at, "ana")] == [at + 1]


async def test_a_changed_entry_is_replaced_and_moves_to_the_end(transcript: Transcript) -> None:
    at = await start(transcript)
    for each in (entry("e1"), entry("e2"), entry("e1", body='{"text": "edited"}')):
        await transcript.put(each)
    assert [(one.id, one.body, one.revision) for one in await transcript.since(at, "ana")] == [
        ("e2", "{}", at + 2),
        ("e1", '{"text": "edited"}', at + 3),
    ]


async def test_a_reader_gets_what_changed_after_the_last_revision_seen(transcript: Transcript) -> None:
    at = await start(transcript)
    for name in ("e1", "e2", "e3"):
        await transcript.put(entry(name))
    assert await changes(transcript, at + 1) == ["e2", "e3"]
    assert await changes(transcript, at + 3) == []


async def test_a_limit_returns_the_oldest_changes_first(transcript: Transcript) -> None:
    at = await start(transcript)
    for name in ("e1", "e2", "e3"):
        await transcript.put(entry(name))
    assert await changes(transcript, at, limit=2) == ["e1", "e2"]
    assert await changes(transcript, at + 2, limit=2) == ["e3"]


async def test_what_is_meant_for_one_person_is_seen_by_nobody_else(transcript: Transcript) -> None:
    at = await start(transcript)
    await transcript.put(entry("e1", visible_to="bob"))
    assert [await changes(transcript, at, user) for user in ("ana", "bob", "")] == [[], ["e1"], []]


async def test_what_turned_private_is_not_returned_any_more(transcript: Transcript) -> None:
    at = await start(transcript)
    await transcript.put(entry("e1"))
    await transcript.put(entry("e1", visible_to="bob"))
    assert await changes(transcript, at) == []


async def test_writers_of_two_processes_lose_no_revision(transcript: Transcript, other: Transcript) -> None:
    at = await start(transcript)
    writers = [transcript.put(entry(f"a{number}")) for number in range(EACH)]
    await asyncio.gather(*writers, *(other.put(entry(f"b{number}")) for number in range(EACH)))
    seen = await transcript.since(at, "ana")
    assert [one.revision for one in seen] == list(range(at + 1, at + 1 + 2 * EACH))
    assert {one.id for one in seen} == {f"{writer}{number}" for writer in "ab" for number in range(EACH)}


async def test_two_processes_that_change_one_entry_leave_one(transcript: Transcript, other: Transcript) -> None:
    at = await start(transcript)
    await asyncio.gather(*(each.put(entry("same")) for each in (transcript, other) * 5))
    assert [(one.id, one.revision) for one in await transcript.since(at, "ana")] == [("same", at + 10)]


async def test_a_reader_who_follows_two_writers_misses_nothing(transcript: Transcript, other: Transcript) -> None:
    """A revision that became visible after a higher one would be skipped for good."""
    at = await start(transcript)
    seen: list[str] = []

    async def follow() -> None:
        last = at
        while len(seen) < 2 * EACH:
            for one in await other.since(last, "ana", 7):
                seen.append(one.id)
                last = one.revision

    async def write(into: Transcript, name: str) -> None:
        for number in range(EACH):
            await into.put(entry(f"{name}{number}"))

    async with asyncio.timeout(30):
        await asyncio.gather(follow(), write(transcript, "a"), write(other, "b"))
    assert sorted(seen) == sorted(f"{writer}{number}" for writer in "ab" for number in range(EACH))
