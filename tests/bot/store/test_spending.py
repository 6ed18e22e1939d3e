"""Caps hold: what a call may cost is set aside before it is made, however many are made at once."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.ledger import NOBODY, Payer
from bot.store.money_tables import reservations
from bot.store.spending import Hold, Spending
from bot.store.tables import attempts
from router.caps import Cap, Span, Used, Whose
from router.types import Attempt, Cost, CostSource, Outcome, Tier
from tests.fakes.spender import CAP, COST, NOW, PAYER, WORST

ROOT = Path(__file__).parents[3]
HOLD = Hold("q_1", PAYER, Tier.FRONTIER, WORST, NOW + timedelta(minutes=1))
ATTEMPT = Attempt(Tier.FRONTIER, "a/b", Outcome.ANSWERED, 10, NOW, "b", cost=Cost(COST, CostSource.REPORTED))


@pytest.fixture
def spending(database: Database) -> Spending:
    return Spending(database)


def two_processes(url: str, how: str) -> None:
    """Have two processes ask 500 questions each, at the same time."""
    command = [sys.executable, "-m", "tests.fakes.spender", url]
    both = [subprocess.Popen([*command, name, how], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "ab"]
    for process in both:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.communicate("go\n", timeout=100)
        assert process.returncode == 0


async def test_a_thousand_questions_of_two_processes_overrun_a_cap_by_no_more_than_one_reservation(
    spending: Spending, database: Database, database_url: str
) -> None:
    two_processes(database_url, "reserve")
    used = await spending.used(PAYER, CAP.whose, CAP.span, NOW)
    assert CAP.usd <= used.total <= CAP.usd + WORST
    assert used.total == await database.value(select(func.sum(attempts.c.cost_usd)))
    assert await database.value(select(func.count()).select_from(reservations)) == 0


async def test_without_reservations_the_same_thousand_would_overrun_it(spending: Spending, database_url: str) -> None:
    two_processes(database_url, "look")
    assert (await spending.used(PAYER, CAP.whose, CAP.span, NOW)).total > CAP.usd + WORST


async def test_what_is_set_aside_counts_until_its_time_is_over(spending: Spending) -> None:
    """As after the death of a worker between its reservation and its record."""
    caps = [replace(CAP, usd=Decimal("0.02"))]
    assert await spending.reserve(HOLD, caps, NOW) is None
    exceeded = await spending.reserve(HOLD, caps, NOW + timedelta(seconds=59))
    assert exceeded
    assert (exceeded.cap, exceeded.used) == (caps[0], Used(WORST, Decimal(0)))
    assert await spending.reserve(HOLD, caps, NOW + timedelta(seconds=61)) is None


async def test_the_first_cap_without_room_is_the_one_that_is_told(spending: Spending) -> None:
    caps = [Cap(whose, Span.MONTH, Decimal(usd)) for whose, usd in ((Whose.DEPLOYMENT, 9), (Whose.CHANNEL, 1), (Whose.USER, 1))]
    await spending.book([replace(ATTEMPT, cost=Cost(Decimal(1), CostSource.REPORTED))], PAYER)
    exceeded = await spending.reserve(HOLD, caps, NOW)
    assert exceeded
    assert exceeded.cap == caps[1]


@pytest.mark.parametrize(
    ("whose", "payer"),
    [
        (Whose.TENANT, Payer("T2", "C1", "U1")),
        (Whose.CHANNEL, Payer("T1", "C2", "U1")),
        (Whose.CHANNEL, Payer("T2", "C1", "U1")),
        (Whose.USER, Payer("T1", "C1", "U2")),
        (Whose.USER, Payer("T2", "C1", "U1")),
    ],
)
async def test_what_others_spend_or_set_aside_does_not_count(whose: Whose, payer: Payer, spending: Spending) -> None:
    await spending.book([ATTEMPT], payer)
    await spending.reserve(replace(HOLD, payer=payer), [], NOW)
    assert await spending.used(PAYER, whose, Span.DAY, NOW) == Used(Decimal(0), Decimal(0))
    assert (await spending.used(PAYER, Whose.DEPLOYMENT, Span.DAY, NOW)).total == COST + WORST


async def test_the_small_model_s_part_is_told_apart(spending: Spending) -> None:
    await spending.book([ATTEMPT, replace(ATTEMPT, tier=Tier.SMALL)], PAYER)
    await spending.reserve(replace(HOLD, tier=Tier.SMALL), [], NOW)
    assert await spending.used(PAYER, Whose.USER, Span.MONTH, NOW) == Used(2 * COST + WORST, COST + WORST)


async def test_a_call_belongs_to_the_day_and_month_that_it_began_in(spending: Spending) -> None:
    await spending.book(
        [replace(ATTEMPT, started_at=NOW - timedelta(days=1)), replace(ATTEMPT, started_at=NOW - timedelta(days=31))], PAYER
    )
    assert (await spending.used(PAYER, Whose.USER, Span.DAY, NOW)).total == 0
    assert (await spending.used(PAYER, Whose.USER, Span.MONTH, NOW)).total == COST


async def test_a_call_of_unknown_cost_counts_with_what_it_cost_at_most(spending: Spending) -> None:
    unknown = replace(ATTEMPT, outcome=Outcome.TIMEOUT, cost=Cost(None, CostSource.UNKNOWN), at_most=Decimal("0.04"))
    await spending.book([unknown], PAYER)
    assert (await spending.used(PAYER, Whose.USER, Span.DAY, NOW)).total == Decimal("0.04")
    assert await spending.total(NOW) == 0


async def test_what_nobody_in_particular_spent_is_the_deployment_s_alone(spending: Spending, database: Database) -> None:
    await spending.book([ATTEMPT], NOBODY)
    assert [spent.usd for spent in await spending.above(Whose.DEPLOYMENT, Span.DAY, COST, NOW)] == [COST]
    assert await spending.above(Whose.TENANT, Span.DAY, Decimal(0), NOW) == ()
    assert await database.value(select(attempts.c.question_id)) is None


async def test_those_who_spent_most_come_first(spending: Spending) -> None:
    for user, count in (("U1", 1), ("U2", 3), ("U3", 2)):
        await spending.book([ATTEMPT] * count, replace(PAYER, user=user))
    assert [spent.owner for spent in await spending.above(Whose.USER, Span.DAY, 2 * COST, NOW)] == ["U2", "U3"]


async def test_old_reservations_are_tidied_away(spending: Spending, database: Database) -> None:
    await spending.reserve(HOLD, [], NOW)
    await spending.tidy(NOW)
    assert await spending.reserved(NOW) == WORST
    await spending.tidy(NOW + timedelta(minutes=2))
    assert await database.value(select(func.count()).select_from(reservations)) == 0
