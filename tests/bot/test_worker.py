"""A worker answers what is in the inbox, shows each answer once, and loses nothing when things break."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.replies import Cause, Failed, Notice, Offer
from bot.store.inbox import State
from bot.store.tables import inbox as inbox_table
from bot.types import Answered, Badge, DeliveryFailure, Kind, Working
from bot.worker import GAVE_UP, MAX_CRASHES, MAX_ERRORS
from router.types import ModelFailure, Outcome, Volatility
from tests.bot.conftest import Backstage
from tests.fakes.questions import make_question

EASY = "what is the default port of bgp?"
HARD = "why does the OSPF adjacency flap after a link-state database overflow?"


def shown(backstage: Backstage) -> list[object]:
    return list(backstage.courier.shown.values())


async def test_a_question_gets_one_message_that_becomes_its_answer(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question(EASY))
    await backstage.work()
    (reply,) = shown(backstage)
    assert isinstance(reply, Answered)
    assert (reply.text, reply.badge, backstage.courier.posts) == (f"small: {EASY}", Badge.SMALL, 1)
    assert await backstage.inbox.counts() == {State.DONE: 1}


async def test_the_placeholder_stands_before_the_model_is_asked(backstage: Backstage) -> None:
    seen: list[object] = []

    async def look() -> None:
        seen.extend(shown(backstage))

    backstage.small.before = look
    await backstage.inbox.add(make_question(EASY))
    await backstage.work()
    assert seen == [Working()]


async def test_an_answer_that_was_recorded_but_not_shown_is_shown_without_a_second_model_call(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question(EASY))
    backstage.small.before = None
    worker = backstage.worker()
    (claim,) = await backstage.inbox.claim(1)
    backstage.courier.failing = []
    placed = await worker._delivery.place(claim)
    result = await worker._answer(claim.question)
    await backstage.records.keep(claim, result, at=backstage.clock(), expires_at=backstage.clock())
    assert backstage.courier.shown[placed.message] == Working()
    backstage.clock.advance(61)
    await backstage.work()
    (reply,) = shown(backstage)
    assert isinstance(reply, Answered)
    assert len(backstage.small.prompts) == 1


async def test_a_placeholder_that_arrived_although_its_post_failed_is_used_again(backstage: Backstage) -> None:
    backstage.courier.failing = [DeliveryFailure("reset", retry_after_s=2, in_doubt=True)]
    await backstage.inbox.add(make_question(EASY))
    await backstage.work()
    backstage.clock.advance(3)
    await backstage.work()
    (reply,) = shown(backstage)
    assert isinstance(reply, Answered)


async def test_a_rate_limited_update_is_tried_again_after_the_time_that_was_asked_for(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question(EASY))
    worker = backstage.worker()
    (claim,) = await backstage.inbox.claim(1)
    await backstage.inbox.placed(claim, await worker._delivery.place(claim))
    backstage.clock.advance(61)
    backstage.courier.failing = [DeliveryFailure("ratelimited", retry_after_s=30)]
    await backstage.work()
    assert shown(backstage) == [Working()]
    backstage.clock.advance(29)
    await backstage.work()
    assert shown(backstage) == [Working()]
    backstage.clock.advance(2)
    await backstage.work()
    assert isinstance(shown(backstage)[0], Answered)
    assert len(backstage.small.prompts) == 1


async def test_a_placeholder_that_was_deleted_is_replaced_by_one_fresh_message(backstage: Backstage) -> None:
    async def delete_placeholder() -> None:
        backstage.courier.shown.clear()

    backstage.small.before = delete_placeholder
    await backstage.inbox.add(make_question(EASY))
    await backstage.work()
    (reply,) = shown(backstage)
    assert isinstance(reply, Answered)


async def test_a_channel_that_is_gone_makes_a_dead_letter(backstage: Backstage) -> None:
    backstage.courier.failing = [DeliveryFailure("channel_not_found", retry_after_s=None)]
    await backstage.inbox.add(make_question(EASY))
    await backstage.work()
    assert await backstage.inbox.counts() == {State.DEAD: 1}
    assert backstage.small.prompts == []


async def test_a_question_that_fails_again_and_again_ends_in_an_apology_and_a_dead_letter(backstage: Backstage) -> None:
    backstage.small.failure = RuntimeError("a mistake of ours")
    question = make_question(EASY)
    await backstage.inbox.add(question)
    for _ in range(MAX_ERRORS + 1):
        await backstage.work()
        backstage.clock.advance(61)
    assert shown(backstage) == [Failed(GAVE_UP, Cause.GAVE_UP)]
    assert await backstage.inbox.counts() == {State.DEAD: 1}
    assert len(backstage.small.prompts) == MAX_ERRORS
    record = await backstage.records.get(question.id)
    assert record
    assert record.reply == Failed(GAVE_UP, Cause.GAVE_UP)


async def test_a_question_that_kills_its_workers_is_given_up(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question(EASY))
    await backstage.database.change(update(inbox_table).values(crashes=MAX_CRASHES))
    await backstage.work()
    assert shown(backstage) == [Failed(GAVE_UP, Cause.GAVE_UP)]
    assert backstage.small.prompts == []


async def test_one_question_that_fails_does_not_hold_up_another(backstage: Backstage) -> None:
    backstage.frontier.failure = RuntimeError("a mistake of ours")
    await backstage.inbox.add(make_question(HARD))
    await backstage.inbox.add(make_question(EASY, user="U2"))
    await backstage.work()
    assert [type(reply) for reply in shown(backstage)] == [Working, Answered]


async def test_when_every_model_is_down_the_person_is_told_what_failed(backstage: Backstage) -> None:
    backstage.small.failure = backstage.frontier.failure = ModelFailure(Outcome.TIMEOUT, "secret detail")
    await backstage.inbox.add(make_question(EASY))
    await backstage.work()
    (reply,) = shown(backstage)
    assert isinstance(reply, Failed)
    assert reply.cause is Cause.ALL_DOWN
    assert reply.text == "Small model small took too long, frontier model frontier took too long. Nothing was charged."


async def test_a_question_edited_while_it_is_worked_on_is_answered_as_it_reads_now(backstage: Backstage) -> None:
    question = make_question("what is the default port of ldp?", source="5.0")

    async def edit() -> None:
        backstage.small.before = None
        await backstage.inbox.add(make_question(EASY, kind=Kind.EDITED, source="5.0"))
        worker = backstage.worker()
        (claim,) = await backstage.inbox.claim(1)
        await worker._handle(claim)

    backstage.small.before = edit
    await backstage.inbox.add(question)
    await backstage.work()
    (reply,) = shown(backstage)
    assert isinstance(reply, Answered)
    assert reply.text == f"small: {EASY}"


async def test_the_asker_of_an_answered_question_is_offered_a_new_answer_after_an_edit(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question(EASY, source="5.0"))
    await backstage.work()
    await backstage.inbox.add(make_question("new text", kind=Kind.EDITED, source="5.0"))
    await backstage.work()
    ((user, notice),) = backstage.courier.said
    assert user == "U1"
    assert isinstance(notice, Notice)
    assert notice.offers == (Offer.ANSWER_AGAIN,)
    assert len(shown(backstage)) == 1


async def test_the_answer_to_a_deleted_question_is_withdrawn_and_its_record_kept(backstage: Backstage) -> None:
    question = make_question(EASY, source="5.0")
    await backstage.inbox.add(question)
    await backstage.work()
    await backstage.inbox.add(make_question("", kind=Kind.DELETED, source="5.0"))
    await backstage.work()
    assert shown(backstage) == []
    assert await backstage.records.get(question.id)


async def test_a_question_deleted_while_it_is_worked_on_leaves_nothing_in_the_channel(backstage: Backstage) -> None:
    async def delete() -> None:
        await backstage.inbox.add(make_question("", kind=Kind.DELETED, source="5.0"))
        worker = backstage.worker()
        (claim,) = await backstage.inbox.claim(1)
        await worker._handle(claim)

    backstage.small.before = delete
    await backstage.inbox.add(make_question(EASY, source="5.0"))
    await backstage.work()
    assert shown(backstage) == []


async def test_a_deletion_that_overtook_its_question_still_takes_it_back(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question("", kind=Kind.DELETED, source="5.0"))
    await backstage.work()
    await backstage.inbox.add(make_question(EASY, source="5.0"))
    backstage.clock.advance(2)
    await backstage.work()
    assert shown(backstage) == []
    assert await backstage.inbox.counts() == {State.CANCELLED: 1, State.DONE: 1}


async def test_an_answer_may_be_served_again_for_the_time_that_the_policy_gives_its_volatility(backstage: Backstage) -> None:
    worker = backstage.worker()
    await backstage.inbox.add(make_question(EASY))
    (claim,) = await backstage.inbox.claim(1)
    result = await worker._answer(claim.question)
    assert result.decision
    stable = replace(result, decision=replace(result.decision, volatility=Volatility.STABLE))
    live = replace(result, decision=replace(result.decision, volatility=Volatility.LIVE))
    assert worker._expiry(stable, backstage.clock()) - backstage.clock() == timedelta(days=30)
    assert worker._expiry(live, backstage.clock()) == backstage.clock()


async def test_a_best_effort_answer_may_never_be_served_again(backstage: Backstage) -> None:
    backstage.frontier.failure = ModelFailure(Outcome.UNAVAILABLE)
    worker = backstage.worker()
    result = await worker._answer(make_question(HARD))
    assert result.answer
    assert result.answer.best_effort
    assert worker._expiry(result, backstage.clock()) == backstage.clock()


async def test_a_worker_that_is_told_to_stop_gives_back_what_it_cannot_finish(backstage: Backstage) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.sleep(60)

    backstage.small.before = hang
    await backstage.inbox.add(make_question(EASY))
    stop = asyncio.Event()
    running = asyncio.create_task(backstage.worker().run(stop, grace_s=0.05))
    await asyncio.wait_for(begun.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)
    (claim,) = await backstage.inbox.claim(1)
    assert (claim.errors, claim.crashes) == (0, 0)


async def test_a_worker_ends_after_the_items_it_was_made_for(backstage: Backstage) -> None:
    worker = backstage.worker()
    worker._max_items = 2
    for _ in range(2):
        await backstage.inbox.add(make_question(EASY))
    await asyncio.wait_for(worker.run(asyncio.Event()), 10)
    assert await backstage.inbox.counts() == {State.DONE: 2}


@pytest.mark.parametrize("kind", [Kind.EDITED, Kind.DELETED])
async def test_an_edit_or_deletion_of_a_message_that_asked_nothing_changes_nothing(kind: Kind, backstage: Backstage) -> None:
    await backstage.inbox.add(make_question("text", kind=kind, source="404.0"))
    backstage.clock.advance(10)
    await backstage.work()
    assert shown(backstage) == []
    assert await backstage.inbox.counts() == {State.DONE: 1}
