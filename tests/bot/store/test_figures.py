"""The overview's figures add up what was recorded in a period, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.store.database import Database
from bot.store.entries import Entries
from bot.store.figures import Answers, Figures, Latency, Period, Spending, read_figures
from bot.store.flags import Flags
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.types import Badge, Flag, FlagSource, Resolution
from router.types import Tier
from tests.fakes.archive import Archive
from tests.fakes.clock import FakeClock

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
A_DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def archive(database: Database, clock: FakeClock) -> Archive:
    return Archive(Inbox(database, clock), Records(database), clock)


async def week(database: Database, clock: FakeClock) -> Figures:
    now = clock()
    return await read_figures(database, Period(now - timedelta(days=7), now + timedelta(seconds=1)))


async def test_answers_are_counted_by_utc_day_and_badge(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.keep(tier=Tier.SMALL)
    await archive.keep(tier=Tier.SMALL)
    await archive.keep(tier=Tier.SMALL, best_effort=True)
    clock.advance(A_DAY / 2)  # midnight
    await archive.keep(tier=Tier.FRONTIER)
    counted = (await week(database, clock)).answers
    assert set(counted) == {
        Answers(MONDAY, Badge.SMALL, 2),
        Answers(MONDAY, Badge.BEST_EFFORT, 1),
        Answers(TUESDAY, Badge.FRONTIER, 1),
    }


async def test_spending_is_exact_and_says_how_many_costs_are_unknown(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.keep(usd="0.000000123456")
    await archive.keep(usd="0.1")
    await archive.keep(usd=None)
    assert (await week(database, clock)).spending == (Spending(MONDAY, Decimal("0.100000123456"), 1),)


async def test_what_an_audit_answers_is_spent_but_nobody_asked_for_it(database: Database, archive: Archive, clock: FakeClock) -> None:
    source = await archive.keep(usd="0.1")
    hit = await archive.keep(tier=Tier.CACHE, source=source)
    await archive.audit(hit)
    figures = await week(database, clock)
    assert {(counted.badge, counted.count) for counted in figures.answers} == {(Badge.SMALL, 1), (Badge.CACHE, 1)}
    assert [latency.count for latency in figures.latencies] == [1, 1]
    assert figures.spending[0].usd == Decimal("0.101")


async def test_latency_percentiles_are_those_of_the_tier(database: Database, archive: Archive, clock: FakeClock) -> None:
    for latency in range(1, 21):
        await archive.keep(latency_ms=latency * 100)
    await archive.keep(tier=Tier.FRONTIER, latency_ms=9000)
    assert (await week(database, clock)).latencies == (Latency(Tier.SMALL, 20, 1000, 1900), Latency(Tier.FRONTIER, 1, 9000, 9000))


async def test_a_hit_that_answers_another_question_is_counted(database: Database, archive: Archive, clock: FakeClock) -> None:
    hit = await archive.keep(tier=Tier.CACHE, source=await archive.keep())
    await Entries(database, clock).mismatch(hit)
    assert (await week(database, clock)).mismatches == 1


async def test_what_failed_and_what_is_open_is_counted(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.fail()
    flags, first, second = Flags(database), await archive.keep(), await archive.keep()
    for flagged in (first, second):
        await flags.put(Flag(flagged, "U1", FlagSource.BUTTON, None, "", clock()))
    await flags.resolve(first, Resolution.UPHELD, "eve", clock())
    figures = await week(database, clock)
    assert (figures.failed, figures.open_flags) == (1, 1)


async def test_what_lies_outside_the_period_is_left_out(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.keep()
    await archive.fail()
    clock.advance(8 * A_DAY)
    assert await week(database, clock) == Figures((), (), (), failed=0, mismatches=0, open_flags=0)
