"""The report of costs: totals, what they mean, and the same figures as JSON and CSV."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.costs import CostReport, days, render, to_csv, to_json
from bot.store.costs import By, CostLine, failed_questions, read_costs
from bot.store.database import Database
from bot.store.ledger import NOBODY, Payer
from bot.store.spending import Spending
from router.types import Attempt, Cost, CostSource, Outcome, Purpose, Tier, Usage
from tests.bot.conftest import Backstage
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SMALL = CostLine("small", 10, 0, 11, 1000, 200, usd=Decimal("0.50"), overhead_usd=Decimal("0.10"), frontier_usd=Decimal(4))
CACHE = CostLine("cache", 5, 5, saved_usd=Decimal("0.25"), frontier_usd=Decimal(2), unvalued=1)
UNSURE = CostLine("frontier", 1, 0, 2, usd=Decimal("7.5"), estimated_usd=Decimal(4), unknown_calls=1, at_most_usd=Decimal("0.05"))
REPORT = CostReport(DAY, DAY, By.TIER, (CACHE, UNSURE, SMALL), 2)


def paid(tier: Tier, usd: str | None, *, at: datetime = NOON, purpose: Purpose = Purpose.ANSWER) -> Attempt:
    cost = Cost(None, CostSource.UNKNOWN) if usd is None else Cost(Decimal(usd), CostSource.REPORTED)
    return Attempt(
        tier, f"a/{tier.value}", Outcome.ANSWERED, 9, at, tier.value, Usage(10, 5, 2, 1), cost, purpose=purpose, at_most=Decimal(1)
    )


def test_the_total_adds_every_column_up_and_is_net_of_the_overhead() -> None:
    total = REPORT.total
    assert (total.questions, total.cached, total.calls, total.prompt_tokens) == (16, 5, 13, 1000)
    assert (total.usd, total.overhead_usd, total.saved_usd, total.frontier_usd) == (Decimal(8), Decimal("0.1"), Decimal("0.25"), Decimal(6))
    assert total.net_saving_usd == -2


def test_the_table_says_how_sure_it_is_and_what_its_figures_mean() -> None:
    table = render(REPORT)
    assert "Of the dollars spent 50.0% are estimates. 1 calls are of unknown cost, together $0.0500 at most." in table
    assert "1 answers cannot be valued" in table
    assert "2 questions were not answered." in table
    assert "all-frontier: what the frontier model would have cost for the same questions" in table
    (total,) = [line for line in table.splitlines() if line.startswith("total")]
    assert total.split() == ["total", "16", "5", "13", "1,000", "200", "$8.0000", "$0.1000", "$0.2500", "$6.0000", "-$2.0000"]


def test_the_columns_stand_under_their_heads() -> None:
    lines = render(REPORT).splitlines()
    assert len({len(line) for line in lines[:7]}) == 1


def test_nothing_asked_is_said_in_words() -> None:
    assert render(replace(REPORT, lines=())) == "Nothing was asked from 2026-11-23 to 2026-11-23."


def test_what_belongs_to_nobody_has_a_name() -> None:
    assert "(nobody)" in render(replace(REPORT, by=By.USER, lines=(replace(SMALL, key=""),)))


def test_json_has_every_figure_exact() -> None:
    said = json.loads(to_json(REPORT))
    assert (said["since"], said["until"], said["by"], said["failed_questions"]) == ("2026-11-23", "2026-11-23", "tier", 2)
    assert said["lines"][2]["usd"] == "0.50"
    assert said["total"]["net_saving_usd"] == "-2.00"


def test_csv_is_one_row_a_line_with_the_key_named_by_what_it_is() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(REPORT))))
    assert [row["tier"] for row in rows] == ["cache", "frontier", "small"]
    assert sum(Decimal(row["usd"]) for row in rows) == 8


def test_a_period_holds_its_first_and_last_day() -> None:
    assert days(DAY, DAY).until - days(DAY, DAY).since == days(date(2026, 11, 24), date(2026, 11, 24)).until - days(DAY, DAY).until


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (By.DAY, ["2026-11-23", "2026-11-24"]),
        (By.TIER, ["frontier", "small"]),
        (By.MODEL, ["frontier", "small"]),
        (By.CHANNEL, ["", "C1", "C2"]),
        (By.USER, ["", "U1", "U2"]),
        (By.TENANT, ["", "T1"]),
    ],
)
async def test_the_ledger_adds_up_by_whatever_is_asked(by: By, keys: list[str], database: Database) -> None:
    spending = Spending(database)
    await spending.book([paid(Tier.SMALL, "0.25"), paid(Tier.FRONTIER, "1", at=NOON.replace(day=24))], Payer("T1", "C1", "U1"))
    await spending.book([paid(Tier.SMALL, "0.5", purpose=Purpose.JUDGE), paid(Tier.FRONTIER, None)], Payer("T1", "C2", "U2"))
    await spending.book([paid(Tier.SMALL, "0.125", purpose=Purpose.EMBEDDING)], NOBODY)
    lines = await read_costs(database, days(DAY, date(2026, 11, 24)), by)
    assert [line.key for line in lines] == keys
    total = CostReport(DAY, DAY, by, lines, 0).total
    assert (total.usd, total.overhead_usd, total.unknown_calls, total.at_most_usd) == (Decimal("1.875"), Decimal("0.625"), 1, Decimal(1))
    assert (total.questions, total.calls, total.prompt_tokens, total.cached_tokens, total.reasoning_tokens) == (3, 5, 50, 10, 5)
    assert await read_costs(database, days(date(2026, 11, 25), date(2026, 11, 25)), by) == ()


async def test_a_question_without_an_answer_is_counted_apart(backstage: Backstage) -> None:
    backstage.policy = make_policy("[channels.C9]\nenabled = false\n")
    await backstage.inbox.add(make_question(channel="C9"))
    await backstage.work()
    assert await failed_questions(backstage.database, days(DAY, DAY)) == 1
