"""The inbox keeps what it took, hands each item to one worker at a time, and fences the late."""

import asyncio

import pytest
from sqlalchemy import update

from bot.store.database import Database
from bot.store.errors import LeaseLost
from bot.store.inbox import Inbox, State
from bot.store.tables import inbox as inbox_table
from bot.types import Kind, MessageRef, Platform
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

REPLY = MessageRef(Platform.SLACK, "T1", "C1", "99.1")


@pytest.fixture
def inbox(database: Database, clock: FakeClock) -> Inbox:
    return Inbox(database, clock, lease_s=60)


async def test_a_question_comes_back_as_it_was_put_in(inbox: Inbox) -> None:
    question = make_question("what is vlan 10?", private=True, thread="5.0")
    assert await inbox.add(question)
    (claim,) = await inbox.claim(5)
    assert claim.question == question
    assert (claim.attempts, claim.errors, claim.crashes, claim.reply, claim.recorded) == (1, 0, 0, None, False)


async def test_a_second_event_about_the_same_message_is_not_taken(inbox: Inbox) -> None:
    assert await inbox.add(make_question(key="slack:T1/C1/1.0"))
    assert not await inbox.add(make_question(key="slack:T1/C1/1.0"))
    assert len(await inbox.claim(5)) == 1


async def test_one_delivery_of_twenty_at_once_is_taken(inbox: Inbox) -> None:
    question = make_question()
    taken = await asyncio.gather(*(inbox.add(question) for _ in range(20)))
    assert sum(taken) == 1


async def test_two_workers_never_hold_the_same_item(inbox: Inbox, database: Database, clock: FakeClock) -> None:
    for number in range(40):
        await inbox.add(make_question(user=f"U{number}"))
    other = Inbox(Database(database.url.render_as_string(hide_password=False)), clock)
    claims = await asyncio.gather(*(worker.claim(3) for worker in (inbox, other) * 10))
    await other._database.close()
    held = [claim.question.id for batch in claims for claim in batch]
    assert len(held) == len(set(held)) == 40


async def test_a_flood_of_one_person_does_not_hold_up_another(inbox: Inbox) -> None:
    for _ in range(20):
        await inbox.add(make_question(user="U-flood"))
    await inbox.add(make_question(user="U-late"))
    assert "U-late" in {claim.question.user for claim in await inbox.claim(2)}


async def test_a_leased_item_is_free_again_when_its_lease_has_passed(inbox: Inbox, clock: FakeClock) -> None:
    await inbox.add(make_question())
    await inbox.claim(1)
    clock.advance(59)
    assert await inbox.claim(1) == ()
    clock.advance(2)
    (second,) = await inbox.claim(1)
    assert (second.attempts, second.crashes) == (2, 1)


async def test_the_successor_of_a_killed_worker_need_not_wait_for_its_lease(database: Database, clock: FakeClock) -> None:
    killed, successor = (Inbox(database, clock, owner="worker-1") for _ in range(2))
    neighbour = Inbox(database, clock, owner="worker-10")
    await killed.add(make_question(user="U1"))
    await killed.add(make_question(user="U2"))
    (lost,) = await killed.claim(1)
    (kept,) = await neighbour.claim(1)
    assert await successor.recover() == 1
    (found,) = await successor.claim(5)
    assert found.question == lost.question
    assert found.crashes == 1
    await neighbour.finish(kept)


async def test_a_renewed_lease_holds_longer(inbox: Inbox, clock: FakeClock) -> None:
    await inbox.add(make_question())
    claims = await inbox.claim(1)
    clock.advance(50)
    await inbox.renew(claims)
    clock.advance(50)
    assert await inbox.claim(1) == ()


async def test_the_writes_of_a_worker_that_woke_too_late_are_void(inbox: Inbox, clock: FakeClock) -> None:
    await inbox.add(make_question())
    (late,) = await inbox.claim(1)
    clock.advance(61)
    (holder,) = await inbox.claim(1)
    for write in (inbox.placed(late, REPLY), inbox.finish(late), inbox.postpone(late, 1, error=True)):
        with pytest.raises(LeaseLost):
            await write
    await inbox.renew([late])
    await inbox.placed(holder, REPLY)
    await inbox.finish(holder)
    assert await inbox.counts() == {State.DONE: 1}


