"""The overview's figures add up what was recorded in a period, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.entries import Entries
from bot.store.figures import FRESH, Figures, FiguresReader, Latency
from bot.store.flags import Flags
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.store.tables import answers
from bot.types import Badge, Flag, FlagSource, Resolution
from router.types import Tier
from tests.fakes.archive import Archive
from tests.fakes.clock import FakeClock

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
A_DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def archive(database: Database, clock: FakeClock) -> Archive:
    return Archive(Inbox(database, clock), Records(database), clock)


@pytest.fixture
async def reader(database: Database, clock: FakeClock) -> AsyncIterator[FiguresReader]:
    reading = FiguresReader(database, clock)
    yield reading
    await reading.close()


async def week(database: Database, clock: FakeClock) -> Figures:
    return await FiguresReader(database, clock).read(7)


def counts(figures: Figures) -> dict[date, dict[Badge, int]]:
    return {day: dict(of.answers) for day, of in figures.days if of.answers}


async def test_answers_are_counted_by_utc_day_and_badge(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.keep(tier=Tier.SMALL)
    await archive.keep(tier=Tier.SMALL)
    await archive.keep(tier=Tier.SMALL, best_effort=True)
    clock.advance(A_DAY / 2)  # midnight
    await archive.keep(tier=Tier.FRONTIER)
    assert counts(await week(database, clock)) == {
        MONDAY: {Badge.SMALL: 2, Badge.BEST_EFFORT: 1},
        TUESDAY: {Badge.FRONTIER: 1},
    }


async def test_spending_is_exact_and_says_how_many_costs_are_unknown(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.keep(usd="0.000000123456")
    await archive.keep(usd="0.1")
    await archive.keep(usd=None)
    figures = await week(database, clock)
    assert (figures.cost.usd, figures.days[0][1].cost.unknown_calls) == (Decimal("0.100000123456"), 1)


async def test_what_an_audit_answers_is_spent_but_nobody_asked_for_it(database: Database, archive: Archive, clock: FakeClock) -> None:
    source = await archive.keep(usd="0.1")
    hit = await archive.keep(tier=Tier.CACHE, source=source)
    await archive.audit(hit)
    figures = await week(database, clock)
    assert counts(figures) == {MONDAY: {Badge.SMALL: 1, Badge.CACHE: 1}}
    assert [latency.count for latency in figures.latencies] == [1, 1]
    assert figures.cost.usd == Decimal("0.101")


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


async def test_a_latency_is_kept_to_two_digits(database: Database, archive: Archive, clock: FakeClock) -> None:
    for tier, latency in ((Tier.CACHE, 97), (Tier.SMALL, 978), (Tier.FRONTIER, 9787)):
        await archive.keep(tier=tier, latency_ms=latency, source=await archive.keep(latency_ms=978) if tier is Tier.CACHE else "")
    assert [latency.p95_ms for latency in (await week(database, clock)).latencies] == [97, 970, 9700]


async def test_what_lies_outside_the_days_is_left_out(database: Database, archive: Archive, clock: FakeClock) -> None:
    await archive.keep()
    await archive.fail()
    clock.advance(7 * A_DAY)
    figures = await week(database, clock)
    assert counts(figures) == {}
    assert (figures.cost.usd, figures.failed) == (Decimal(0), 0)
    assert not figures.latencies
    assert [day for day, _ in figures.days] == [date(2026, 11, 30) - timedelta(days=back) for back in range(7)]


async def test_a_day_that_is_over_is_read_again_behind_a_page_when_a_while_has_gone_by(
    reader: FiguresReader, database: Database, archive: Archive, clock: FakeClock
) -> None:
    await archive.keep()
    clock.advance(A_DAY)
    first = await reader.read(7)
    await database.change(answers.delete())
    assert await reader.read(7) == first
    clock.advance(FRESH.total_seconds() + 1)
    assert await reader.read(7) == first, "nobody waits"
    for _ in range(500):
        if not counts(await reader.read(7)):
            return
        await asyncio.sleep(0.02)
    pytest.fail("the day was not read again")


async def test_days_that_were_read_at_the_start_are_not_read_for_the_first_page(
    reader: FiguresReader, database: Database, archive: Archive, clock: FakeClock
) -> None:
    await archive.keep()
    clock.advance(A_DAY)
    await archive.keep(tier=Tier.FRONTIER)
    await reader.warm(90)
    await database.change(answers.delete())
    assert counts(await reader.read(90)) == {MONDAY: {Badge.SMALL: 1}}


async def test_a_database_that_is_down_at_the_start_stops_nothing(tmp_path: Path, clock: FakeClock) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    await FiguresReader(empty, clock).warm(7)
    await empty.close()


async def test_today_is_read_each_time_and_a_longer_period_has_all_its_days(
    reader: FiguresReader, archive: Archive, clock: FakeClock
) -> None:
    await archive.keep()
    clock.advance(10 * A_DAY)
    assert counts(await reader.read(7)) == {}
    await archive.keep(tier=Tier.FRONTIER)
    assert counts(await reader.read(30)) == {MONDAY: {Badge.SMALL: 1}, date(2026, 12, 3): {Badge.FRONTIER: 1}}
    clock.advance(A_DAY)
    assert counts(await reader.read(30)) == {MONDAY: {Badge.SMALL: 1}, date(2026, 12, 3): {Badge.FRONTIER: 1}}, "a day went over"
