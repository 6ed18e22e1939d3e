"""Who we are is learned once, and nothing waits long for it."""

import asyncio

import pytest

from adapters.slack import whoami
from adapters.slack.inbound import Identity
from adapters.slack.whoami import SlackUnreachableError, Whoami
from bot.types import DeliveryFailure
from tests.fakes.slack_web import FakeSlackWeb

WE = {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}


async def test_slack_is_asked_once() -> None:
    web = FakeSlackWeb(WE)
    who = Whoami(web)
    await who.start()
    assert [await who.get(), await who.get()] == [Identity("T1", "U1", "B1")] * 2
    assert web.calls == 1


async def test_a_slack_that_is_down_is_asked_again() -> None:
    who = Whoami(FakeSlackWeb(DeliveryFailure("http_503", retry_after_s=2.0), WE))
    await who.start()
    assert await who.get() == Identity("T1", "U1", "B1")


async def test_an_event_is_turned_away_when_slack_stays_silent() -> None:
    web = FakeSlackWeb(WE)
    web.gate.clear()
    who = Whoami(web)
    began = asyncio.get_running_loop().time()
    with pytest.raises(SlackUnreachableError):
        await who.get()
    assert asyncio.get_running_loop().time() - began < whoami.LAZY_S + 0.5
    await who.stop()


async def test_it_is_known_as_soon_as_slack_is_back() -> None:
    web = FakeSlackWeb(WE)
    web.gate.clear()
    who = Whoami(web)
    await who.start()
    web.gate.set()
    assert await who.get() == Identity("T1", "U1", "B1")
