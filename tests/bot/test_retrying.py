"""What no model could answer is kept and tried again: shown once, answered once, never lost, and woken early."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Click
from bot.replies import Cause, Failed, Notice, Offer
from bot.retrying import FIRST_S, JITTER, LONGEST_S, pause_s
from bot.store.database import Database
from bot.store.inbox import State
from bot.store.tables import attempts
from bot.types import Answered, Badge, DeliveryFailure, Kind, Question, Working
from bot.watching import ANSWERED, BACK, FRONTIER_BACK, PROBE_S
from router.types import ModelFailure, Outcome, Purpose
from tests.bot.conftest import Backstage
from tests.fakes.clock import FakeClock
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question

EASY = "what is the default port of bgp?"
HARD = "why does the OSPF adjacency flap after a link-state database overflow?"
WINDOW_S = 900


@pytest.fixture
def outage(database: Database, clock: FakeClock) -> Backstage:
    """A back office whose models are all down."""
    made = Backstage(database, clock)
    go_down(made)
    return made


def go_down(backstage: Backstage) -> None:
    backstage.small.failure = backstage.frontier.failure = ModelFailure(Outcome.UNAVAILABLE)


def mend(backstage: Backstage) -> None:
    backstage.small.failure = backstage.frontier.failure = None


async def ask(backstage: Backstage, text: str = EASY, *, user: str = "U1", source: str = "") -> Question:
    """Ask now, and let the worker do what is due."""
    question = replace(make_question(text, user=user, source=source), asked_at=backstage.clock())
    await backstage.inbox.add(question)
    await backstage.work()
    return question


async def pass_time(backstage: Backstage, seconds: float) -> None:
    """Let time pass in steps, and the worker do what is due at each."""
    for _ in range(int(seconds // 5)):
        backstage.clock.advance(5)
        await backstage.work()


def shown(backstage: Backstage, question: Question) -> object:
    """Return what the one message about a question shows."""
    (message,) = [each for each, owner in backstage.courier.owners.items() if owner == question.id and each in backstage.courier.shown]
    return backstage.courier.shown[message]


def failure(backstage: Backstage, question: Question) -> Failed:
    reply = shown(backstage, question)
    assert isinstance(reply, Failed)
    return reply


async def test_the_person_is_told_that_it_is_tried_again_and_until_when(outage: Backstage) -> None:
    question = await ask(outage)
    told = failure(outage, question)
    assert (told.cause, told.until) == (Cause.ALL_DOWN, outage.clock() + timedelta(seconds=WINDOW_S))
    assert told.offers == (Offer.TRY_AGAIN, Offer.TELL_ME)
    assert await outage.inbox.counts() == {State.RETRYING: 1}


async def test_the_message_becomes_the_answer_by_itself(outage: Backstage) -> None:
    question = await ask(outage)
    mend(outage)
    await pass_time(outage, 10)
    assert isinstance(shown(outage, question), Answered)
    assert outage.courier.posts == 1
    assert await outage.inbox.counts() == {State.DONE: 1}


async def test_each_try_leaves_its_attempts_and_the_answer_shows_them_all(outage: Backstage) -> None:
    question = await ask(outage)
    mend(outage)
    await pass_time(outage, 10)
    reply = shown(outage, question)
    assert isinstance(reply, Answered)
    assert [line.outcome for line in reply.attempts] == [Outcome.UNAVAILABLE, Outcome.UNAVAILABLE, Outcome.ANSWERED]


async def test_after_the_window_the_last_word_is_a_failure_that_may_be_tried_again(outage: Backstage) -> None:
    question = await ask(outage)
    await pass_time(outage, WINDOW_S + 10)
    told = failure(outage, question)
    assert (told.until, told.offers) == (None, (Offer.TRY_AGAIN, Offer.TELL_ME))
    assert await outage.inbox.counts() == {State.DONE: 1}
    asked = len(outage.small.prompts)
    await pass_time(outage, 300)
    assert len(outage.small.prompts) == asked


async def test_a_policy_without_a_window_tries_nothing_by_itself(outage: Backstage) -> None:
    outage.policy = make_policy("[retry]\nwindow_s = 0\n")
    question = await ask(outage)
    await pass_time(outage, 60)
    assert failure(outage, question).until is None
    assert len(outage.small.prompts) == 1


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.TOO_LONG])
async def test_what_every_model_would_turn_down_is_not_tried_again(outage: Backstage, outcome: Outcome) -> None:
    outage.small.failure = ModelFailure(outcome)
    question = await ask(outage)
    assert failure(outage, question).until is None
    assert await outage.inbox.counts() == {State.DONE: 1}


def test_the_pauses_grow_and_no_two_are_alike() -> None:
    assert all(FIRST_S * (1 - JITTER) <= pause_s(0) <= FIRST_S * (1 + JITTER) for _ in range(50))
    assert all(LONGEST_S * (1 - JITTER) <= pause_s(40) <= LONGEST_S * (1 + JITTER) for _ in range(50))
    assert len({pause_s(3) for _ in range(50)}) > 1


async def test_the_message_is_not_touched_by_tries_that_fail_again(outage: Backstage) -> None:
    question = await ask(outage)
    told = failure(outage, question)
    await pass_time(outage, 120)
    assert failure(outage, question) is told


async def test_a_success_of_another_question_wakes_what_waits(outage: Backstage) -> None:
    first = await ask(outage)
    await pass_time(outage, 100)
    mend(outage)
    await ask(outage, HARD, user="U2")
    assert isinstance(shown(outage, first), Answered)


async def test_try_again_tries_at_once_in_the_same_message(outage: Backstage) -> None:
    question = await ask(outage)
    await pass_time(outage, 100)
    mend(outage)
    seen: list[object] = []

    async def look() -> None:
        seen.append(shown(outage, question))

    outage.small.before = look
    await outage.desk.again(click(question))
    await outage.work()
    assert seen == [Working()]
    assert isinstance(shown(outage, question), Answered)
    assert outage.courier.posts == 1


async def test_try_again_that_fails_begins_a_window_of_its_own(outage: Backstage) -> None:
    question = await ask(outage)
    await pass_time(outage, WINDOW_S + 10)
    await outage.desk.again(click(question))
    await outage.work()
    assert failure(outage, question).until == outage.clock() + timedelta(seconds=WINDOW_S)
    mend(outage)
    await pass_time(outage, 10)
    assert isinstance(shown(outage, question), Answered)


async def test_a_press_while_it_is_tried_brings_no_second_answer(outage: Backstage) -> None:
    question = await ask(outage)
    mend(outage)

    async def press() -> None:
        outage.small.before = None
        await outage.desk.again(click(question))

    outage.small.before = press
    await pass_time(outage, 60)
    assert isinstance(shown(outage, question), Answered)
    assert [prompt.text for prompt in outage.small.prompts] == [EASY, EASY]


async def test_a_question_edited_in_between_is_answered_as_it_reads_then(outage: Backstage) -> None:
    question = await ask(outage, "what is the default port of ldp?", source="5.0")
    mend(outage)
    await outage.inbox.add(make_question(EASY, kind=Kind.EDITED, source="5.0"))
    await outage.work()
    reply = shown(outage, question)
    assert isinstance(reply, Answered)
    assert reply.text == f"small: {EASY}"
    assert outage.courier.said == []
    record = await outage.records.get(question.id)
    assert record
    assert record.question.text == EASY


async def test_an_edit_after_the_window_tries_the_question_anew(outage: Backstage) -> None:
    question = await ask(outage, "what is the default port of ldp?", source="5.0")
    await pass_time(outage, WINDOW_S + 10)
    mend(outage)
    await outage.inbox.add(make_question(EASY, kind=Kind.EDITED, source="5.0"))
    await outage.work()
    assert isinstance(shown(outage, question), Answered)
    assert outage.courier.said == []


async def test_a_question_deleted_in_between_is_never_tried_again(outage: Backstage) -> None:
    await ask(outage, source="5.0")
    asked = len(outage.small.prompts)
    await outage.inbox.add(make_question("", kind=Kind.DELETED, source="5.0"))
    await outage.work()
    mend(outage)
    await pass_time(outage, WINDOW_S + 10)
    assert outage.courier.shown == {}
    assert len(outage.small.prompts) == asked


async def test_a_worker_that_dies_in_the_middle_of_a_try_leaves_it_to_the_next(outage: Backstage) -> None:
    question = await ask(outage)
    outage.clock.advance(60)
    (dead,) = await outage.inbox.claim(1)
    assert dead.question == question
    mend(outage)
    await pass_time(outage, 65)
    assert isinstance(shown(outage, question), Answered)
    assert len(outage.courier.shown) == 1


async def test_a_worker_that_dies_before_it_told_the_person_leaves_that_to_the_next(outage: Backstage) -> None:
    outage.courier.failing = []
    question = replace(make_question(EASY), asked_at=outage.clock())
    await outage.inbox.add(question)
    (claim,) = await outage.inbox.claim(1)
    worker = outage.worker()
    claim = await worker._placed(claim)
    await worker._answer_and_keep(claim)
    assert isinstance(shown(outage, question), Working)
    await pass_time(outage, 65)
    assert failure(outage, question).until is not None


async def test_a_platform_that_does_not_take_the_news_gets_it_later(outage: Backstage) -> None:
    question = replace(make_question(EASY), asked_at=outage.clock())
    await outage.inbox.add(question)

    async def go_away() -> None:
        outage.courier.failing = [DeliveryFailure("ratelimited", retry_after_s=30)]

    outage.small.before = go_away
    await outage.work()
    assert shown(outage, question) == Working()
    outage.small.before = None
    await pass_time(outage, 40)
    assert failure(outage, question).until is not None


async def test_a_hundred_questions_are_each_answered_once_when_it_is_over(outage: Backstage) -> None:
    for number in range(100):
        await outage.inbox.add(make_question(f"{EASY} {number}", user=f"U{number}"))
    await outage.work()
    assert await outage.inbox.counts() == {State.RETRYING: 100}
    mend(outage)
    await pass_time(outage, 60)
    assert await outage.inbox.counts() == {State.DONE: 100}
    assert len(outage.courier.shown) == 100
    assert all(isinstance(reply, Answered) for reply in outage.courier.shown.values())


def click(question: Question, *, user: str = "U1", key: str = "press-1") -> Click:
    return Click(question.id, user, key)


def notices(backstage: Backstage) -> list[tuple[str, Notice]]:
    return [(message, reply) for message, reply in backstage.courier.shown.items() if isinstance(reply, Notice)]


async def test_who_asked_to_be_told_is_told_once_when_the_question_is_answered(outage: Backstage) -> None:
    question = await ask(outage)
    await outage.desk.tell(click(question, user="U2"))
    await pass_time(outage, 60)
    assert notices(outage) == []
    mend(outage)
    await pass_time(outage, 600)
    assert [notice for _, notice in notices(outage)] == [Notice(ANSWERED)]
    assert isinstance(shown(outage, question), Answered)
    assert await outage.inbox.counts() == {State.DONE: 2}


async def test_after_the_window_a_word_is_asked_of_a_model_to_learn_that_it_is_back(outage: Backstage) -> None:
    question = await ask(outage)
    await outage.desk.tell(click(question))
    await pass_time(outage, WINDOW_S + 60)
    assert notices(outage) == []
    mend(outage)
    await pass_time(outage, 2 * PROBE_S)
    ((_, notice),) = notices(outage)
    assert notice == Notice(BACK, (Offer.TRY_AGAIN,))
    assert failure(outage, question).until is None


async def test_of_many_who_wait_to_be_told_one_asks_the_models(outage: Backstage) -> None:
    questions = [await ask(outage, user=f"U{number}") for number in range(5)]
    for question in questions:
        await outage.desk.tell(click(question, user=question.user, key=question.id))
    await pass_time(outage, WINDOW_S + 10)
    asked = len(outage.small.prompts)
    await pass_time(outage, 10 * PROBE_S)
    assert 5 <= len(outage.small.prompts) - asked <= 12
    mend(outage)
    await pass_time(outage, 2 * PROBE_S)
    assert len(notices(outage)) == 5


async def test_what_a_look_costs_is_in_the_ledger_and_belongs_to_no_question(outage: Backstage) -> None:
    question = await ask(outage)
    await outage.desk.tell(click(question))
    await pass_time(outage, WINDOW_S + 10)
    mend(outage)
    await pass_time(outage, 2 * PROBE_S)
    rows = await outage.database.rows(select(attempts).where(attempts.c.purpose == Purpose.PROBE.value))
    assert rows
    assert {row["question_id"] for row in rows} == {None}
    assert len(await outage.records.latest(10)) == 1


async def test_who_got_a_best_effort_answer_is_told_when_the_frontier_model_is_back(outage: Backstage) -> None:
    outage.small.failure = None
    question = await ask(outage, HARD)
    reply = shown(outage, question)
    assert isinstance(reply, Answered)
    assert (reply.badge, Offer.TELL_ME in reply.offers) == (Badge.BEST_EFFORT, True)
    await outage.desk.tell(click(question))
    await ask(outage, EASY, user="U2")
    await pass_time(outage, 2 * PROBE_S)
    assert notices(outage) == []
    mend(outage)
    await pass_time(outage, 2 * PROBE_S)
    ((_, notice),) = notices(outage)
    assert notice == Notice(FRONTIER_BACK, (Offer.ESCALATE,))


async def test_nobody_is_told_about_a_question_that_was_deleted(outage: Backstage) -> None:
    question = await ask(outage, source="5.0")
    await outage.desk.tell(click(question))
    await outage.inbox.add(make_question("", kind=Kind.DELETED, source="5.0"))
    await outage.work()
    mend(outage)
    await pass_time(outage, 120)
    assert outage.courier.shown == {}


async def test_a_person_is_told_for_a_day_at_the_longest(outage: Backstage) -> None:
    question = await ask(outage)
    await outage.desk.tell(click(question))
    outage.clock.advance(24 * 3600 + 1)
    await outage.work()
    await outage.work()
    outage.clock.advance(10)
    await outage.work()
    assert await outage.inbox.counts() == {State.DONE: 2}
    assert notices(outage) == []


async def test_a_news_that_is_told_late_is_told_once(outage: Backstage) -> None:
    question = await ask(outage)
    await outage.desk.tell(click(question))
    mend(outage)
    outage.clock.advance(6)
    worker = outage.worker()
    while claims := await outage.inbox.claim(8):
        for claim in claims:
            if claim.question.kind is Kind.WATCH:
                outage.courier.failing = [DeliveryFailure("reset", retry_after_s=2, in_doubt=True)]
            await worker._handle(claim)
    await pass_time(outage, 60)
    assert len(notices(outage)) == 1
    assert len(outage.small.prompts) == 2
