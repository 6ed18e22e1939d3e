"""The desk takes questions and clicks once, keeps private what was asked in private, and knows what it does not know."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.announcing import announcement_of
from bot.desk import Click, Desk, Taken
from bot.replies import Cause, Failed
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.flags import Flags
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.store.result import Result
from bot.store.retries import Retries
from bot.store.store import make_store
from bot.types import Answered, Conversation, Flag, FlagReason, FlagSource, Kind, MessageRef, Platform, Question
from router.types import Mode, Visibility
from tests.bot.store.test_records import AT, RESULT
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

URL = "https://chat.example/reply"


def desk_over(database: Database, clock: FakeClock) -> Desk:
    return Desk(make_store(database, clock), clock)


@pytest.fixture
def desk(database: Database, clock: FakeClock) -> Desk:
    return desk_over(database, clock)


@pytest.fixture
def inbox(database: Database, clock: FakeClock) -> Inbox:
    return Inbox(database, clock)


def click_on(question_id: str, *, user: str = "U9", key: str = "press-1", reply_url: str = "") -> Click:
    return Click(question_id, user, key, reply_url=reply_url)


def flag_on(question_id: str, user: str = "U1") -> Flag:
    return Flag(question_id, user, FlagSource.FORM, FlagReason.WRONG, "port 180", AT)


async def waiting(inbox: Inbox) -> list[Question]:
    """Return what lies in the inbox now, in the order of its arrival."""
    return [claim.question for claim in await inbox.claim(100)]


async def answer(inbox: Inbox, database: Database, question: Question, *, minutes: int = 0) -> None:
    await inbox.add(replace(question, asked_at=AT + timedelta(minutes=minutes)))
    (claim,) = [item for item in await inbox.claim(100) if item.question.id == question.id]
    await Records(database).keep(claim, RESULT, at=AT, expires_at=AT)
    await inbox.finish(claim)


async def test_a_question_is_taken_once_for_each_delivery_and_each_thing_said(desk: Desk, inbox: Inbox) -> None:
    first, second = make_question(), make_question()
    assert await desk.take(first) is Taken.NEW
    assert await desk.take(replace(second, delivery_key=first.delivery_key)) is Taken.DUPLICATE
    assert await desk.take(replace(second, logical_key=first.logical_key)) is Taken.DUPLICATE
    assert await waiting(inbox) == [first]


async def test_an_escalation_asks_the_same_for_the_person_who_clicked(desk: Desk, inbox: Inbox, clock: FakeClock) -> None:
    asked = make_question("why does cr1 flap?", thread="5.0")
    await desk.take(asked)
    clock.advance(60)
    assert await desk.escalate(click_on(asked.id)) is Taken.NEW
    made = (await waiting(inbox))[-1]
    assert (made.kind, made.parent, made.user, made.asked_at) == (Kind.ESCALATE, asked.id, "U9", clock())
    assert (made.text, made.conversation, made.source) == (asked.text, asked.conversation, asked.source)
    assert made.id != asked.id


async def test_an_answer_is_escalated_once_whoever_clicks(desk: Desk, inbox: Inbox) -> None:
    asked = make_question()
    await desk.take(asked)
    clicks = (click_on(asked.id), click_on(asked.id), click_on(asked.id, user="U8", key="press-2"))
    assert [await desk.escalate(click) for click in clicks] == [Taken.NEW, Taken.DUPLICATE, Taken.DUPLICATE]
    assert len(await waiting(inbox)) == 2


async def test_of_two_clicks_at_once_one_is_new(desk: Desk) -> None:
    asked = make_question()
    await desk.take(asked)
    taken = await asyncio.gather(*(desk.escalate(click_on(asked.id, key=f"press-{number}")) for number in range(4)))
    assert sorted(taken) == [Taken.DUPLICATE, Taken.DUPLICATE, Taken.DUPLICATE, Taken.NEW]


@pytest.mark.parametrize("ask", [Desk.escalate, Desk.again])
async def test_a_private_question_stays_private(
    desk: Desk, inbox: Inbox, database: Database, ask: Callable[[Desk, Click], Awaitable[Taken]]
) -> None:
    asked = make_question(private=True)
    await answer(inbox, database, asked)
    await ask(desk, click_on(asked.id, reply_url=URL))
    made = (await waiting(inbox))[-1]
    assert (made.private, made.reply_url) == (True, URL)


@pytest.mark.parametrize("ask", [Desk.escalate, Desk.again])
async def test_a_public_question_stays_public(
    desk: Desk, inbox: Inbox, database: Database, ask: Callable[[Desk, Click], Awaitable[Taken]]
) -> None:
    asked = make_question()
    await answer(inbox, database, asked)
    await ask(desk, click_on(asked.id, reply_url=URL))
    made = (await waiting(inbox))[-1]
    assert (made.private, made.reply_url) == (False, "")


async def test_an_escalation_of_a_private_escalation_is_private_too(desk: Desk, inbox: Inbox) -> None:
    asked = make_question(private=True)
    await desk.take(asked)
    await desk.escalate(click_on(asked.id))
    first = (await waiting(inbox))[-1]
    assert await desk.escalate(click_on(first.id, key="press-2")) is Taken.NEW
    assert (await waiting(inbox))[-1].private


async def test_an_answered_question_is_asked_again_once_for_each_way_it_reads(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question("why is cr1 down?")
    await answer(inbox, database, asked)
    assert await desk.again(click_on(asked.id)) is Taken.NEW
    assert await desk.again(click_on(asked.id, key="press-2")) is Taken.DUPLICATE
    (second,) = await inbox.claim(100)
    await Records(database).keep(second, RESULT, at=AT, expires_at=AT)
    await inbox.finish(second)
    assert asked.source
    await inbox.revise(asked.source, "why is cr2 down?")
    assert await desk.again(click_on(second.question.id, key="press-3")) is Taken.NEW
    assert (await waiting(inbox))[-1].text == "why is cr2 down?"


async def fail(inbox: Inbox, database: Database, question: Question, until: datetime | None = None) -> None:
    """Let no model answer a question: for good, or until it is tried again."""
    await inbox.add(question)
    (claim,) = [item for item in await inbox.claim(100) if item.question.id == question.id]
    failure = Failed("No model answered.", Cause.ALL_DOWN, until)
    await Records(database).keep(claim, Result(Mode.ON, None, (), None, failure=failure), at=AT, expires_at=AT)
    if until is None:
        await inbox.finish(claim)
    else:
        await Retries(database, inbox._clock).later(claim, 60)


@pytest.mark.parametrize("until", [None, AT + timedelta(minutes=15)])
async def test_what_failed_is_tried_at_once_and_stays_the_same_item(
    desk: Desk, inbox: Inbox, database: Database, until: datetime | None
) -> None:
    asked = make_question()
    await fail(inbox, database, asked, until)
    assert [await desk.again(click_on(asked.id, key=key)) for key in ("press-1", "press-2")] == [Taken.NEW, Taken.DUPLICATE]
    assert await waiting(inbox) == [asked]


async def test_what_is_being_tried_is_not_tried_beside_that(desk: Desk, inbox: Inbox, database: Database, clock: FakeClock) -> None:
    asked = make_question()
    await fail(inbox, database, asked, AT + timedelta(minutes=15))
    clock.advance(60)
    (claim,) = await inbox.claim(1)
    assert await desk.again(click_on(asked.id)) is Taken.DUPLICATE
    await inbox.finish(claim)


async def test_a_private_failure_is_tried_at_the_address_of_the_press(
    desk: Desk, inbox: Inbox, database: Database, clock: FakeClock
) -> None:
    asked = make_question(private=True)
    await fail(inbox, database, asked)
    clock.advance(3600)
    await desk.again(click_on(asked.id, reply_url=URL))
    (made,) = await waiting(inbox)
    assert (made.id, made.reply_url, made.asked_at) == (asked.id, URL, clock())


async def test_the_small_model_is_let_answer_what_failed(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question()
    await fail(inbox, database, asked)
    assert await desk.small(click_on(asked.id)) is Taken.NEW
    (made,) = await waiting(inbox)
    assert (made.id, made.kind) == (asked.id, Kind.SMALL)


async def test_the_small_model_does_not_answer_again_what_was_answered(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question()
    await answer(inbox, database, asked)
    assert await desk.small(click_on(asked.id)) is Taken.UNKNOWN


async def test_a_person_is_on_the_list_once_until_they_were_told(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question()
    await fail(inbox, database, asked)
    taken = [await desk.tell(click_on(asked.id, user=user, key=key)) for user, key in (("U8", "1"), ("U8", "2"), ("U9", "3"))]
    assert taken == [Taken.NEW, Taken.DUPLICATE, Taken.NEW]
    watches = await inbox.claim(100)
    assert [(each.question.kind, each.question.user, each.question.private) for each in watches] == [
        (Kind.WATCH, "U8", True),
        (Kind.WATCH, "U9", True),
    ]
    await inbox.finish(watches[0])
    assert await desk.tell(click_on(asked.id, user="U8", key="4")) is Taken.NEW


OPERATORS = Conversation(Platform.SLACK, "T1", "C_OPS", "", Visibility.PUBLIC)


@pytest.mark.parametrize(("private", "quoted"), [(False, True), (True, False)])
async def test_the_operators_are_asked_for_more_budget_and_see_no_private_question(
    database: Database, inbox: Inbox, clock: FakeClock, *, private: bool, quoted: bool
) -> None:
    desk = Desk(make_store(database, clock), clock, operators=OPERATORS)
    asked = make_question("why does hush-rtr flap?", private=private)
    await fail(inbox, database, asked)
    taken = [await desk.request_budget(click_on(asked.id, key=key)) for key in ("1", "2")]
    assert taken == [Taken.NEW, Taken.DUPLICATE]
    (item,) = await waiting(inbox)
    said = announcement_of(item)
    assert (item.conversation, said.title) == (OPERATORS, "More budget is asked for")
    assert ("hush-rtr" in said.text, "U9 asks for it in C1." in said.text) == (quoted, True)


async def test_without_a_channel_of_theirs_operators_cannot_be_asked(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question()
    await fail(inbox, database, asked)
    assert await desk.request_budget(click_on(asked.id)) is Taken.UNKNOWN


async def test_an_answer_that_nobody_gave_is_unknown(desk: Desk, inbox: Inbox) -> None:
    click = click_on("q_unknown")
    taken = [
        await desk.escalate(click),
        await desk.again(click),
        await desk.small(click),
        await desk.tell(click),
        await desk.flag(flag_on("q_unknown")),
    ]
    taken += [await desk.retract("q_unknown", "U1"), await desk.helpful("q_unknown", "U1")]
    assert taken == [Taken.UNKNOWN] * 7
    assert await waiting(inbox) == []
    assert await desk.record("q_unknown") is None


async def test_a_person_s_second_flag_is_a_duplicate_and_another_person_s_is_new(desk: Desk) -> None:
    asked = make_question()
    await desk.take(asked)
    flags = (flag_on(asked.id), flag_on(asked.id), flag_on(asked.id, "U2"))
    assert [await desk.flag(flag) for flag in flags] == [Taken.NEW, Taken.DUPLICATE, Taken.NEW]


async def test_of_a_person_s_flags_at_once_one_is_new(desk: Desk) -> None:
    asked = make_question()
    await desk.take(asked)
    taken = await asyncio.gather(*(desk.flag(flag_on(asked.id)) for _ in range(4)))
    assert sorted(taken) == [Taken.DUPLICATE, Taken.DUPLICATE, Taken.DUPLICATE, Taken.NEW]


async def test_a_flag_is_retracted_once_and_by_its_giver_alone(desk: Desk) -> None:
    asked = make_question()
    await desk.take(asked)
    await desk.flag(flag_on(asked.id))
    assert await desk.retract(asked.id, "U2") is Taken.UNKNOWN
    assert await desk.retract(asked.id, "U1") is Taken.NEW
    assert await desk.retract(asked.id, "U1") is Taken.UNKNOWN


async def test_calling_an_answer_helpful_takes_the_flag_back(desk: Desk, database: Database) -> None:
    asked = make_question()
    await desk.take(asked)
    await desk.flag(flag_on(asked.id))
    assert await desk.helpful(asked.id, "U1") is Taken.DUPLICATE
    assert await Flags(database).standing(10) == ()
    await desk.flag(flag_on(asked.id))
    assert len(await Flags(database).standing(10)) == 1


async def test_the_question_behind_a_reply_is_found_by_where_it_stands(desk: Desk, inbox: Inbox) -> None:
    asked, ref = make_question(), MessageRef(Platform.SLACK, "T1", "C1", "9.9")
    await desk.take(asked)
    assert await desk.question_at(ref) is None
    (claim,) = await inbox.claim(1)
    await inbox.placed(claim, ref)
    assert await desk.question_at(ref) == asked.id
    elsewhere = (replace(ref, tenant="T2"), replace(ref, platform=Platform.WEB), replace(ref, channel="C2"), replace(ref, message="9.8"))
    assert [await desk.question_at(other) for other in elsewhere] == [None] * 4


async def test_a_record_has_a_reply_once_it_is_answered(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question()
    await answer(inbox, database, asked)
    open_question = make_question()
    await desk.take(open_question)
    done, pending = await desk.record(asked.id), await desk.record(open_question.id)
    assert done
    assert isinstance(done.reply, Answered)
    assert pending
    assert (pending.question, pending.reply) == (open_question, None)


async def test_a_person_s_own_last_questions_come_newest_first(desk: Desk, inbox: Inbox, database: Database) -> None:
    mine = [make_question(user="U1") for _ in range(3)]
    for minutes, question in enumerate(mine):
        await answer(inbox, database, question, minutes=minutes)
    await answer(inbox, database, make_question(user="U2"))
    await answer(inbox, database, make_question(user="U1", platform=Platform.WEB))
    recent = await desk.recent(Platform.SLACK, "T1", "U1", 2)
    assert [record.question.id for record in recent] == [mine[2].id, mine[1].id]
    assert await desk.recent(Platform.SLACK, "T2", "U1", 2) == ()


async def test_those_who_asked_in_a_thread_are_known_but_not_those_who_asked_there_in_private(desk: Desk) -> None:
    first = make_question(thread="5.0", user="U1")
    others = (make_question(thread="5.0", user="U2"), make_question(thread="5.0", user="U3", private=True), make_question(thread="6.0"))
    for question in (first, *others):
        await desk.take(question)
    assert await desk.askers(first.conversation) == {"U1", "U2"}
    assert await desk.askers(replace(first.conversation, tenant="T2")) == frozenset()
    assert await desk.askers(replace(first.conversation, thread="")) == frozenset()


async def test_a_switch_is_set_read_and_removed(desk: Desk) -> None:
    await desk.switch("simulated.small", "hang")
    assert await desk.switches("simulated.") == {"simulated.small": "hang"}
    await desk.switch("simulated.small", "")
    assert await desk.switches("simulated.") == {}


async def test_a_lost_database_is_said_so_by_every_method(clock: FakeClock) -> None:
    database, question = Database("postgresql://postgres@127.0.0.1:9/nothing"), make_question()
    desk, ref = desk_over(database, clock), MessageRef(Platform.SLACK, "T1", "C1", "1")
    calls: list[Awaitable[object]] = [
        *(desk.take(question), desk.escalate(click_on("q")), desk.again(click_on("q")), desk.flag(flag_on("q"))),
        *(desk.retract("q", "U1"), desk.helpful("q", "U1"), desk.question_at(ref), desk.record("q")),
        *(desk.recent(Platform.SLACK, "T1", "U1", 5), desk.askers(make_question(thread="5").conversation)),
        *(desk.switches(""), desk.switch("a", "b")),
    ]
    assert [type(each) for each in await asyncio.gather(*calls, return_exceptions=True)] == [StoreUnavailable] * len(calls)
    await database.close()


async def test_what_is_taken_has_lost_its_secrets(desk: Desk, inbox: Inbox) -> None:
    await desk.take(make_question("why does snmp-server community tr0ub4dor fail on cr1?"))
    (taken,) = await waiting(inbox)
    assert taken.text == "why does snmp-server community [secret removed] fail on cr1?"


async def test_what_is_said_of_a_flag_has_lost_its_secrets(desk: Desk, inbox: Inbox, database: Database) -> None:
    asked = make_question()
    await answer(inbox, database, asked)
    await desk.flag(replace(flag_on(asked.id), comment="it wants the password: Tr0ub4dor&3"))
    (flagged,) = await Flags(database).standing(10)
    assert flagged.flag.comment == "it wants the password: [secret removed]"
