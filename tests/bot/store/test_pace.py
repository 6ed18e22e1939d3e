"""What a person asked too fast is closed at once, each question with its record."""

import asyncio
from datetime import timedelta

import pytest

from bot.replies import Cause, Failed
from bot.store.database import Database
from bot.store.inbox import Inbox, State
from bot.store.pace import Limit, Pace
from bot.store.records import Records
from bot.types import Question
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

LIMIT = Limit("a minute", timedelta(minutes=1), 3)


@pytest.fixture
def inbox(database: Database, clock: FakeClock) -> Inbox:
    return Inbox(database, clock)


async def ask(inbox: Inbox, count: int, user: str = "U1") -> list[Question]:
    asked = [make_question(user=user) for _ in range(count)]
    for question in asked:
        await inbox.add(question)
    return asked


async def close_rest(database: Database, question: Question, clock: FakeClock) -> Failed:
    pace = Pace(database)
    before = await pace.before(question, LIMIT)
    assert before.full_until
    failure = Failed("too fast", Cause.RATE_LIMIT, clock() + LIMIT.window)
    await pace.close_rest(question, before.full_until, failure, clock())
    return failure


async def test_who_has_asked_less_than_the_most_is_not_over_it(inbox: Inbox, database: Database) -> None:
    asked = await ask(inbox, 4)
    found = [await Pace(database).before(question, LIMIT) for question in asked]
    assert [before.count for before in found] == [0, 1, 2, 3]
    assert [before.full_until is None for before in found] == [True, True, True, False]


async def test_the_rest_is_closed_with_a_record_each(inbox: Inbox, database: Database, clock: FakeClock) -> None:
    asked = await ask(inbox, 15)
    (other,) = await ask(inbox, 1, "U2")
    failure = await close_rest(database, asked[3], clock)
    assert await inbox.counts() == {State.WAITING: 5, State.DONE: 11}
    for question in asked[4:]:
        record = await Records(database).get(question.id)
        assert record
        assert (record.question.text, record.reply) == (question.text, failure)
    assert {claim.question.id for claim in await inbox.claim(9)} == {other.id, *(question.id for question in asked[:4])}


async def test_what_somebody_works_on_is_left_to_them(inbox: Inbox, database: Database, clock: FakeClock) -> None:
    asked = await ask(inbox, 8)
    held = await inbox.claim(6)
    await close_rest(database, asked[3], clock)
    assert await inbox.counts() == {State.WAITING: 6, State.DONE: 2}
    for claim in held:
        await inbox.finish(claim)


async def test_what_came_in_when_there_was_room_again_waits(inbox: Inbox, database: Database, clock: FakeClock) -> None:
    first = await ask(inbox, 2)
    clock.advance(40)
    full = await ask(inbox, 3)
    clock.advance(19)
    await ask(inbox, 1)
    clock.advance(1)
    (taken,) = await ask(inbox, 1)
    await close_rest(database, full[1], clock)
    assert await inbox.counts() == {State.WAITING: 5, State.DONE: 2}
    assert {claim.question.id for claim in await inbox.claim(9)} == {question.id for question in (*first, *full[:2], taken)}


async def test_two_workers_that_close_the_same_rest_close_each_once(inbox: Inbox, database: Database, clock: FakeClock) -> None:
    asked = await ask(inbox, 30)
    await asyncio.gather(*(close_rest(database, question, clock) for question in asked[3:7]))
    assert await inbox.counts() == {State.WAITING: 4, State.DONE: 26}
