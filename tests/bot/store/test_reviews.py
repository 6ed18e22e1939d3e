"""Reviewers are shown what is left, their words are kept, and the cache follows them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.evals.types import Drawn, Fault, Review, Unit, Verdict, Why
from bot.store.database import Database
from bot.store.entries import Entries
from bot.store.store import Store, make_store
from bot.store.switches import INDEX_ADD, INDEX_REMOVE
from bot.store.tables import entries, flags, pairs
from bot.types import Badge, Flag, FlagSource
from router.types import Tier, Visibility
from tests.fakes.answered import AT, WEEK, keep_answered, make_entry
from tests.fakes.clock import FakeClock


@pytest.fixture
def store(database: Database, clock: FakeClock) -> Store:
    clock.now = AT + timedelta(hours=1)
    return make_store(database, clock)


def all_of_them(units: Sequence[Unit], size: int) -> list[Drawn]:
    return [Drawn(unit, Why.RANDOM, 1.0, twice=place == 0) for place, unit in enumerate(units[:size])]


async def sample(store: Store, *, direct: bool = False) -> None:
    await store.samples.draw(WEEK, 50, all_of_them, direct=direct)


def review_of(question_id: str, reviewer: str = "ann", verdict: Verdict = Verdict.ACCEPTABLE, fault: Fault | None = None) -> Review:
    return Review(question_id, reviewer, verdict, AT + timedelta(hours=2), fault)


async def evicted(store: Store, question_id: str) -> tuple[str, bool]:
    (row,) = await store.database.rows(select(entries).where(entries.c.question_id == question_id))
    return row["evicted_why"], row["blocked"]


async def test_a_reviewer_sees_question_context_answer_tier_and_cost(store: Store) -> None:
    await keep_answered(store.database, "is cr1 up?", thread="t1", at=AT - timedelta(days=7))
    question_id = await keep_answered(store.database, "and cr2?", thread="t1", tier=Tier.FRONTIER)
    await sample(store)
    shown = await store.reviews.next("ann")
    assert shown
    assert (shown.question.id, shown.question.text, shown.question.user, shown.week) == (question_id, "and cr2?", "U1", WEEK)
    assert (shown.answer.text, shown.answer.badge, str(shown.answer.usd)) == ("Up.", Badge.FRONTIER, "0.01")
    assert shown.drawn.unit.stratum.tier is Tier.FRONTIER
    assert [turn.text for turn in shown.context] == ["is cr1 up?", "Up."]


async def test_a_reviewer_sees_the_question_that_a_hit_was_matched_with(store: Store) -> None:
    source = await keep_answered(store.database, "is cr1 up?", at=AT - timedelta(days=7), remembered=True)
    await keep_answered(store.database, "cr1 up?", tier=Tier.CACHE, source=source)
    await sample(store)
    shown = await store.reviews.next("ann")
    assert shown
    assert shown.answer.match
    assert (shown.answer.match.question_id, shown.answer.match.question) == (source, "is cr1 up?")


async def test_what_only_its_asker_saw_can_be_left_out_of_what_is_waiting(store: Store) -> None:
    await keep_answered(store.database, channel="D1", visibility=Visibility.DIRECT)
    shared = await keep_answered(store.database, "and cr2?")
    await sample(store, direct=True)
    assert [one.question.id for one in await store.reviews.waiting("ann", direct=False)] == [shared]
    assert len(await store.reviews.waiting("ann")) == 2


async def test_the_asker_of_a_direct_message_is_not_named(store: Store) -> None:
    question_id = await keep_answered(store.database, channel="D1", visibility=Visibility.DIRECT)
    await store.flags.put(Flag(question_id, "U1", FlagSource.BUTTON, None, "", AT))
    await sample(store, direct=True)
    shown = await store.reviews.next("ann")
    assert shown
    assert (shown.question.user, [flag.user for flag in shown.flags]) == ("", [""])
    assert (shown.question.conversation.channel, shown.question.source) == ("direct", None)


async def test_what_is_graded_is_not_shown_again_and_a_second_reviewer_gets_his_share(store: Store) -> None:
    ids = [await keep_answered(store.database, f"is cr{number} up?") for number in range(3)]
    await sample(store)
    for _ in ids:
        shown = await store.reviews.next("ann")
        assert shown
        assert await store.reviews.put(review_of(shown.question.id)) is True
    assert await store.reviews.next("ann") is None
    assert [shown.question.id for shown in await store.reviews.waiting("ben")] == [ids[0]]
    await store.reviews.put(review_of(ids[0], "ben", Verdict.CANNOT_TELL))
    assert await store.reviews.next("ben") is None
    progress = await store.reviews.progress(WEEK)
    assert (progress.sampled, progress.graded, progress.graded_twice, progress.left, progress.left_twice) == (3, 3, 1, 0, 0)
    assert progress.by_reviewer == {"ann": 3, "ben": 1}


async def test_a_second_word_of_a_reviewer_replaces_the_first(store: Store) -> None:
    question_id = await keep_answered(store.database)
    await sample(store)
    await store.reviews.put(review_of(question_id))
    changed = replace(review_of(question_id, verdict=Verdict.NOT_ACCEPTABLE, fault=Fault.WRONG), comment="it is down")
    assert await store.reviews.put(changed) is False
    assert await store.reviews.of(question_id) == (changed,)
    shown = await store.reviews.get(question_id, "ann")
    assert shown
    assert shown.mine == changed


async def test_a_review_of_nothing_is_not_kept(store: Store) -> None:
    assert await store.reviews.put(review_of("q_unknown")) is None
    assert await store.reviews.get("q_unknown", "ann") is None


async def test_an_answer_that_is_not_acceptable_is_not_served_again(store: Store) -> None:
    question_id = await keep_answered(store.database, remembered=True)
    await store.reviews.put(review_of(question_id, verdict=Verdict.NOT_ACCEPTABLE, fault=Fault.WRONG))
    assert await evicted(store, question_id) == ("reviewed", True)


async def test_a_wrong_match_takes_the_source_out_of_service_and_keeps_the_pair(store: Store) -> None:
    source = await keep_answered(store.database, remembered=True)
    hit = await keep_answered(store.database, "cr2 up?", tier=Tier.CACHE, source=source)
    await store.reviews.put(review_of(hit, verdict=Verdict.NOT_ACCEPTABLE, fault=Fault.WRONG_MATCH))
    assert await evicted(store, source) == ("mismatch", True)
    (pair,) = await store.database.rows(select(pairs))
    assert (pair["first"], pair["second"], pair["kind"]) == (source, hit, "mismatch")


async def test_a_flagged_answer_that_is_acceptable_is_served_again(store: Store) -> None:
    question_id = await keep_answered(store.database, remembered=True)
    await store.flags.put(Flag(question_id, "U9", FlagSource.BUTTON, None, "", AT))
    assert await evicted(store, question_id) == ("flagged", True)
    await store.reviews.put(review_of(question_id))
    assert await evicted(store, question_id) == ("", False)


@pytest.mark.parametrize(
    ("verdict", "resolution"),
    [(Verdict.ACCEPTABLE, "dismissed"), (Verdict.NOT_ACCEPTABLE, "upheld"), (Verdict.CANNOT_TELL, None)],
)
async def test_a_verdict_closes_the_flags_that_it_settles(store: Store, verdict: Verdict, resolution: str | None) -> None:
    question_id = await keep_answered(store.database)
    await store.flags.put(Flag(question_id, "U9", FlagSource.BUTTON, None, "", AT))
    await store.reviews.put(review_of(question_id, verdict=verdict))
    (row,) = await store.database.rows(select(flags))
    assert row["resolution"] == resolution
    assert len(await store.flags.open(10)) == (0 if resolution else 1)


async def test_one_reviewer_who_refuses_keeps_an_answer_out(store: Store) -> None:
    question_id = await keep_answered(store.database, remembered=True)
    await store.reviews.put(review_of(question_id, "ann", Verdict.NOT_ACCEPTABLE, Fault.WRONG))
    await store.reviews.put(review_of(question_id, "ben"))
    assert await evicted(store, question_id) == ("reviewed", True)


async def corrected(store: Store, question_id: str, text: str, fault: Fault, at: datetime) -> None:
    review = Review(question_id, "ann", Verdict.NOT_ACCEPTABLE, at, fault, correction=text)
    await store.reviews.put(review, into_cache=True)


async def served(store: Store, question_id: str) -> str:
    entry = make_entry(question_id)
    found = await Entries(store.database, store.inbox._clock).exact(entry.scope, entry.canonical)
    return "" if found is None or found.blocked else found.answer


async def test_a_correction_takes_the_place_of_the_entry(store: Store) -> None:
    question_id = await keep_answered(store.database, remembered=True)
    await corrected(store, question_id, "Down since noon.", Fault.WRONG, AT + timedelta(minutes=5))
    assert await served(store, question_id) == "Down since noon."
    await corrected(store, question_id, "Down since one.", Fault.WRONG, AT + timedelta(minutes=6))
    assert await served(store, question_id) == "Down since one."
    asked = await store.switches.all("index.")
    assert sorted(name.rpartition(".")[0] + "." for name in asked) == [INDEX_ADD, INDEX_ADD, INDEX_REMOVE, INDEX_REMOVE]
    record = await store.records.get(question_id)
    assert record
    assert record.reply
    assert record.reply.text == "Up.", "what was shown stays on record"


async def test_a_correction_of_a_hit_replaces_what_was_served_for_it(store: Store) -> None:
    source = await keep_answered(store.database, remembered=True)
    hit = await keep_answered(store.database, "cr1 up?", tier=Tier.CACHE, source=source)
    await corrected(store, hit, "Down.", Fault.OUTDATED, AT + timedelta(minutes=5))
    assert await served(store, source) == "Down."


async def test_a_correction_of_a_wrong_match_leaves_the_matched_question_alone(store: Store) -> None:
    source = await keep_answered(store.database, remembered=True)
    hit = await keep_answered(store.database, "cr2 up?", tier=Tier.CACHE, source=source)
    await corrected(store, hit, "cr2 is down.", Fault.WRONG_MATCH, AT + timedelta(minutes=5))
    assert await served(store, source) == ""


async def test_a_correction_ages_like_the_answer_it_replaces(store: Store, clock: FakeClock) -> None:
    question_id = await keep_answered(store.database, remembered=True)
    await corrected(store, question_id, "Down.", Fault.WRONG, AT + timedelta(hours=12))
    clock.now = AT + timedelta(hours=35)
    assert await served(store, question_id) == "Down."
    clock.now = AT + timedelta(hours=37)
    assert await served(store, question_id) == ""


async def test_a_correction_is_no_answer_that_somebody_was_given(store: Store) -> None:
    question_id = await keep_answered(store.database, remembered=True, thread="t1")
    await corrected(store, question_id, "Down.", Fault.WRONG, AT + timedelta(minutes=5))
    week = await store.samples.draw(WEEK, 50, all_of_them, direct=True)
    assert week.answers == 1
    record = await store.records.get(question_id)
    assert record
    assert [turn.text for turn in await store.records.turns(record.question.conversation, AT + timedelta(days=1), 9)] == [
        "is cr1 up?",
        "Up.",
    ]
