"""What may be served again is one truth in SQL: found within its scope, taken out of service at once, and kept out while it is blocked."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.entries import BLOCKING, FLIGHT_S, Entries, Evicted
from bot.store.errors import SourceWithdrawn
from bot.store.store import Store, make_store
from bot.store.tables import answers, entries, entry_names, pairs
from bot.types import Flag, FlagSource
from router.types import Answer, Decision, Entry, Match, Query, Scope, Tier, Visibility, Volatility
from tests.fakes.clock import FakeClock
from tests.fakes.records import keep_answer

DAY_S = 86_400
PUBLIC = Scope("T1", Visibility.PUBLIC)
PRIVATE = Scope("T1", Visibility.PRIVATE, "C1")
DECISION = Decision(Tier.SMALL, Volatility.CONFIG, ())


@pytest.fixture
def store(database: Database, clock: FakeClock) -> Store:
    return make_store(database, clock)


def entry(name: str = "q_1", canonical: str = "c1", scope: Scope = PUBLIC, *names: str, ttl_s: int = DAY_S) -> Entry:
    keys = tuple(f"host:{value}:none" for value in names)
    return Entry(name, scope.key, canonical, keys, names, f"masked {name}", ttl_s)


async def keep(store: Store, kept: Entry) -> None:
    """Answer a question by a model, to be served again."""
    answer = Answer(f"answer {kept.question_id}", Tier.SMALL, "m", DECISION, (), 10, entry=kept)
    await keep_answer(store, Query(f"text {kept.question_id}", PUBLIC, id=kept.question_id), answer)


async def serve(store: Store, source: str, question_id: str) -> None:
    """Answer a question with an earlier answer."""
    match = Match(source, f"text {source}", store.inbox._clock(), 0.9, "alike")
    answer = Answer(f"answer {source}", Tier.CACHE, "m", DECISION, (), 10, match=match)
    await keep_answer(store, Query(f"text {question_id}", PUBLIC, id=question_id), answer)


async def exact(store: Store, canonical: str = "c1", scope: Scope = PUBLIC) -> str | None:
    """Return whose answer is found for a question; it ends with `!` when it is blocked."""
    stored = await store.entries.exact(scope.key, canonical)
    return stored.question_id + "!" * stored.blocked if stored else None


async def fetched(store: Store, *ids: str, scope: Scope = PUBLIC) -> list[str]:
    return [stored.question_id + "!" * stored.blocked for stored in await store.entries.fetch(scope.key, ids)]


async def evicted(database: Database) -> dict[str, str]:
    rows = await database.rows(select(entries.c.question_id, entries.c.evicted_why))
    return {row["question_id"]: row["evicted_why"] for row in rows}


def flag(question_id: str, user: str = "U2") -> Flag:
    return Flag(question_id, user, FlagSource.BUTTON, None, "", FakeClock()())


async def test_an_answer_is_found_by_its_exact_question_with_what_was_asked_and_answered(store: Store, clock: FakeClock) -> None:
    await keep(store, entry())
    stored = await store.entries.exact(PUBLIC.key, "c1")
    assert stored
    assert (stored.question, stored.answer, stored.model) == ("text q_1", "answer q_1", "m")
    assert (stored.answered_at, stored.blocked) == (clock(), False)


@pytest.mark.parametrize("other", [PRIVATE, Scope("T2", Visibility.PUBLIC), Scope("T1", Visibility.DIRECT, "U1")])
async def test_an_answer_of_another_scope_is_not_returned_whatever_the_index_says(store: Store, other: Scope) -> None:
    await keep(store, entry())
    assert await exact(store, scope=other) is None
    assert await fetched(store, "q_1", scope=other) == []
    assert await fetched(store, "q_1") == ["q_1"]


async def test_answers_are_fetched_in_the_order_that_was_asked_for_without_those_that_are_unknown(store: Store) -> None:
    for name in ("q_1", "q_2", "q_3"):
        await keep(store, entry(name, canonical=name))
    assert await fetched(store, "q_3", "q_none", "q_1", "q_2") == ["q_3", "q_1", "q_2"]
    assert await fetched(store) == []


async def test_an_answer_is_served_until_the_moment_that_it_expires(store: Store, clock: FakeClock) -> None:
    await keep(store, entry())
    clock.advance(DAY_S - 1)
    assert (await exact(store), await fetched(store, "q_1")) == ("q_1", ["q_1"])
    clock.advance(1)
    assert (await exact(store), await fetched(store, "q_1")) == (None, [])


async def test_a_newer_answer_takes_the_place_of_an_older_one_to_the_same_question(store: Store, database: Database) -> None:
    await keep(store, entry("q_1"))
    await keep(store, entry("q_2"))
    assert await exact(store) == "q_2"
    assert await fetched(store, "q_1", "q_2") == ["q_2"]
    assert await evicted(database) == {"q_1": "replaced", "q_2": ""}
    assert await store.entries.replaced_by(entry("q_2")) == ("q_1",)


async def test_a_newer_answer_replaces_nothing_in_another_scope_and_no_other_question(store: Store) -> None:
    await keep(store, entry("q_1", scope=PRIVATE))
    await keep(store, entry("q_2", canonical="c2"))
    await keep(store, entry("q_3"))
    assert [await exact(store, scope=PRIVATE), await exact(store, "c2"), await exact(store)] == ["q_1", "q_2", "q_3"]


@pytest.mark.parametrize("why", list(Evicted))
async def test_an_evicted_answer_is_out_of_service_and_some_reasons_keep_its_question_out_as_well(store: Store, why: Evicted) -> None:
    await keep(store, entry())
    assert await store.entries.evict(why, question_id="q_1") == ("q_1",)
    found = "q_1!" if why in BLOCKING else None
    assert await exact(store) == found
    assert await fetched(store, "q_1") == ([found] if found else [])


@pytest.mark.parametrize("why", list(Evicted))
async def test_evicting_again_finds_nothing_left_to_evict(store: Store, why: Evicted) -> None:
    await keep(store, entry())
    await store.entries.evict(why, question_id="q_1")
    assert await store.entries.evict(why, question_id="q_1") == ()


async def test_a_flag_blocks_what_a_change_took_out_of_service_before_and_a_change_does_not_unblock(
    store: Store, database: Database
) -> None:
    await keep(store, entry())
    await store.entries.evict(Evicted.CHANGED, question_id="q_1")
    assert await store.entries.evict(Evicted.FLAGGED, question_id="q_1") == ("q_1",)
    assert await store.entries.evict(Evicted.FLUSHED) == ()
    assert await exact(store) == "q_1!"


async def test_answers_are_evicted_by_what_their_questions_name_in_any_case(store: Store, database: Database) -> None:
    await keep(store, entry("q_1", "c1", PUBLIC, "core-1", "GigabitEthernet0/1"))
    await keep(store, entry("q_2", "c2", PRIVATE, "CORE-1"))
    await keep(store, entry("q_3", "c3", PUBLIC, "core-11"))
    assert sorted(await store.entries.evict(Evicted.CHANGED, name="Core-1")) == ["q_1", "q_2"]
    assert await evicted(database) == {"q_1": "changed", "q_2": "changed", "q_3": ""}


async def test_a_name_is_a_name_and_no_pattern(store: Store) -> None:
    await keep(store, entry("q_1", "c1", PUBLIC, "core-1"))
    for name in ("core-_", "%", "' OR '1'='1", "core-1\x00"[:-1] + " "):
        assert await store.entries.evict(Evicted.CHANGED, name=name) == ()


async def test_everything_is_evicted_at_once(store: Store) -> None:
    for number in range(3):
        await keep(store, entry(f"q_{number}", canonical=f"c{number}"))
    assert len(await store.entries.evict(Evicted.FLUSHED)) == 3
    assert [await exact(store, f"c{number}") for number in range(3)] == [None] * 3


async def test_a_question_with_hundreds_of_long_names_is_kept_and_found_by_each(store: Store, database: Database) -> None:
    names = [f"edge-{number}" for number in range(600)] + ["x" * 400, "EDGE-7", "ß" * 300]
    await keep(store, entry("q_1", "c1", PUBLIC, *names))
    assert await database.value(select(func.count()).select_from(entry_names)) == 602
    assert await store.entries.evict(Evicted.CHANGED, name="edge-599") == ("q_1",)


async def test_an_answer_is_evicted_by_a_name_of_any_length(store: Store) -> None:
    await keep(store, entry("q_1", "c1", PUBLIC, "x" * 400))
    assert await store.entries.evict(Evicted.CHANGED, name="X" * 400) == ("q_1",)


async def test_the_longest_ids_of_a_scope_fit(store: Store) -> None:
    scope = Scope("é" * 64, Visibility.PRIVATE, '網"' * 127)
    assert await store.entries.board(scope.key, "c1", "q_1")
    await keep(store, entry(scope=scope))
    assert await exact(store, scope=scope) == "q_1"


async def test_scopes_whose_ids_hold_the_marks_of_their_key_stay_apart(store: Store) -> None:
    hostile = ["a", 'a"', 'a", "public', 'a\\", "', "a|", "a\n", "é", "e\u0301", "A", "a ", "", "%", "_"]
    scopes = [Scope(tenant, seen, owner) for tenant in hostile for seen in Visibility for owner in hostile]
    assert len({scope.key for scope in scopes}) == len(scopes)
    await keep(store, entry(scope=Scope('a", "public', Visibility.PUBLIC)))
    found = [scope for scope in scopes if await exact(store, scope=scope)]
    assert found == [Scope('a", "public', Visibility.PUBLIC)]


async def test_an_answer_flagged_before_it_was_kept_is_not_remembered(store: Store, database: Database) -> None:
    answer = Answer("answer", Tier.SMALL, "m", DECISION, (), 10, entry=entry())
    question = Query("text", PUBLIC, id="q_1")

    async def flag_it() -> None:
        assert await store.flags.put(flag("q_1")) is True

    await keep_answer(store, question, answer, before=flag_it)
    assert await evicted(database) == {}
    assert await database.value(select(answers.c.text)) == "answer"


async def test_a_flag_that_was_taken_back_before_the_answer_came_does_not_keep_it_out(store: Store) -> None:
    async def flag_and_retract() -> None:
        await store.flags.put(flag("q_1"))
        await store.flags.retract("q_1", "U2", store.inbox._clock())

    await keep_answer(
        store, Query("t", PUBLIC, id="q_1"), Answer("a", Tier.SMALL, "m", DECISION, (), 10, entry=entry()), before=flag_and_retract
    )
    assert await exact(store) == "q_1"


async def test_a_flag_on_what_the_cache_served_blocks_its_source_for_good(store: Store, clock: FakeClock) -> None:
    await keep(store, entry())
    await serve(store, "q_1", "q_2")
    await store.flags.put(flag("q_2"))
    assert await exact(store) == "q_1!"
    await store.flags.retract("q_2", "U2", clock())
    assert await exact(store) == "q_1!", "it takes a review to let it in again"


async def test_nothing_is_remembered_for_a_question_that_was_blocked_while_the_model_answered(store: Store, database: Database) -> None:
    await keep(store, entry("q_1"))
    await store.flags.put(flag("q_1"))
    await keep(store, entry("q_2"))
    assert await exact(store) == "q_1!"
    assert "q_2" not in await evicted(database)


@pytest.mark.parametrize("why", [why for why in Evicted if why is not Evicted.REPLACED])
async def test_a_hit_whose_source_was_evicted_before_it_was_written_is_not_written(store: Store, database: Database, why: Evicted) -> None:
    await keep(store, entry())
    await store.entries.evict(why, question_id="q_1")
    with pytest.raises(SourceWithdrawn):
        await serve(store, "q_1", "q_2")
    assert await database.value(select(func.count()).select_from(answers)) == 1


async def test_a_hit_whose_source_was_merely_replaced_is_written(store: Store, database: Database) -> None:
    await keep(store, entry("q_1"))
    await keep(store, entry("q_2"))
    await serve(store, "q_1", "q_3")
    assert await database.value(select(answers.c.source).where(answers.c.question_id == "q_3")) == "q_1"


async def test_not_the_same_question_evicts_the_source_and_keeps_the_pair_once(store: Store, database: Database) -> None:
    await keep(store, entry())
    await serve(store, "q_1", "q_2")
    assert await asyncio.gather(*(store.entries.mismatch("q_2") for _ in range(8))) == [True] * 8
    assert await exact(store) == "q_1!"
    assert [tuple(row.values())[:3] for row in await database.rows(select(pairs))] == [("q_1", "q_2", "mismatch")]


async def test_a_person_s_word_on_a_pair_takes_the_place_of_a_judge_s(store: Store, database: Database, clock: FakeClock) -> None:
    await keep(store, entry())
    await serve(store, "q_1", "q_2")
    await database.change(pairs.insert().values(first="q_1", second="q_2", kind="judged_same", at=clock()))
    await store.entries.mismatch("q_2")
    assert await database.value(select(pairs.c.kind)) == "mismatch"


@pytest.mark.parametrize("question_id", ["q_1", "q_none", ""])
async def test_only_what_the_cache_answered_can_be_another_question(store: Store, database: Database, question_id: str) -> None:
    await keep(store, entry())
    assert await store.entries.mismatch(question_id) is False
    assert await evicted(database) == {"q_1": ""}


async def test_one_of_twenty_gets_the_place_for_a_model_call(store: Store) -> None:
    got = await asyncio.gather(*(store.entries.board(PUBLIC.key, "c1", f"q_{number}") for number in range(20)))
    assert got.count(True) == 1
    holder = f"q_{got.index(True)}"
    assert await store.entries.board(PUBLIC.key, "c1", holder), "it may ask again"
    await store.entries.land(holder)
    assert await store.entries.board(PUBLIC.key, "c1", "q_next")


async def test_one_of_twenty_gets_the_place_of_a_call_that_took_too_long(store: Store, clock: FakeClock) -> None:
    assert await store.entries.board(PUBLIC.key, "c1", "q_dead")
    clock.advance(FLIGHT_S)
    assert not await store.entries.board(PUBLIC.key, "c1", "q_early")
    clock.advance(1)
    got = await asyncio.gather(*(store.entries.board(PUBLIC.key, "c1", f"q_{number}") for number in range(20)))
    assert got.count(True) == 1


async def test_who_lost_its_place_does_not_take_it_from_its_successor(store: Store, clock: FakeClock) -> None:
    await store.entries.board(PUBLIC.key, "c1", "q_slow")
    clock.advance(FLIGHT_S + 1)
    await store.entries.board(PUBLIC.key, "c1", "q_next")
    await store.entries.land("q_slow")
    assert not await store.entries.board(PUBLIC.key, "c1", "q_third")


async def test_places_of_other_questions_and_scopes_are_free(store: Store) -> None:
    assert await store.entries.board(PUBLIC.key, "c1", "q_1")
    assert await store.entries.board(PUBLIC.key, "c2", "q_2")
    assert await store.entries.board(PRIVATE.key, "c1", "q_3")


async def test_an_answer_gives_the_place_of_its_question_back(store: Store) -> None:
    await store.entries.board(PUBLIC.key, "c1", "q_1")
    await keep(store, entry("q_1"))
    assert await store.entries.board(PUBLIC.key, "c1", "q_2")


async def test_what_belongs_into_the_index_is_read_in_batches_with_when_it_expires(store: Store, clock: FakeClock) -> None:
    for number in range(5):
        await keep(store, entry(f"q_{number}", f"c{number}", PUBLIC, "core-1"))
    batches = [batch async for batch in store.entries.servable(batch=2)]
    assert [len(batch) for batch in batches] == [2, 2, 1]
    first, until = batches[0][0]
    assert replace(first, names=("core-1",), ttl_s=DAY_S) == entry("q_0", "c0", PUBLIC, "core-1")
    assert until == clock() + timedelta(seconds=DAY_S)


async def test_what_is_blocked_belongs_into_the_index_and_what_is_evicted_or_expired_does_not(store: Store, clock: FakeClock) -> None:
    await keep(store, entry("q_old", "c0", ttl_s=60))
    clock.advance(60)
    for name, why in (("q_1", None), ("q_2", Evicted.FLAGGED), ("q_3", Evicted.CHANGED), ("q_4", Evicted.FLUSHED)):
        await keep(store, entry(name, canonical=name))
        if why:
            await store.entries.evict(why, question_id=name)
    assert [kept.question_id async for batch in store.entries.servable() for kept, _ in batch] == ["q_1", "q_2"]


async def test_an_empty_store_has_nothing_for_the_index(database: Database, clock: FakeClock) -> None:
    assert [batch async for batch in Entries(database, clock).servable()] == []
