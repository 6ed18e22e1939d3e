"""The transcript in memory keeps to what the transcript in a database does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database
from bot.store.transcript import Entry, Transcript
from tests.fakes.transcript import FakeTranscript

ENTRY = Entry("m1", "noc", "", "ana", "", '{"kind":"message","text":"hi"}', datetime(2026, 11, 23, 12, 0, tzinfo=UTC), question="q1")


@pytest.fixture(params=["fake", "sqlite"])
async def transcript(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Transcript]:
    if request.param == "fake":
        yield FakeTranscript()
        return
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    yield Transcript(database)
    await database.close()


async def test_an_entry_is_kept_with_a_revision(transcript: Transcript) -> None:
    await transcript.put(ENTRY)
    kept = await transcript.get("m1")
    assert kept is not None
    assert replace(kept, revision=0) == ENTRY
    assert kept.revision > 0


async def test_what_was_not_put_is_not_there(transcript: Transcript) -> None:
    assert await transcript.get("m0") is None


async def test_a_changed_entry_comes_again_and_last(transcript: Transcript) -> None:
    await transcript.put(ENTRY)
    await transcript.put(replace(ENTRY, id="m2"))
    await transcript.put(replace(ENTRY, deleted=True))
    assert [(entry.id, entry.deleted) for entry in await transcript.since(0, "ana")] == [("m2", False), ("m1", True)]


async def test_only_what_changed_after_a_revision_comes(transcript: Transcript) -> None:
    await transcript.put(ENTRY)
    seen = (await transcript.since(0, "ana"))[-1].revision
    await transcript.put(replace(ENTRY, id="m2"))
    assert [entry.id for entry in await transcript.since(seen, "ana")] == ["m2"]


async def test_what_is_for_one_person_comes_to_nobody_else(transcript: Transcript) -> None:
    await transcript.put(replace(ENTRY, visible_to="ana"))
    assert (len(await transcript.since(0, "ana")), len(await transcript.since(0, "ben"))) == (1, 0)


async def test_no_more_than_a_page_comes_at_once(transcript: Transcript) -> None:
    for number in range(3):
        await transcript.put(replace(ENTRY, id=f"m{number}"))
    assert [entry.id for entry in await transcript.since(0, "ana", 2)] == ["m0", "m1"]
