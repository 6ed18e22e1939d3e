"""Whether a channel is private is learned, asked about once, and otherwise assumed."""

import asyncio

import pytest

from adapters.slack.channels import Channels
from bot.types import DeliveryFailure
from router.types import Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.slack_web import FakeSlackWeb

PUBLIC = {"ok": True, "channel": {"id": "C1", "is_channel": True, "is_private": False}}
PRIVATE = {"ok": True, "channel": {"id": "C1", "is_channel": True, "is_private": True}}


async def test_a_stated_kind_needs_no_question(clock: FakeClock) -> None:
    web = FakeSlackWeb(PRIVATE)
    channels = Channels(web, clock)
    assert await channels.visibility("C1", "channel") is Visibility.PUBLIC
    assert await channels.visibility("C1", "") is Visibility.PUBLIC
    assert web.calls == 0


@pytest.mark.parametrize(("answer", "expected"), [(PUBLIC, Visibility.PUBLIC), (PRIVATE, Visibility.PRIVATE)])
async def test_slack_is_asked_about_an_unknown_channel_once(clock: FakeClock, answer: dict[str, object], expected: Visibility) -> None:
    web = FakeSlackWeb(answer)
    channels = Channels(web, clock)
    assert [await channels.visibility("C1", "") for _ in range(3)] == [expected] * 3
    assert web.calls == 1


async def test_many_who_ask_at_once_share_one_question(clock: FakeClock) -> None:
    web = FakeSlackWeb(PUBLIC)
    channels = Channels(web, clock)
    assert set(await asyncio.gather(*(channels.visibility("C1", "") for _ in range(20)))) == {Visibility.PUBLIC}
    assert web.calls == 1


async def test_a_channel_that_nobody_can_tell_is_private_for_a_while(clock: FakeClock) -> None:
    web = FakeSlackWeb(DeliveryFailure("missing_scope", retry_after_s=60.0), PUBLIC)
    channels = Channels(web, clock)
    assert await channels.visibility("C1", "") is Visibility.PRIVATE
    assert await channels.visibility("C1", "") is Visibility.PRIVATE
    clock.advance(61)
    assert await channels.visibility("C1", "") is Visibility.PUBLIC


async def test_a_channel_that_became_private_is_noticed(clock: FakeClock) -> None:
    channels = Channels(FakeSlackWeb(PUBLIC, PRIVATE), clock)
    assert await channels.visibility("C1", "") is Visibility.PUBLIC
    clock.advance(601)
    assert await channels.visibility("C1", "") is Visibility.PRIVATE


async def test_an_event_that_says_private_is_believed_at_once(clock: FakeClock) -> None:
    channels = Channels(FakeSlackWeb(PUBLIC), clock)
    assert await channels.visibility("C1", "") is Visibility.PUBLIC
    assert await channels.visibility("C1", "group") is Visibility.PRIVATE
    assert await channels.visibility("C1", "") is Visibility.PRIVATE


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"is_im": True}, Visibility.DIRECT),
        ({"is_mpim": True, "is_channel": True}, Visibility.PRIVATE),
        ({"is_group": True}, Visibility.PRIVATE),
        ({"is_channel": True, "is_ext_shared": True}, Visibility.PRIVATE),
        ({}, Visibility.PRIVATE),
    ],
)
async def test_only_a_plain_channel_is_public(clock: FakeClock, kind: dict[str, object], expected: Visibility) -> None:
    assert await Channels(FakeSlackWeb({"ok": True, "channel": kind}), clock).visibility("C1", "") is expected


async def test_a_channel_that_is_shared_outside_is_private_whatever_it_is_called(clock: FakeClock) -> None:
    assert await Channels(FakeSlackWeb(PUBLIC), clock).visibility("C1", "channel", external=True) is Visibility.PRIVATE
