"""Caps hold: what a call may cost is set aside before it is made, however many are made at once."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.money_tables import reservations
from bot.store.spending import Hold, Spending
from bot.store.tables import attempts
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
