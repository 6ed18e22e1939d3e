"""Answers are taken out of service by where they were asked, what gave them and how fast they age."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.store import Store, make_store
from bot.store.tables import pairs
from bot.store.tags import UnknownTag
from bot.types import FlagReason
from tests.bot.store.test_entries import entry, evicted, flag, keep, serve
from tests.fakes.clock import FakeClock


@pytest.fixture
def store(database: Database, clock: FakeClock) -> Store:
    return make_store(database, clock)


@pytest.mark.parametrize("tag", ["channel:C1", "model:m", "tier:small", "volatility:config"])
async def test_every_answer_with_a_tag_is_taken_out_of_service(tag: str, store: Store, database: Database) -> None:
    await keep(store, entry())
    await keep(store, entry("q_2", "c2"))
    assert sorted(await store.entries.evict_tagged(Evicted.FORGOTTEN, tag)) == ["q_1", "q_2"]
    assert await evicted(database) == {"q_1": "forgotten", "q_2": "forgotten"}


@pytest.mark.parametrize("tag", ["channel:C2", "model:M", "tier:frontier", "volatility:live"])
async def test_answers_without_the_tag_stay(tag: str, store: Store) -> None:
    await keep(store, entry())
    assert await store.entries.evict_tagged(Evicted.FORGOTTEN, tag) == ()


@pytest.mark.parametrize("tag", ["", "channel", "channel:", "user:U1", ":C1"])
async def test_a_tag_that_there_is_not_is_refused_with_those_that_there_are(tag: str, store: Store) -> None:
    with pytest.raises(UnknownTag, match=r"channel:\.\.\., model:\.\.\., tier:\.\.\., volatility:\.\.\."):
        await store.entries.evict_tagged(Evicted.FORGOTTEN, tag)


@pytest.mark.parametrize(("reason", "label"), [(None, "flagged"), (FlagReason.WRONG, "flagged"), (FlagReason.WRONG_MATCH, "mismatch")])
async def test_a_flag_on_a_cached_answer_labels_the_pair_of_questions(
    reason: FlagReason | None, label: str, store: Store, database: Database
) -> None:
    await keep(store, entry())
    await serve(store, "q_1", "q_2")
    await store.flags.put(flag("q_2"))
    await store.flags.put(replace(flag("q_2"), reason=reason))
    rows = await database.rows(select(pairs.c.first, pairs.c.second, pairs.c.kind))
    assert [tuple(row.values()) for row in rows] == [("q_1", "q_2", label)]


async def test_a_flag_on_a_model_s_answer_labels_no_pair(store: Store, database: Database) -> None:
    await keep(store, entry())
    await store.flags.put(flag("q_1"))
    assert await database.rows(select(pairs)) == []
