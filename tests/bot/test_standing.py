"""How things stand is read from what was recorded."""

from decimal import Decimal

import pytest

from bot.pausing import pause
from bot.standing import Spent, Standing, Whose
from bot.store.database import Database
from bot.store.store import make_store
from bot.store.tier_news import TierNews
from bot.types import Conversation, Platform
from router.money_policy import Budgets
from router.types import Tier, Visibility
from tests.bot.conftest import Backstage, backstage
from tests.fakes.questions import make_question

__all__ = ["backstage"]

PLACE = Conversation(Platform.SLACK, "T1", "C1", "", Visibility.PUBLIC)


async def test_nothing_asked_is_no_news_and_nothing_spent(backstage: Backstage) -> None:
    status = await _standing(backstage.database, backstage, Budgets()).of(PLACE, "U1")
    assert status.tiers == (TierNews(Tier.SMALL, 0, 0), TierNews(Tier.FRONTIER, 0, 0))
    assert {spent.usd for spent in status.spent} == {Decimal(0)}


@pytest.mark.parametrize(("user", "channel", "own", "here"), [("U1", "C1", 1, 1), ("U2", "C1", 0, 1), ("U2", "C2", 0, 0)])
async def test_what_was_spent_is_told_by_person_and_place(backstage: Backstage, user: str, channel: str, own: int, here: int) -> None:
    await backstage.inbox.add(make_question("why does BGP flap on core1 and core2 after the upgrade?", user="U1", channel="C1"))
    await backstage.work()
    budgets = Budgets(user_usd_per_day=Decimal(5))
    place = Conversation(Platform.SLACK, "T1", channel, "", Visibility.PUBLIC)
    status = await _standing(backstage.database, backstage, budgets).of(place, user)
    total = next(spent.usd for spent in status.spent if spent.whose is Whose.DEPLOYMENT)
    assert total > 0
    assert sum(news.answered for news in status.tiers) == 1
    assert status.spent[:2] == (Spent(Whose.PERSON, total * own, Decimal(5)), Spent(Whose.CHANNEL, total * here, None))


async def test_old_news_is_no_news(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question())
    await backstage.work()
    backstage.clock.advance(16 * 60)
    status = await _standing(backstage.database, backstage, Budgets()).of(PLACE, "U1")
    assert sum(news.asked for news in status.tiers) == 0


def _standing(database: Database, backstage: Backstage, budgets: Budgets) -> Standing:
    return Standing(make_store(database, backstage.clock), budgets, backstage.clock)


async def test_a_paused_tier_is_told(backstage: Backstage) -> None:
    store = make_store(backstage.database, backstage.clock)
    await pause(store.switches, Tier.FRONTIER, "too dear", backstage.clock)
    assert (await Standing(store, Budgets(), backstage.clock).of(PLACE, "U1")).paused == {Tier.FRONTIER}
