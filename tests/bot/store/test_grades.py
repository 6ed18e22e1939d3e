"""The evals read what was sampled with all that was said of it, and how many answers there were."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.evals.types import Drawn, Golden, Review, Unit, Verdict, Why
from bot.evals.weeks import bounds
from bot.store.database import Database
from bot.store.grades import Consumption, Escalated, Volume, read_consumption, read_escalated, read_grades, read_volumes
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.store.result import Result
from bot.store.store import Store, make_store
from bot.types import Flag, FlagSource, Kind
from router.types import Answer, Decision, Match, Mode, Tier, Visibility, Volatility
from tests.fakes.answered import AT, WEEK, keep_answered
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question


@pytest.fixture
def store(database: Database, clock: FakeClock) -> Store:
    clock.now = AT + timedelta(hours=1)
    return make_store(database, clock)


def all_of_them(units: Sequence[Unit], size: int) -> list[Drawn]:
    return [Drawn(unit, Why.RANDOM, 2.0) for unit in units]


async def keep_beside(store: Store, parent: str, kind: Kind, answer: Answer) -> str:
    """Keep a second answer to a question."""
    question = replace(make_question("again", kind=kind, parent=parent), asked_at=AT)
    claim = await Inbox(store.database, lambda: AT).add_claimed(question)
    result = Result(Mode.ON, answer.decision, answer.attempts, answer)
    await Records(store.database).keep(claim, result, at=AT, expires_at=AT)
    return question.id


def fresh(tier: Tier, match: Match | None = None) -> Answer:
    return Answer("Down.", tier, "m", Decision(tier, Volatility.LIVE, ("asks for a cause",)), (), 5, match=match)


async def test_a_grade_has_reviews_flags_cost_and_the_matched_question(store: Store) -> None:
    source = await keep_answered(store.database, "is cr1 up?", at=AT - timedelta(days=7), remembered=True)
    hit = await keep_answered(store.database, "cr1 up?", tier=Tier.CACHE, source=source, thread="t1")
    await store.flags.put(Flag(hit, "U9", FlagSource.BUTTON, None, "", AT))
    await keep_beside(store, hit, Kind.AUDIT, fresh(Tier.SMALL))
    await store.samples.draw(WEEK, 50, all_of_them, direct=False)
    await store.reviews.put(Review(hit, "ann", Verdict.ACCEPTABLE, AT))
    (grade,) = await read_grades(store.database, since=WEEK, until=WEEK)
    assert (grade.ok, grade.flaggers, grade.audited, grade.earlier, grade.similarity) == (1.0, ("U9",), True, "is cr1 up?", 0.9)
    assert (grade.drawn.weight, grade.asker, grade.usd, grade.threaded) == (2.0, "U1", Decimal(0), True)
    shown = await store.reviews.get(hit, "ben")
    assert shown
    assert shown.audit == "Down."
    assert await read_grades(store.database, until="2026-W46") == ()


async def test_an_audited_hit_that_chance_did_not_draw_is_added(store: Store) -> None:
    source = await keep_answered(store.database, "is cr1 up?", at=AT - timedelta(days=7), remembered=True)
    hit = await keep_answered(store.database, "cr1 up?", tier=Tier.CACHE, source=source)
    await keep_beside(store, hit, Kind.AUDIT, fresh(Tier.SMALL))
    week = await store.samples.draw(WEEK, 50, lambda units, size: [], direct=False)
    assert (week.drawn, week.audited) == (0, 1)
    (grade,) = await read_grades(store.database)
    assert (grade.drawn.why, grade.drawn.weight, grade.audited) == (Why.AUDIT, 0.0, True)


async def test_the_asker_of_a_direct_message_is_not_read(store: Store) -> None:
    await keep_answered(store.database, channel="D1", visibility=Visibility.DIRECT)
    await store.samples.draw(WEEK, 50, all_of_them, direct=True)
    (grade,) = await read_grades(store.database)
    assert (grade.asker, grade.target) == ("", "model/small")


async def test_volumes_count_what_people_asked(store: Store) -> None:
    first = await keep_answered(store.database)
    await keep_answered(store.database)
    await keep_answered(store.database, tier=Tier.FRONTIER, at=AT - timedelta(days=7))
    for user in ("U8", "U9"):
        await store.flags.put(Flag(first, user, FlagSource.BUTTON, None, "", AT))
    await keep_beside(store, first, Kind.ESCALATE, fresh(Tier.FRONTIER))
    assert await read_volumes(store.database, *bounds(WEEK)) == (Volume(Tier.SMALL, 2, 1, 2, Decimal("0.002")),)


async def test_consumption_is_the_mean_of_the_calls_that_answered(store: Store) -> None:
    for _ in range(3):
        await keep_answered(store.database)
    assert await read_consumption(store.database) == (Consumption(Tier.SMALL, 3, 900.0, 200.0),)


async def test_escalations_are_read_with_what_reviewers_said_of_the_better_answer(store: Store) -> None:
    first, second = await keep_answered(store.database, "is cr1 up?"), await keep_answered(store.database, "is cr2 up?")
    better = await keep_beside(store, first, Kind.ESCALATE, fresh(Tier.FRONTIER))
    await keep_beside(store, second, Kind.ESCALATE, fresh(Tier.FRONTIER))
    await store.reviews.put(Review(better, "ann", Verdict.ACCEPTABLE, AT))
    assert set(await read_escalated(store.database)) == {Escalated(first, "is cr1 up?", 1.0), Escalated(second, "is cr2 up?", None)}


async def test_golden_questions_are_kept_by_id(store: Store) -> None:
    await store.golden.put([Golden("b", "two", "small"), Golden("a", "one", "frontier")])
    await store.golden.put([Golden("b", "two", earlier="three", same=False)])
    await store.golden.put([])
    assert await store.golden.all() == (Golden("a", "one", "frontier"), Golden("b", "two", earlier="three", same=False))
