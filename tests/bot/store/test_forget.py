"""A person is forgotten in every table, and nobody else loses anything."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Click
from bot.evals.types import Drawn, Review, Verdict, Why
from bot.evals.weeks import week_of
from bot.store.all_tables import metadata
from bot.store.database import Database
from bot.store.forget import BATCH, Forgotten, forget_tenant, forget_user
from bot.store.ledger import NOBODY
from bot.store.store import make_store
from bot.store.tables import answers, attempts, decisions, entries, flags, inbox, questions, transcript
from bot.store.transcript import Entry as Message
from bot.store.transcript import Transcript
from bot.types import Answered, Flag, FlagReason, FlagSource, Kind, Platform, Question
from router.caps import Span, Whose
from router.types import Completion, Prompt, Scope, Visibility
from tests.bot.conftest import Backstage
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel
from tests.fakes.questions import make_question

ANNA = "U_ANNA"
BEN = "U_BEN"
HERS = "what is the management IP of hush-rtr-1?"
HERS_TOO = "What's the management IP of hush-rtr-1"
HIS = "what is the default port of bgp?"
WITHOUT_PERSONS = {"counters", "sample_draws", "switches"}
MONEY = {"attempts", "spending"}
"""What was spent stays spent."""
TRACES = (ANNA, "hush")


@dataclass
class QuietModel(FakeModel):
    """A model that does not repeat the question: what it says may stay with others."""

    async def complete(self, prompt: Prompt) -> Completion:
        return replace(await super().complete(prompt), text="an answer")


@pytest.fixture
def office(database: Database, clock: FakeClock) -> Backstage:
    made = Backstage(database, clock, small=QuietModel("small"), frontier=QuietModel("frontier"))
    made.remember()
    return made


async def asked(office: Backstage, text: str, user: str, question: Question | None = None) -> Question:
    question = replace(question or make_question(text, user=user), asked_at=office.clock())
    await office.inbox.add(question)
    await office.work()
    office.clock.advance(5)
    return question


async def dump(database: Database) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    return {name: [str(dict(row)) for row in await database.rows(select(table))] for name, table in metadata.tables.items()}


async def traces(database: Database) -> list[str]:
    return [f"{name}: {row}" for name, rows in (await dump(database)).items() for row in rows if any(trace in row for trace in TRACES)]


async def test_no_table_keeps_a_trace_of_a_person(office: Backstage) -> None:
    office.audited = 0.0
    first = await asked(office, HERS, ANNA)
    hit = await asked(office, HERS_TOO, ANNA)
    await asked(office, HERS, ANNA, make_question(HERS, user=ANNA, channel="D1", visibility=Visibility.DIRECT))
    await asked(office, HERS, ANNA, make_question(HERS, user=ANNA, private=True))
    await office.desk.live(Click(hit.id, ANNA, "k1"))
    await office.desk.mismatch(Click(hit.id, ANNA, "k2"))
    await office.desk.escalate(Click(first.id, ANNA, "k3"))
    await office.work()
    assert first.source
    await office.inbox.revise(first.source, HERS_TOO)
    await office.inbox.add(replace(make_question("hush", user=ANNA, kind=Kind.EDITED), source=first.source))
    await office.desk.flag(Flag(first.id, ANNA, FlagSource.FORM, FlagReason.WRONG, "hush is wrong", office.clock()))
    await office.inbox.add(make_question("is hush-rtr-2 up?", user=ANNA))
    await office.entries.board(Scope("T1", Visibility.DIRECT, ANNA).key, "c", first.id)
    store = make_store(office.database, office.clock)
    await store.samples.draw(week_of(office.clock()), 50, lambda units, _: [Drawn(unit, Why.RANDOM, 1.0) for unit in units], direct=True)
    await store.reviews.put(Review(first.id, BEN, Verdict.NOT_ACCEPTABLE, office.clock(), correction="hush"), into_cache=True)
    await store.reviews.put(Review(hit.id, ANNA, Verdict.ACCEPTABLE, office.clock()))
    assert len(await traces(office.database)) > 20
    gone = await forget_user(office.database, ANNA)
    assert await traces(office.database) == []
    assert set(gone.questions) >= {first.id, hit.id}
    assert gone.flags == 1
    assert {name: rows for name, rows in (await dump(office.database)).items() if rows and name not in WITHOUT_PERSONS | MONEY} == {}


async def test_what_others_asked_anew_in_a_person_s_words_goes_with_them(office: Backstage) -> None:
    first = await asked(office, HERS, ANNA)
    for number, ask in enumerate((office.desk.escalate, office.desk.live, office.desk.again)):
        await ask(Click(first.id, BEN, f"k{number}"))
    await office.work()
    assert len(await office.database.rows(select(questions).where(questions.c.user == BEN))) == 3
    gone = await forget_user(office.database, ANNA)
    assert len(gone.questions) == 4
    assert await traces(office.database) == []


async def test_an_answer_that_was_served_from_theirs_stays_and_quotes_nobody(office: Backstage) -> None:
    await asked(office, HERS, ANNA)
    hit = await asked(office, HERS, BEN)
    page = Transcript(office.database)
    body = {"kind": "answer", "text": "an answer", "match": {"question": HERS, "certainty": "exact", "answered_at": ""}}
    for name, question in (("answer:hit", hit.id), ("answer:other", "q_other")):
        await page.put(
            Message(
                name,
                "C1",
                "",
                "bot",
                "",
                json.dumps(body | {"match": body["match"] if question == hit.id else None}),
                hit.asked_at,
                question,
            )
        )
    await forget_user(office.database, ANNA)
    record = await office.records.get(hit.id)
    assert record
    assert isinstance(record.reply, Answered)
    assert (record.reply.text, record.reply.match) == ("an answer", None)
    kept = await page.get("answer:hit")
    assert kept
    assert json.loads(kept.body) == body | {"match": None}
    assert [message.id for message in await page.since(2, BEN)] == ["answer:hit"], "pages that are open show the change"
    assert HERS not in str(await office.database.rows(select(transcript)))


async def test_what_shadow_mode_noted_of_a_person_s_answer_is_taken_back(office: Backstage) -> None:
    office.remember('mode = "shadow"\n')
    first = await asked(office, HIS, ANNA)
    second = await asked(office, HIS, BEN)
    wanted = select(decisions.c.shadow_source, decisions.c.shadow_similarity).where(decisions.c.question_id == second.id)
    assert [dict(row) for row in await office.database.rows(wanted)] == [{"shadow_source": first.id, "shadow_similarity": 1.0}]
    await forget_user(office.database, ANNA)
    assert [dict(row) for row in await office.database.rows(wanted)] == [{"shadow_source": "", "shadow_similarity": None}]


async def test_nobody_else_loses_anything(office: Backstage) -> None:
    theirs = await asked(office, HIS, BEN)
    await office.desk.escalate(Click(theirs.id, BEN, "k1"))
    await asked(office, HIS, "U_ANNABEL")
    await office.desk.flag(Flag(theirs.id, "U_ANNABEL", FlagSource.FORM, None, "no", office.clock()))
    await office.work()
    before = await dump(office.database)
    await asked(office, HERS, ANNA)
    await office.desk.flag(Flag(theirs.id, ANNA, FlagSource.FORM, None, "no", office.clock()))
    await forget_user(office.database, ANNA)
    after = await dump(office.database)
    assert {name: after[name] for name in after if name not in MONEY} == {name: before[name] for name in before if name not in MONEY}


async def test_what_a_person_spent_stays_in_the_ledger_as_nobody_s(office: Backstage) -> None:
    await asked(office, HIS, BEN)
    await asked(office, HERS, ANNA)
    since = office.clock() - timedelta(hours=1)
    spent = await office.store.spending.total(since)
    await forget_user(office.database, ANNA)
    assert await office.store.spending.total(since) == spent > 0
    assert (await office.store.spending.used(NOBODY, Whose.DEPLOYMENT, Span.DAY, office.clock())).total == spent
    rows = await office.database.rows(select(attempts.c.question_id.is_(None).label("nobody"), attempts.c.user).order_by(attempts.c.id))
    assert [(bool(row["nobody"]), row["user"]) for row in rows] == [(False, BEN), (True, "")]


async def test_a_question_that_is_being_answered_while_its_asker_is_forgotten_leaves_nothing(office: Backstage) -> None:
    async def forget() -> None:
        await forget_user(office.database, ANNA)

    office.small.before = forget
    await office.inbox.add(make_question(HERS, user=ANNA))
    await office.work()
    assert await traces(office.database) == []
    assert office.index.points == {}


async def test_what_was_forgotten_is_not_served(office: Backstage) -> None:
    await asked(office, HERS, ANNA)
    await forget_user(office.database, ANNA)
    hit = await asked(office, HERS_TOO, BEN)
    assert await office.database.value(select(answers.c.tier).where(answers.c.question_id == hit.id)) == "small"


async def test_a_person_who_asked_a_thousand_questions_is_forgotten_whole(database: Database, clock: FakeClock) -> None:
    office = Backstage(database, clock)
    values = [dict(office.inbox._new(make_question(f"hush {number}", user=ANNA))) for number in range(1200)]
    await database.change(inbox.insert().values(values[:600]))
    await database.change(inbox.insert().values(values[600:]))
    assert len((await forget_user(database, ANNA)).questions) == 1200
    assert await traces(database) == []


@pytest.mark.parametrize("user", ["", "%", "U_ANN", "u_anna", "U_ANNA' OR '1'='1"])
async def test_an_id_is_nobody_else_s(office: Backstage, user: str) -> None:
    await asked(office, HERS, ANNA)
    before = await dump(office.database)
    assert await forget_user(office.database, user) == Forgotten((), 0)
    assert await dump(office.database) == before


async def test_forgetting_twice_finds_nothing_left(office: Backstage) -> None:
    await asked(office, HERS, ANNA)
    assert len((await forget_user(office.database, ANNA)).questions) == 1
    assert await forget_user(office.database, ANNA) == Forgotten((), 0)
    for table in (entries, flags):
        assert await office.database.rows(select(table)) == []


async def test_a_workspace_that_took_the_bot_out_leaves_nothing_and_others_lose_nothing(office: Backstage) -> None:
    for number in range(3):
        await asked(office, f"{HERS} {number}", ANNA)
    theirs = make_question(HIS, user=BEN)
    theirs = await asked(office, HIS, BEN, replace(theirs, conversation=replace(theirs.conversation, tenant="T2")))
    await office.inbox.add(make_question("is hush-rtr-2 up?", user=ANNA, kind=Kind.UNINSTALLED))
    await office.work()
    assert await traces(office.database) == []
    assert [row["id"] for table in (questions, inbox) for row in await office.database.rows(select(table))] == [theirs.id] * 2
    assert len(await office.desk.switches("index.remove.")) == 1


async def test_a_workspace_of_many_questions_is_deleted_in_many_steps(office: Backstage) -> None:
    for number in range(BATCH + 5):
        await office.inbox.add(make_question(f"hush {number}"))
    last = make_question(kind=Kind.UNINSTALLED)
    await office.inbox.add(last)
    gone = [ids async for ids in forget_tenant(office.database, Platform.SLACK, "T1", last=last.id)]
    assert [len(ids) for ids in gone] == [BATCH, 5]
    assert await office.database.rows(select(inbox)) == []
