"""What the ingress says reaches its person, by the way that is open, and only ever Slack's."""

import pytest

from adapters.later import Later
from adapters.slack.faults import by_code
from adapters.slack.hook import Hook, Posting
from adapters.slack.outbound import remark
from adapters.slack.speaker import Ear, Speaker
from adapters.slack.views import flag_view
from bot.types import DeliveryFailure
from tests.fakes.slack_payloads import OPTIONS
from tests.fakes.slack_web import FakeSlackWeb


async def spoken(web: FakeSlackWeb, ear: Ear) -> int:
    """Whisper into an ear and return how many calls of the Web API that took."""
    later = Later()
    Speaker(web, OPTIONS, later).whisper(ear, remark("hello"))
    await later.drain()
    return web.calls


async def test_a_remark_is_one_call() -> None:
    assert await spoken(FakeSlackWeb({"ok": True}), Ear("U1", "C1")) == 1


async def test_a_dialog_that_cannot_be_opened_becomes_a_remark() -> None:
    web, later = FakeSlackWeb(by_code("expired_trigger_id"), {"ok": True}), Later()
    Speaker(web, OPTIONS, later).open("t", flag_view("q_1"), Ear("U1", "C1"), remark("too late"))
    await later.drain()
    assert web.calls == 2


async def test_an_address_from_the_store_is_checked_again_before_it_is_used() -> None:
    with pytest.raises(DeliveryFailure, match="not_slacks"):
        await Hook(FakeSlackWeb({"ok": True}), OPTIONS).send("https://evil.example/hook", Posting(remark("x")))