async def test_the_place_of_the_reply_outlives_the_worker(inbox: Inbox, clock: FakeClock) -> None:
    await inbox.add(make_question())
    (first,) = await inbox.claim(1)
    await inbox.placed(first, REPLY)
    clock.advance(61)
    (second,) = await inbox.claim(1)
    assert second.reply == REPLY


async def test_a_postponed_item_waits_and_counts_only_errors(inbox: Inbox, clock: FakeClock) -> None:
    await inbox.add(make_question())
    (claim,) = await inbox.claim(1)
    await inbox.postpone(claim, 10, error=True)
    clock.advance(9)
    assert await inbox.claim(1) == ()
    clock.advance(1)
    (claim,) = await inbox.claim(1)
    assert claim.errors == 1
    await inbox.postpone(claim, 0, error=False)
    (claim,) = await inbox.claim(1)
    assert (claim.errors, claim.attempts) == (1, 3)


async def test_an_edit_restarts_an_unanswered_question_and_voids_the_lease(inbox: Inbox) -> None:
    question = make_question("is cr1 up?")
    await inbox.add(question)
    (late,) = await inbox.claim(1)
    assert question.source
    found = await inbox.revise(question.source, "is cr2 up?")
    assert found
    assert not found.recorded
    with pytest.raises(LeaseLost):
        await inbox.finish(late)
    (again,) = await inbox.claim(1)
    assert again.question.text == "is cr2 up?"


async def test_an_edit_after_the_answer_keeps_the_answer_and_remembers_the_new_text(inbox: Inbox) -> None:
    question = make_question("is cr1 up?")
    await inbox.add(question)
    (claim,) = await inbox.claim(1)
    await inbox.finish(claim)
    assert question.source
    found = await inbox.revise(question.source, "is cr2 up?")
    assert found
    assert found.recorded
    assert await inbox.claim(1) == ()
    reads = await inbox.question(question.id)
    assert reads
    assert reads.text == "is cr2 up?"


async def test_an_edit_of_an_unknown_message_finds_nothing(inbox: Inbox) -> None:
    assert await inbox.revise(REPLY, "text") is None


async def test_a_deleted_message_cancels_its_question_and_its_escalation(inbox: Inbox) -> None:
    question = make_question(source="7.0")
    await inbox.add(question)
    (claim,) = await inbox.claim(1)
    await inbox.placed(claim, REPLY)
    await inbox.add(make_question(source="7.0", kind=Kind.ESCALATE, parent=question.id))
    assert question.source
    found = await inbox.cancel(question.source)
    assert [item.reply for item in found] == [REPLY, None]
    assert await inbox.claim(5) == ()
    assert await inbox.cancelled(question.id)
    with pytest.raises(LeaseLost):
        await inbox.finish(claim)


async def test_the_age_of_the_oldest_free_item_is_known(inbox: Inbox, clock: FakeClock) -> None:
    assert await inbox.oldest_waiting_s() == 0
    await inbox.add(make_question())
    clock.advance(30)
    assert await inbox.oldest_waiting_s() == 30
    await inbox.claim(1)
    assert await inbox.oldest_waiting_s() == 0


async def test_an_answered_item_whose_delivery_is_open_is_claimed_for_delivery(inbox: Inbox, database: Database) -> None:
    await inbox.add(make_question())
    await database.change(update(inbox_table).values(state=State.RECORDED.value))
    (claim,) = await inbox.claim(1)
    assert claim.recorded


async def test_a_worker_gets_only_what_it_can_deliver(inbox: Inbox) -> None:
    await inbox.add(make_question(platform=Platform.TERMINAL))
    await inbox.add(make_question(platform=Platform.WEB))
    assert [claim.question.conversation.platform for claim in await inbox.claim(5, [Platform.WEB, Platform.SLACK])] == [Platform.WEB]


async def test_a_text_that_a_database_cannot_hold_is_taken_without_what_it_cannot_hold(inbox: Inbox) -> None:
    assert await inbox.add(make_question("is cr1\0 up?"))
    (claim,) = await inbox.claim(1)
    assert claim.question.text == "is cr1 up?"
