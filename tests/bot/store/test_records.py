"""Every question leaves its whole record, or none of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from bot.replies import Cause, Caution, Concern, Failed, Offer
from bot.store.database import Database
from bot.store.errors import LeaseLost
from bot.store.inbox import Claim, Inbox, State
from bot.store.record_rows import total_cost
from bot.store.records import Records
from bot.store.result import Result
from bot.store.tables import attempts, pairs, questions
from bot.types import Answered, AttemptLine, Badge, Kind, MessageRef, Platform, Question
from router.types import Answer, Attempt, Cost, CostSource, Decision, Mode, Outcome, Quote, Source, Tier, Turn, Usage, Volatility
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DECISION = Decision(Tier.SMALL, Volatility.STABLE, ("asks for one fact",))
FAILED = Attempt(Tier.FRONTIER, "a/b", Outcome.TIMEOUT, 900, AT, detail="provider text")
ANSWERED = Attempt(
    Tier.SMALL, "x/y", Outcome.ANSWERED, 300, AT, "y-2026", Usage(120, 30, 10, 5), Cost(Decimal("0.000000123456"), CostSource.REPORTED)
)
CAUTION = Caution(Concern.BUDGET, "n", AT, (Offer.REQUEST_BUDGET,))
FAILED_ALL = Failed("No model answered.", Cause.ALL_DOWN, AT, (Offer.TRY_AGAIN, Offer.TELL_ME))
RESULT = Result(
    Mode.ON, DECISION, (FAILED, ANSWERED), Answer("Port 179.", Tier.SMALL, "y-2026", DECISION, (FAILED, ANSWERED), 1200), caution=CAUTION
)


@pytest.fixture
def inbox(database: Database, clock: FakeClock) -> Inbox:
    return Inbox(database, clock)


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database)


async def claim(inbox: Inbox, question: Question) -> Claim:
    await inbox.add(question)
    return next(item for item in await inbox.claim(50) if item.question.id == question.id)


async def keep(inbox: Inbox, records: Records, question: Question, result: Result = RESULT) -> Claim:
    held = await claim(inbox, question)
    await records.keep(held, result, at=AT, expires_at=AT + timedelta(days=1))
    return held


async def test_an_answer_is_read_back_with_its_reasons_attempts_and_exact_cost(inbox: Inbox, records: Records) -> None:
    question = make_question()
    await keep(inbox, records, question)
    record = await records.get(question.id)
    assert record
    assert replace(question, delivery_key="", logical_key="") == record.question
    assert record.reply == Answered(
        text="Port 179.",
        badge=Badge.SMALL,
        model="y-2026",
        seconds=1.2,
        usd=Decimal("0.000000123456"),
        cost_source=CostSource.REPORTED,
        reasons=("asks for one fact",),
        attempts=(AttemptLine(Tier.FRONTIER, "a/b", Outcome.TIMEOUT, 900), AttemptLine(Tier.SMALL, "x/y", Outcome.ANSWERED, 300)),
        caution=CAUTION,
    )


async def test_the_sources_of_an_answer_are_read_back_in_their_order(inbox: Inbox, records: Records) -> None:
    sources = (Source("BGP, RFC 4271, § 6", "https://rfc.example/4271"), Source("b.example", "https://b.example/"))
    question = make_question()
    assert RESULT.answer
    await keep(inbox, records, question, replace(RESULT, answer=replace(RESULT.answer, sources=sources)))
    record = await records.get(question.id)
    assert record
    assert isinstance(record.reply, Answered)
    assert record.reply.sources == sources


async def test_every_token_of_every_attempt_is_kept(inbox: Inbox, records: Records, database: Database) -> None:
    await keep(inbox, records, make_question())
    first, second = await database.rows(select(attempts).order_by(attempts.c.id))
    assert (first["outcome"], first["prompt_tokens"], first["cost_usd"], first["cost_source"]) == ("timeout", None, None, "unknown")
    kept = [second[name] for name in ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens")]
    assert kept == [120, 30, 10, 5]


async def test_an_attempt_is_kept_with_its_payers_its_provider_and_its_price(inbox: Inbox, records: Records, database: Database) -> None:
    quote = Quote(Decimal("1.25"), Decimal(10), Decimal("0.125"), "policy", date(2026, 11, 1))
    cost = Cost(Decimal("0.01"), CostSource.REPORTED, quote)
    attempt = replace(ANSWERED, cost=cost, provider="openai", trace_id="t-1", saved=Cost(Decimal("0.02"), CostSource.ESTIMATED))
    await keep(inbox, records, make_question(user="U7", channel="C7"), replace(RESULT, attempts=(attempt,)))
    (row,) = await database.rows(select(attempts))
    assert (row["tenant"], row["channel"], row["user"]) == ("T1", "C7", "U7")
    assert (row["target"], row["model"], row["provider"], row["trace_id"]) == ("x/y", "y-2026", "openai", "t-1")
    assert [row[f"price_{name}"] for name in ("input", "output", "cached")] == [quote.input, quote.output, quote.cached]
    assert (row["price_source"], row["price_as_of"], row["saved_usd"]) == ("policy", date(2026, 11, 1), Decimal("0.02"))


async def test_a_kept_answer_leaves_only_its_delivery_to_do(inbox: Inbox, records: Records) -> None:
    await keep(inbox, records, make_question())
    assert await inbox.counts() == {State.RECORDED: 1}


async def test_a_worker_that_lost_its_lease_writes_nothing_at_all(inbox: Inbox, records: Records, database: Database) -> None:
    held = await claim(inbox, make_question())
    with pytest.raises(LeaseLost):
        await records.keep(replace(held, token="another"), RESULT, at=AT, expires_at=AT)
    assert await database.value(select(func.count()).select_from(questions)) == 0
    assert await inbox.counts() == {State.WAITING: 1}


async def test_what_a_worker_spent_that_lost_its_lease_is_booked_all_the_same(inbox: Inbox, records: Records, database: Database) -> None:
    held = await claim(inbox, make_question(user="U9"))
    with pytest.raises(LeaseLost):
        await records.keep(replace(held, token="another"), RESULT, at=AT, expires_at=AT)
    rows = await database.rows(select(attempts))
    assert [(row["question_id"], row["user"], row["outcome"]) for row in rows] == [(None, "U9", "timeout"), (None, "U9", "answered")]


async def test_a_failure_is_read_back_in_its_words(inbox: Inbox, records: Records) -> None:
    question = make_question()
    await keep(inbox, records, question, Result(Mode.ON, DECISION, (FAILED,), None, failure=FAILED_ALL))
    record = await records.get(question.id)
    assert record
    assert record.reply == FAILED_ALL


async def test_a_question_without_an_answer_yet_has_no_reply(inbox: Inbox, records: Records) -> None:
    question = make_question()
    await inbox.add(question)
    record = await records.get(question.id)
    assert record
    assert record.reply is None
    assert await records.get("q_unknown") is None


async def test_both_answers_of_an_escalation_are_kept_as_a_pair(inbox: Inbox, records: Records, database: Database) -> None:
    first = make_question()
    await keep(inbox, records, first)
    second = make_question(kind=Kind.ESCALATE, parent=first.id)
    await keep(inbox, records, second)
    rows = await database.rows(select(pairs.c.first, pairs.c.second, pairs.c.kind))
    assert [tuple(row.values()) for row in rows] == [(first.id, second.id, "escalate")]


async def test_the_turns_of_a_thread_come_oldest_first_and_without_private_ones(inbox: Inbox, records: Records) -> None:
    early, late = AT - timedelta(minutes=2), AT - timedelta(minutes=1)
    second = replace(make_question("second", thread="5.0"), asked_at=late)
    await keep(inbox, records, replace(make_question("first", thread="5.0"), asked_at=early))
    await keep(inbox, records, second)
    await keep(inbox, records, replace(make_question("private", thread="5.0", private=True), asked_at=early))
    await keep(inbox, records, replace(make_question("elsewhere", thread="6.0"), asked_at=early))
    answer = Turn("Port 179.", assistant=True)
    turns = await records.turns(second.conversation, AT, 10)
    assert turns == (Turn("first", assistant=False), answer, Turn("second", assistant=False), answer)
    assert await records.turns(second.conversation, late, 10) == turns[:2]


async def test_an_answer_is_found_by_where_it_stands(inbox: Inbox, records: Records) -> None:
    question = make_question()
    held = await claim(inbox, question)
    await inbox.placed(held, MessageRef(Platform.SLACK, "T1", "C1", "99.1"))
    assert await records.question_at(MessageRef(Platform.SLACK, "T1", "C1", "99.1")) == question.id
    assert await records.question_at(MessageRef(Platform.SLACK, "T2", "C1", "99.1")) is None


async def test_the_askers_of_a_thread_are_known_before_the_first_answer(inbox: Inbox, records: Records) -> None:
    question = make_question(thread="5.0", user="U1")
    await inbox.add(question)
    await inbox.add(make_question(thread="5.0", user="U2", private=True))
    assert await records.askers(question.conversation) == {"U1"}
    assert await records.askers(make_question().conversation) == frozenset()


async def test_recent_questions_of_a_person_come_newest_first(inbox: Inbox, records: Records) -> None:
    for minutes in (3, 1, 2):
        await keep(inbox, records, replace(make_question(f"{minutes} ago"), asked_at=AT - timedelta(minutes=minutes)))
    await keep(inbox, records, make_question("other", user="U2"))
    recent = await records.recent(Platform.SLACK, "T1", "U1", 2)
    assert [record.question.text for record in recent] == ["1 ago", "2 ago"]
    assert len(await records.latest(10)) == 4


def test_a_total_is_estimated_when_a_part_is_and_unknown_when_the_answer_s_cost_is() -> None:
    estimated = replace(ANSWERED, cost=Cost(Decimal(1), CostSource.ESTIMATED))
    unknown = replace(ANSWERED, cost=Cost(None, CostSource.UNKNOWN))
    assert total_cost([FAILED, ANSWERED]).source is CostSource.REPORTED
    assert total_cost([ANSWERED, estimated]).source is CostSource.ESTIMATED
    assert total_cost([ANSWERED, unknown]) == Cost(None, CostSource.UNKNOWN)
    assert total_cost([FAILED]) == Cost(None, CostSource.UNKNOWN)
