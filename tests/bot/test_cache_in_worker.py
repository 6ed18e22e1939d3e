"""Through a whole worker: an earlier answer is served again when it may be, and never after somebody said that it is wrong."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import RowMapping, Table, select

from bot.desk import Click, Taken
from bot.replies import Failed
from bot.store.inbox import State
from bot.store.tables import answers, attempts, decisions, entries, flights, inbox, pairs, questions
from bot.types import Answered, Badge, DeliveryFailure, Flag, FlagReason, FlagSource, Kind, MessageRef, Platform, Question
from bot.upkeep import rebuild
from router.index import IndexFailure, Reason
from router.types import CostSource, ModelFailure, Outcome, Turn, Visibility
from tests.bot.conftest import Backstage
from tests.fakes.questions import make_question

ASKED = "what is the management IP of edge-1?"
SAME = "What's the management IP of edge-1"
OTHER = "what is the management IP of edge-2?"
LIVE = "is the BGP session on edge-1 up?"
HARD = "compare OSPF and IS-IS for a large data centre fabric and recommend one"


@pytest.fixture
def cached(backstage: Backstage) -> Backstage:
    """A back office with a cache."""
    backstage.remember()
    return backstage


async def ask(
    backstage: Backstage, text: str, *, user: str = "U1", private: bool = False, seen: Visibility = Visibility.PUBLIC, **place: str
) -> Answered:
    """Ask and return the answer that is shown in the end."""
    return shown(backstage, (await asked(backstage, text, user=user, private=private, seen=seen, **place)).id)


async def asked(
    backstage: Backstage, text: str, *, user: str = "U1", private: bool = False, seen: Visibility = Visibility.PUBLIC, **place: str
) -> Question:
    """Ask, let the worker work, and return the question."""
    question = make_question(text, user=user, private=private, visibility=seen, **place)  # type: ignore[arg-type]  # only ids are left
    question = replace(question, asked_at=backstage.clock())
    await backstage.inbox.add(question)
    backstage.clock.advance(1)
    await backstage.work()
    backstage.clock.advance(5)
    return question


def shown(backstage: Backstage, question_id: str) -> Answered:
    reply = backstage.courier.shown[next(message for message, owner in backstage.courier.owners.items() if owner == question_id)]
    assert isinstance(reply, Answered), reply
    return reply


async def table(backstage: Backstage, wanted: Table) -> Sequence[RowMapping]:
    return await backstage.database.rows(select(wanted))


async def why_evicted(backstage: Backstage) -> dict[str, str]:
    return {row["question_id"]: row["evicted_why"] for row in await table(backstage, entries)}


async def kinds(backstage: Backstage) -> list[tuple[str, str, str]]:
    return [(row["first"], row["second"], row["kind"]) for row in await table(backstage, pairs)]


async def of_kind(backstage: Backstage, kind: Kind) -> str:
    """Return the id of the one question of a kind."""
    (found,) = [row["id"] for row in await table(backstage, inbox) if row["kind"] == kind.value]
    return str(found)


def click(question_id: str, user: str = "U2") -> Click:
    return Click(question_id, user, f"click-{question_id}-{user}")


def flag(backstage: Backstage, question_id: str, user: str = "U9") -> Flag:
    return Flag(question_id, user, FlagSource.BUTTON, FlagReason.WRONG, "", backstage.clock())


def calls(backstage: Backstage) -> int:
    return len(backstage.small.prompts) + len(backstage.frontier.prompts)


@pytest.mark.parametrize("text", [ASKED, SAME])
async def test_the_second_asker_gets_the_first_answer_at_no_cost_with_a_record_of_its_own(cached: Backstage, text: str) -> None:
    first = await asked(cached, ASKED)
    answered_at = (await table(cached, answers))[0]["answered_at"]
    second = await asked(cached, text, user="U2")
    reply = shown(cached, second.id)
    assert (reply.badge, reply.text, reply.model) == (Badge.CACHE, f"small: {ASKED}", "small")
    assert (reply.usd, reply.cost_source, reply.attempts) == (Decimal(0), CostSource.REPORTED, ())
    assert reply.match
    assert (reply.match.question_id, reply.match.question, reply.match.answered_at) == (first.id, ASKED, answered_at)
    assert calls(cached) == 1
    paid, hit = await table(cached, attempts)
    assert (paid["tier"], paid["saved_usd"], paid["frontier_usd"]) == ("small", None, Decimal("0.000325"))
    assert (hit["question_id"], hit["tier"], hit["cost_usd"], hit["model"]) == (second.id, "cache", Decimal(0), "small")
    # 100 tokens in and 20 out, at the simulated models' prices
    assert (hit["saved_usd"], hit["frontier_usd"]) == (Decimal("0.000065"), Decimal("0.000325"))
    record = await cached.records.get(second.id)
    assert record
    assert record.reply == reply


async def test_a_question_about_another_device_goes_to_a_model(cached: Backstage) -> None:
    await asked(cached, ASKED)
    assert (await ask(cached, OTHER)).badge is Badge.SMALL


async def test_an_answer_is_served_for_its_time_and_a_hit_does_not_renew_it(cached: Backstage) -> None:
    await asked(cached, ASKED)
    cached.clock.advance(24 * 3600 - 60)
    assert (await ask(cached, SAME)).badge is Badge.CACHE
    cached.clock.advance(120)
    assert (await ask(cached, SAME)).badge is Badge.SMALL


async def test_live_state_is_asked_of_a_model_every_time(cached: Backstage) -> None:
    await asked(cached, LIVE)
    assert (await ask(cached, LIVE, user="U2")).badge is not Badge.CACHE
    assert await table(cached, entries) == []


@pytest.mark.parametrize("which", ["the hit", "the original"])
@pytest.mark.parametrize("again", [ASKED, SAME])
async def test_a_thumbs_down_takes_the_answer_out_of_service_at_once_and_keeps_its_question_out(
    cached: Backstage, which: str, again: str
) -> None:
    first = await asked(cached, ASKED)
    hit = await asked(cached, SAME, user="U2")
    assert await cached.desk.flag(flag(cached, hit.id if which == "the hit" else first.id)) is Taken.NEW
    for user in ("U3", "U4"):
        reply = await ask(cached, again, user=user)
        assert (reply.badge, reply.text) == (Badge.SMALL, f"small: {again}")
    assert await why_evicted(cached) == {first.id: "flagged"}


async def test_asking_live_or_the_frontier_model_does_not_get_round_a_flag(cached: Backstage) -> None:
    first = await asked(cached, ASKED)
    hit = await asked(cached, SAME, user="U2")
    await cached.desk.flag(flag(cached, hit.id))
    await cached.desk.live(click(hit.id))
    await cached.desk.escalate(click(first.id))
    await cached.work()
    assert await why_evicted(cached) == {first.id: "flagged"}
    for text in (ASKED, SAME, "what's the management ip of edge-1"):
        assert (await ask(cached, text, user="U3")).badge is Badge.SMALL


async def test_a_flag_that_came_while_the_model_answered_keeps_the_answer_out(cached: Backstage) -> None:
    question = make_question(ASKED)

    async def flag_it() -> None:
        await cached.desk.flag(flag(cached, question.id))

    cached.small.before = flag_it
    await cached.inbox.add(question)
    await cached.work()
    cached.small.before = None
    assert await table(cached, entries) == []
    assert (await ask(cached, ASKED, user="U2")).badge is Badge.SMALL


@pytest.mark.parametrize("how", ["flag", "mismatch", "forget"])
async def test_what_is_withdrawn_between_look_up_and_record_is_not_delivered(cached: Backstage, how: str) -> None:
    first = await asked(cached, ASKED)
    hit = await asked(cached, SAME, user="U2")
    question = make_question(SAME, user="U3")
    await cached.inbox.add(question)
    worker = cached.worker()
    (claim,) = await cached.inbox.claim(1)
    looked_up = await worker._answer(claim.question)
    assert looked_up.answer
    assert looked_up.answer.match
    if how == "flag":
        await cached.desk.flag(flag(cached, first.id))
    elif how == "mismatch":
        await cached.entries.mismatch(hit.id)
    else:
        await cached.inbox.cancel(first.source or MessageRef(Platform.SLACK, "", "", ""))

    async def answer_as_looked_up(_: Question) -> object:
        return looked_up

    worker._answer = answer_as_looked_up  # type: ignore[method-assign, assignment]  # the moment between look-up and record
    await worker._handle(claim)
    await cached.work()
    reply = shown(cached, question.id)
    assert (reply.badge, reply.text) == (Badge.SMALL, f"small: {SAME}")
    assert await cached.inbox.counts() == {State.DONE: 3}


async def test_not_the_same_question_makes_a_pair_takes_the_answer_out_and_brings_a_live_one(cached: Backstage) -> None:
    first = await asked(cached, ASKED)
    hit = await asked(cached, SAME, user="U2")
    assert await cached.desk.mismatch(click(hit.id)) is Taken.NEW
    await cached.work()
    live = await of_kind(cached, Kind.LIVE)
    reply = shown(cached, live)
    assert (reply.badge, reply.text, reply.parent) == (Badge.SMALL, f"small: {SAME}", hit.id)
    assert sorted(await kinds(cached)) == sorted([(first.id, hit.id, "mismatch"), (hit.id, live, "live")])
    assert await why_evicted(cached) == {first.id: "mismatch"}
    assert await cached.desk.mismatch(click(hit.id, "U3")) is Taken.DUPLICATE
    assert (await ask(cached, ASKED, user="U4")).badge is Badge.SMALL


async def test_what_no_cache_answered_cannot_be_another_question(cached: Backstage) -> None:
    first = await asked(cached, ASKED)
    assert await cached.desk.mismatch(click(first.id)) is Taken.UNKNOWN
    assert await why_evicted(cached) == {first.id: ""}


@pytest.mark.parametrize("thread", ["", "7.0"])
async def test_a_live_answer_takes_the_place_of_the_cached_one(cached: Backstage, thread: str) -> None:
    first = await asked(cached, SAME)
    hit = await asked(cached, SAME, user="U2", thread=thread, source="7.0")
    await cached.desk.live(click(hit.id))
    await cached.work()
    live = await of_kind(cached, Kind.LIVE)
    assert shown(cached, live).badge is Badge.SMALL
    assert cached.small.prompts[-1].context == (), "it is not shown what it is to replace"
    assert await kinds(cached) == [(hit.id, live, "live")]
    assert await why_evicted(cached) == {first.id: "replaced", live: ""}
    assert list(cached.index.points) == [live]
    third = await ask(cached, ASKED, user="U3")
    assert third.match
    assert third.match.question_id == live


async def test_an_escalated_answer_takes_the_place_of_the_small_one_and_is_not_shown_it(cached: Backstage) -> None:
    first = await asked(cached, ASKED, thread="7.0", source="7.0")
    await cached.desk.escalate(click(first.id))
    await cached.work()
    better = await of_kind(cached, Kind.ESCALATE)
    assert cached.frontier.prompts[-1].context == ()
    assert await kinds(cached) == [(first.id, better, "escalate")]
    reply = await ask(cached, SAME, user="U3")
    assert (reply.badge, reply.text) == (Badge.CACHE, f"frontier: {ASKED}")


async def test_asking_live_many_times_does_not_crowd_the_answer_out_of_the_search(cached: Backstage) -> None:
    for number in range(8):
        hit = await asked(cached, ASKED, user=f"U{number}")
        await cached.desk.live(click(hit.id))
        await cached.work()
    assert (await ask(cached, SAME, user="U99")).badge is Badge.CACHE


async def test_a_best_effort_answer_is_not_remembered(cached: Backstage) -> None:
    cached.frontier.failure = ModelFailure(Outcome.UNAVAILABLE)
    assert (await ask(cached, HARD)).badge is Badge.BEST_EFFORT
    cached.frontier.failure = None
    assert (await ask(cached, HARD)).badge is Badge.FRONTIER
    assert (await ask(cached, HARD)).badge is Badge.CACHE


async def test_a_small_answer_that_only_a_budget_asked_for_is_not_remembered(backstage: Backstage) -> None:
    backstage.remember("[budgets]\nuser_usd_per_day = 0.0001\n")
    await asked(backstage, "why does the BGP session of our transit flap at night?")
    assert (await ask(backstage, HARD)).badge is Badge.SMALL
    assert (await ask(backstage, HARD, user="U2")).badge is Badge.FRONTIER


async def test_a_small_answer_that_only_a_channel_asked_for_is_not_remembered(backstage: Backstage) -> None:
    backstage.remember('[channels.C7]\ntier = "small"\n')
    assert (await ask(backstage, HARD, channel="C7")).badge is Badge.SMALL
    assert (await ask(backstage, HARD, channel="C1")).badge is Badge.FRONTIER


async def test_a_failure_is_not_remembered_and_lets_the_next_asker_go_on(cached: Backstage) -> None:
    cached.remember("[retry]\nwindow_s = 0\n")
    cached.small.failure = cached.frontier.failure = ModelFailure(Outcome.UNAVAILABLE)
    await asked(cached, ASKED)
    assert all(isinstance(reply, Failed) for reply in cached.courier.shown.values())
    assert (await table(cached, entries), await table(cached, flights)) == ([], [])
    cached.small.failure = None
    assert (await ask(cached, ASKED, user="U2")).badge is Badge.SMALL


async def test_a_mistake_of_ours_gives_the_place_for_the_call_back(cached: Backstage) -> None:
    cached.small.failure = RuntimeError("a mistake of ours")
    await cached.inbox.add(make_question(ASKED))
    await cached.work()
    assert await table(cached, flights) == []


async def test_an_answer_that_leant_on_its_thread_is_neither_served_nor_remembered(cached: Backstage) -> None:
    await asked(cached, ASKED)
    cached.threads.said = (Turn("we renumbered everything this morning", assistant=False),)
    for user in ("U2", "U3"):
        assert (await ask(cached, ASKED, user=user, thread="5.0", source=f"6.{user}")).badge is Badge.SMALL
    assert len(await table(cached, entries)) == 1


@pytest.mark.parametrize("policy", ['[cache]\nmode = "shadow"\n', 'mode = "shadow"\n'])
async def test_in_shadow_mode_nothing_is_served_and_what_would_have_been_is_recorded(backstage: Backstage, policy: str) -> None:
    backstage.remember(policy)
    first = await asked(backstage, ASKED)
    exact, near = await asked(backstage, ASKED, user="U2"), await asked(backstage, SAME, user="U3")
    assert all(shown(backstage, question.id).badge is not Badge.CACHE for question in (first, exact, near))
    would = {row["question_id"]: (row["shadow_source"], row["shadow_similarity"]) for row in await table(backstage, decisions)}
    assert would[first.id] == ("", None)
    assert would[exact.id] == (first.id, 1.0)
    assert would[near.id][0] == first.id
    assert 0.2 < would[near.id][1] <= 1
    assert list(await why_evicted(backstage)) == [first.id]
    assert await table(backstage, flights) == []
    assert {row["source"] for row in await table(backstage, answers)} == {""}


@pytest.mark.parametrize("policy", ['[cache]\nmode = "off"\n', 'mode = "off"\n'])
async def test_what_is_off_neither_looks_up_nor_remembers(backstage: Backstage, policy: str) -> None:
    backstage.remember(policy)
    await asked(backstage, ASKED)
    await asked(backstage, ASKED, user="U2")
    assert await table(backstage, entries) == []
    assert {row["shadow_source"] for row in await table(backstage, decisions)} == {""}


async def test_a_channel_in_shadow_is_not_served_what_another_is(backstage: Backstage) -> None:
    backstage.remember('[channels.C7]\nmode = "shadow"\n')
    await asked(backstage, ASKED)
    assert (await ask(backstage, ASKED, channel="C7")).badge is Badge.FRONTIER
    assert (await ask(backstage, ASKED, channel="C2")).badge is Badge.CACHE


@pytest.mark.parametrize("thread", ["", "7.0"])
async def test_an_audited_hit_is_asked_of_a_model_once_and_shown_to_nobody(cached: Backstage, thread: str) -> None:
    cached.audited = 0.0
    first = await asked(cached, ASKED)
    hit = await asked(cached, SAME, user="U2", thread=thread, source="7.0")
    await cached.work()
    audit = await of_kind(cached, Kind.AUDIT)
    assert await kinds(cached) == [(hit.id, audit, "audit")]
    assert cached.small.prompts[-1].text == SAME
    assert cached.small.prompts[-1].context == (), "the audited answer must not lead the one that checks it"
    assert set(cached.courier.owners.values()) == {first.id, hit.id}
    assert cached.courier.said == []
    assert await why_evicted(cached) == {first.id: ""}
    assert list(cached.index.points) == [first.id]
    assert await cached.database.value(select(answers.c.text).where(answers.c.question_id == audit)) == f"small: {SAME}"
    recent = await cached.records.recent(Platform.SLACK, "T1", "U2", 10)
    assert [record.question.id for record in recent] == [hit.id]
    assert await cached.inbox.counts() == {State.DONE: 3}


async def test_an_audit_is_no_part_of_the_conversation_that_follows(cached: Backstage) -> None:
    cached.audited = 0.0
    await asked(cached, ASKED)
    await asked(cached, SAME, user="U2", thread="7.0", source="7.0")
    cached.clock.advance(60)
    await asked(cached, "why that one?", user="U2", thread="7.0", source="8.0")
    assert (cached.small.prompts + cached.frontier.prompts)[-1].context == (
        Turn(SAME, assistant=False),
        Turn(f"small: {ASKED}", assistant=True),
    )


async def test_every_hit_is_audited_once_and_no_audit_or_miss_is(cached: Backstage) -> None:
    cached.audited = 0.0
    await asked(cached, ASKED)
    for number in range(3):
        await asked(cached, SAME, user=f"U{number}")
    counts = {kind: [row["kind"] for row in await table(cached, inbox)].count(kind) for kind in (Kind.ASK, Kind.AUDIT)}
    assert counts == {Kind.ASK: 4, Kind.AUDIT: 3}


async def test_a_hit_whose_message_is_deleted_is_not_audited_any_more(cached: Backstage) -> None:
    await asked(cached, ASKED)
    cached.audited = 0.0
    hit = make_question(SAME, user="U2")
    await cached.inbox.add(hit)
    (claim,) = await cached.inbox.claim(1)
    await cached.worker()._handle(claim)
    assert hit.source
    await cached.inbox.cancel(hit.source)
    await cached.work()
    assert calls(cached) == 1


async def test_nothing_is_audited_above_the_policy_s_share(backstage: Backstage) -> None:
    backstage.remember("[cache]\naudit_share = 0.0\n")
    backstage.audited = 0.0
    await asked(backstage, ASKED)
    await asked(backstage, ASKED, user="U2")
    assert {row["kind"] for row in await table(backstage, inbox)} == {"ask"}


async def test_an_audit_that_fails_is_kept_as_failed_and_shown_to_nobody(cached: Backstage) -> None:
    cached.audited = 0.0
    await asked(cached, ASKED)
    cached.small.failure = cached.frontier.failure = ModelFailure(Outcome.UNAVAILABLE)
    await asked(cached, SAME, user="U2")
    assert not any(isinstance(reply, Failed) for reply in cached.courier.shown.values())
    assert await kinds(cached) == []
    assert await cached.inbox.counts() == {State.DONE: 3}


async def test_a_worker_that_died_between_record_and_index_leaves_an_answer_that_is_served_and_indexed_by_a_rebuild(
    cached: Backstage,
) -> None:
    await cached.inbox.add(make_question(ASKED))
    worker = cached.worker()
    (claim,) = await cached.inbox.claim(1)
    await worker._answer_and_keep(claim)
    cached.clock.advance(61)
    await cached.work()
    assert cached.index.points == {}
    assert (await ask(cached, ASKED, user="U2")).badge is Badge.CACHE
    assert cached.cache
    assert [done async for done in rebuild(cached.cache, cached.entries)][-1] == 1
    assert (await ask(cached, SAME, user="U3")).badge is Badge.CACHE
    assert calls(cached) == 1


async def test_an_answer_whose_delivery_has_to_wait_is_indexed_all_the_same(cached: Backstage) -> None:
    question = make_question(ASKED)
    await cached.inbox.add(question)

    async def limit() -> None:
        cached.courier.failing = [DeliveryFailure("ratelimited", retry_after_s=30)]

    cached.small.before = limit
    await cached.work()
    assert list(cached.index.points) == [question.id]
    assert (await ask(cached, SAME, user="U2")).badge is Badge.CACHE


@pytest.mark.parametrize("reason", list(Reason))
async def test_a_broken_index_costs_the_likely_hits_alone(cached: Backstage, reason: Reason) -> None:
    cached.index.failure = IndexFailure(reason)
    await asked(cached, ASKED)
    assert (await ask(cached, SAME, user="U2")).badge is Badge.SMALL
    assert (await ask(cached, ASKED, user="U3")).badge is Badge.CACHE
    assert (await cached.inbox.counts()) == {State.DONE: 3}


@pytest.mark.parametrize(
    "own",
    [
        {"private": True},
        {"seen": Visibility.DIRECT, "channel": "D1"},
        {"seen": Visibility.PRIVATE, "channel": "G1"},
    ],
    ids=["private", "direct", "private channel"],
)
async def test_what_was_answered_in_private_is_served_to_nobody_else(cached: Backstage, own: dict[str, object]) -> None:
    await asked(cached, ASKED, user="U1", **own)  # type: ignore[arg-type]  # one of three ways to ask
    for text in (ASKED, SAME):
        assert (await ask(cached, text, user="U1", **own)).badge is Badge.CACHE  # type: ignore[arg-type]  # the same
    other = {"user": "U2", "channel": "D2" if own.get("channel") == "D1" else "G2"}
    places: list[dict[str, object]] = [{}, {"seen": Visibility.DIRECT}, {"private": True}, {"seen": Visibility.PRIVATE}]
    for place in places:
        for text in (ASKED, SAME):
            before = calls(cached)
            question = make_question(
                text,
                user=other["user"],
                channel=other["channel"],
                visibility=place.get("seen", Visibility.PUBLIC),  # type: ignore[arg-type]  # one of three
                private=bool(place.get("private")),
            )
            result = await cached.assistant(cached.policy).answer(question)
            assert result.answer
            assert result.answer.match is None
            assert calls(cached) == before + 1
            await cached.entries.land(question.id)


async def test_a_public_answer_is_not_served_where_the_policy_keeps_channels_apart(backstage: Backstage) -> None:
    backstage.remember('[scopes]\npublic = "channel"\n')
    await asked(backstage, ASKED, channel="C1")
    assert (await ask(backstage, ASKED, channel="C2")).badge is Badge.SMALL
    assert (await ask(backstage, SAME, channel="C1")).badge is Badge.CACHE


async def test_the_remembered_question_is_the_one_that_was_answered_not_its_edit(cached: Backstage) -> None:
    first = await asked(cached, ASKED)
    assert first.source
    await cached.inbox.revise(first.source, OTHER)
    assert (await ask(cached, OTHER, user="U2")).text == f"small: {OTHER}"
    hit = await ask(cached, SAME, user="U3")
    assert hit.match
    assert hit.match.question == ASKED


async def test_a_question_whose_message_is_deleted_is_quoted_and_served_to_nobody(cached: Backstage) -> None:
    first = await asked(cached, ASKED)
    assert first.source
    deleted = replace(make_question("", kind=Kind.DELETED), source=first.source, asked_at=cached.clock())
    await cached.inbox.add(deleted)
    await cached.work()
    assert (await ask(cached, SAME, user="U2")).badge is Badge.SMALL


async def test_two_workers_with_one_question_make_one_model_call(cached: Backstage) -> None:
    asking = asyncio.Event()
    answer_now = asyncio.Event()

    async def hold() -> None:
        asking.set()
        await answer_now.wait()

    cached.small.before = hold
    for user in ("U1", "U2", "U3"):
        await cached.inbox.add(make_question(ASKED, user=user))
    claims = await cached.inbox.claim(3)
    tasks = [asyncio.create_task(cached.worker()._handle(claim)) for claim in claims]
    await asyncio.wait_for(asking.wait(), 5)
    await asyncio.sleep(0.3)
    answer_now.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 10)
    assert calls(cached) == 1
    badges = [reply.badge for reply in cached.courier.shown.values() if isinstance(reply, Answered)]
    assert sorted(badges) == [Badge.CACHE, Badge.CACHE, Badge.SMALL]
    assert await table(cached, flights) == []


async def test_every_hit_leaves_its_own_row_of_each_kind(cached: Backstage) -> None:
    await asked(cached, ASKED)
    await asked(cached, SAME, user="U2")
    assert len(await table(cached, questions)) == len(await table(cached, decisions)) == len(await table(cached, answers)) == 2
    (hit,) = [row for row in await table(cached, answers) if row["tier"] == "cache"]
    assert (hit["cost_usd"], hit["best_effort"], hit["can_escalate"]) == (Decimal(0), False, False)
    assert hit["match_reason"]
