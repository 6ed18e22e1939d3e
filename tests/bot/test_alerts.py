"""Operators are told once each of caps that fill up, of keys that are not accepted, and of a paused model."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.alerts import Watch
from bot.pausing import pause, resume
from bot.replies import Urgency
from bot.store.ledger import Payer
from router.types import Attempt, Cost, CostSource, Outcome, Tier
from tests.bot.conftest import Backstage
from tests.fakes.policies import make_policy

POLICY = """
[budgets]
channel_usd_per_day = 10.0
[alerts]
channel = "C0OPS"
"""
PAYER = Payer("T1", "C1", "U1")


def spent(backstage: Backstage, usd: str) -> Attempt:
    cost = Cost(Decimal(usd), CostSource.REPORTED)
    return Attempt(Tier.FRONTIER, "openai/gpt-5.1", Outcome.ANSWERED, 9, backstage.clock(), cost=cost, provider="openai")


async def told(backstage: Backstage, policy: str = POLICY, *, looks: int = 2) -> list[str]:
    """Have two workers look, deliver what is to be said, and return the titles of all that was said so far."""
    for _ in range(looks):
        await Watch(backstage.store, make_policy(policy), backstage.clock).look()
    await backstage.work()
    assert {channel for channel, _ in backstage.courier.announced} <= {"C0OPS"}
    return [said.title for _, said in backstage.courier.announced]


async def test_each_part_of_a_cap_is_told_once_when_it_is_used(backstage: Backstage) -> None:
    await backstage.store.spending.book([spent(backstage, "4.99")], PAYER)
    assert await told(backstage) == []
    half, most, whole = (f"{percent}% of the budget of channel C1 for today is used" for percent in (50, 80, 100))
    await backstage.store.spending.book([spent(backstage, "0.01")], PAYER)
    assert await told(backstage) == [half]
    await backstage.store.spending.book([spent(backstage, "4.50")], PAYER)
    assert await told(backstage) == [half, most]
    await backstage.store.spending.book([spent(backstage, "0.60")], PAYER)
    assert await told(backstage) == [half, most, whole]
    texts = [said.text for _, said in backstage.courier.announced]
    assert texts[0] == "$5.00 of $10.00. The frontier model stops at $9.00. It resets 2026-11-24 at 00:00 UTC."
    assert "The frontier model is not asked any more" in texts[1]
    assert "Only earlier answers are served now." in texts[2]


async def test_the_next_day_has_alerts_of_its_own(backstage: Backstage) -> None:
    await backstage.store.spending.book([spent(backstage, "6")], PAYER)
    assert len(await told(backstage)) == 1
    backstage.clock.advance(86400)
    assert len(await told(backstage)) == 1
    await backstage.store.spending.book([spent(backstage, "6")], PAYER)
    assert len(await told(backstage)) == 2


async def test_a_cap_of_one_channel_is_none_of_another(backstage: Backstage) -> None:
    for channel in ("C1", "C2"):
        await backstage.store.spending.book([spent(backstage, "4.99")], replace(PAYER, channel=channel))
    assert await told(backstage) == []


async def test_a_key_that_is_not_accepted_is_told_once_a_day_and_not_for_each_question(backstage: Backstage) -> None:
    refused = replace(spent(backstage, "0"), outcome=Outcome.UNAUTHORIZED, cost=Cost(None, CostSource.UNKNOWN))
    for _ in range(50):
        await backstage.store.spending.book([refused], PAYER)
        await told(backstage, looks=1)
    assert await told(backstage) == ["openai does not accept our key"]
    await backstage.store.spending.book([replace(refused, provider="anthropic", target="anthropic/claude-opus-4-5")], PAYER)
    assert await told(backstage) == ["openai does not accept our key", "anthropic does not accept our key"]
    assert backstage.courier.announced[1][1].text.startswith("Asked for anthropic/claude-opus-4-5.")
    backstage.clock.advance(86400)
    await backstage.store.spending.book([replace(refused, started_at=backstage.clock())], PAYER)
    assert len(await told(backstage)) == 3


async def test_a_pause_and_its_end_are_told(backstage: Backstage) -> None:
    assert await told(backstage) == []
    await pause(backstage.store.switches, Tier.FRONTIER, "provider incident", backstage.clock)
    assert await told(backstage) == ["The frontier model is paused"]
    assert backstage.courier.announced[0][1].text == "Since 2026-11-23 at 12:00 UTC. provider incident"
    assert backstage.courier.announced[0][1].urgency is Urgency.WARNING
    await resume(backstage.store.switches, Tier.FRONTIER)
    assert await told(backstage) == ["The frontier model is paused", "The frontier model is asked again"]
    backstage.clock.advance(60)
    await pause(backstage.store.switches, Tier.FRONTIER, "", backstage.clock)
    assert (await told(backstage))[2:] == ["The frontier model is paused"]


async def test_without_a_channel_an_alert_is_one_line_of_the_log(backstage: Backstage, caplog: pytest.LogCaptureFixture) -> None:
    await backstage.store.spending.book([spent(backstage, "6")], PAYER)
    assert await told(backstage, "[budgets]\nchannel_usd_per_day = 10.0\n") == []
    assert [record.message for record in caplog.records if "alert" in record.message] == [
        "alert: 50% of the budget of channel C1 for today is used"
    ]


async def test_an_alert_that_was_not_delivered_is_tried_again(backstage: Backstage) -> None:
    backstage.courier.failing.append(RuntimeError("down"))
    await backstage.store.spending.book([spent(backstage, "6")], PAYER)
    assert await told(backstage) == []
    backstage.clock.advance(5)
    assert len(await told(backstage)) == 1


async def test_what_was_raised_can_be_read_back(backstage: Backstage) -> None:
    await backstage.store.spending.book([spent(backstage, "6")], PAYER)
    await told(backstage)
    (alert,) = await backstage.store.alerts.recent(5)
    assert (alert.said.title, alert.at) == ("50% of the budget of channel C1 for today is used", datetime(2026, 11, 23, 12, tzinfo=UTC))
