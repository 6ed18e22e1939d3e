"""How it is: tiers, money against caps, inbox, flags, workers and alerts, as text and as JSON."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from bot.lookout import SEEN, lookout, seen
from bot.pausing import pause
from bot.status import Status, read_status
from bot.status_texts import render, to_json
from bot.store.inbox import State
from bot.store.ledger import Payer
from bot.store.spending import Hold
from bot.types import Flag, FlagSource
from router.metering import note
from router.types import Attempt, Cost, CostSource, Outcome, Tier
from tests.bot.conftest import Backstage
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question

POLICY = make_policy("[budgets]\ndeployment_usd_per_month = 100.0\nuser_usd_per_day = 5.0\n")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPENT = Attempt(Tier.FRONTIER, "simulated/frontier", Outcome.ANSWERED, 9, NOW, cost=Cost(Decimal(2), CostSource.REPORTED))
PAYER = Payer("T1", "C1", "U1")


async def status(backstage: Backstage) -> Status:
    return await read_status(backstage.store, POLICY, backstage.clock)


async def test_an_empty_deployment_has_a_status(backstage: Backstage) -> None:
    found = await status(backstage)
    assert [found.today_usd, found.month_usd, found.open_flags, len(found.workers)] == [0] * 4
    said = render(found)
    assert "simulated/frontier: not called lately" in said
    assert "this deployment this month: $0.0000 of $100.00 (0%), resets 2026-12-01 at 00:00 UTC" in said
    assert "workers   none was seen" in said


async def test_spending_is_told_against_every_cap_with_what_is_set_aside(backstage: Backstage) -> None:
    await backstage.store.spending.book([SPENT], PAYER)
    hold = Hold("q_9", PAYER, Tier.FRONTIER, Decimal("0.25"), NOW.replace(hour=13))
    await backstage.store.spending.reserve(hold, POLICY.budgets.caps(), NOW)
    found = await status(backstage)
    assert (found.today_usd, found.month_usd, found.reserved_usd) == (Decimal(2), Decimal(2), Decimal("0.25"))
    said = render(found)
    assert "$2.0000 today, $2.0000 this month, $0.2500 set aside" in said
    assert "user U1 today: $2.0000 of $5.00 (40%)" in said
    assert json.loads(to_json(found))["caps"][1] == {
        "whose": "user",
        "tenant": "T1",
        "owner": "U1",
        "span": "day",
        "spent_usd": "2",
        "cap_usd": "5.0",
        "resets_at": "2026-11-24T00:00:00+00:00",
    }


async def test_a_paused_tier_and_failing_targets_are_told(backstage: Backstage) -> None:
    await pause(backstage.store.switches, Tier.FRONTIER, "provider incident", backstage.clock)
    for outcome in (Outcome.ANSWERED, Outcome.TIMEOUT, Outcome.SKIPPED):
        attempt = Attempt(Tier.SMALL, "simulated/small", outcome, 9, backstage.clock())
        await backstage.store.spending.book([attempt])
        backstage.clock.advance(1)
    found = await status(backstage)
    said = render(found)
    assert "frontier  paused since 2026-11-23 at 12:00 UTC (provider incident)" in said
    assert "simulated/small: 1 answered, 1 failed in 15 minutes, left alone by its breaker" in said
    assert json.loads(to_json(found))["tiers"][1]["paused"]["reason"] == "provider incident"


async def test_the_inbox_and_the_flags_are_counted(backstage: Backstage) -> None:
    question = make_question()
    await backstage.inbox.add(question)
    backstage.clock.advance(5)
    await backstage.desk.flag(Flag(question.id, "U1", FlagSource.REACTION, None, "", backstage.clock()))
    found = await status(backstage)
    assert (found.items, found.oldest_waiting_s, found.open_flags) == ({State.WAITING: 1}, 5, 1)
    assert "1 waiting, 0 tried again later, 0 to be delivered, 0 dead; the oldest waits 5 s" in render(found)


async def test_a_worker_is_seen_and_its_loose_calls_are_booked(backstage: Backstage) -> None:
    async with lookout(backstage.store, POLICY, "host-1", backstage.clock):
        note(SPENT)
    assert (await backstage.store.spending.total(NOW)) == 2
    await backstage.store.switches.set(SEEN + "host-1", NOW.isoformat())
    assert await seen(backstage.store.switches) == {"host-1": NOW}
    assert "host-1: there, last seen 2026-11-23 at 12:00 UTC" in render(await status(backstage))
    backstage.clock.advance(60)
    assert "host-1: gone" in render(await status(backstage))
