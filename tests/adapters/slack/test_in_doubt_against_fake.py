"""When a post may or may not have arrived, the real courier looks first, and the answer stands once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.slack.courier import SlackCourier
from bot.types import Conversation, DeliveryFailure, Kind, MessageGone, MessageRef, Platform, Question, Working
from router.types import Visibility
from tests.fakes.slack import FakeSlack, Message, accepted_then_reset, assert_no_unfurls, rate_limited, refuse, server_error, shown_text
from tests.fakes.slack.workspace import ADA, OPS, TEAM
from tests.fakes.slack_rig import ANSWER, options_for


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
        assert_no_unfurls(fake.workspace)


@pytest.fixture
async def courier(slack: FakeSlack) -> AsyncIterator[SlackCourier]:
    courier = SlackCourier(options_for(slack))
    yield courier
    await courier.close()


@pytest.fixture
async def asked(slack: FakeSlack) -> Question:
    said = await slack.user(ADA).mention(OPS, "is core1 up?")
    return question_about(said.message)


def question_about(message: Message, kind: Kind = Kind.ASK) -> Question:
    return Question(
        id=f"q_{message.ts}",
        kind=kind,
        delivery_key=f"slack:{message.ts}",
        logical_key=f"slack:{message.ts}",
        conversation=Conversation(Platform.SLACK, TEAM, message.channel, message.root, Visibility.PUBLIC),
        user=message.user,
        text=message.text,
        asked_at=datetime.now(UTC),
        source=MessageRef(Platform.SLACK, TEAM, message.channel, message.ts),
    )


def only(slack: FakeSlack, channel: str = OPS) -> Message:
    (message,) = slack.workspace.bot_messages(channel)
    return message


async def test_while_nobody_can_look_nothing_is_posted(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    slack.fail(accepted_then_reset("chat.postMessage"), rate_limited("conversations.replies"), server_error("conversations.replies"))
    for in_doubt in (False, True, True):
        with pytest.raises(DeliveryFailure) as caught:
            await courier.post(asked, ANSWER, in_doubt=in_doubt)
        assert caught.value.in_doubt
        assert caught.value.retry_after_s is not None
    ref = await courier.post(asked, ANSWER, in_doubt=True)
    assert only(slack).ts == ref.message


async def test_in_doubt_a_post_that_never_arrived_is_made(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    ref = await courier.post(asked, ANSWER, in_doubt=True)
    assert only(slack).ts == ref.message


async def test_in_doubt_another_questions_answer_is_not_taken_for_ours(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    await courier.post(asked, ANSWER, in_doubt=False)
    follow_up = await slack.user(ADA).thread_reply(slack.workspace.messages(OPS)[0], "and core2?")
    await courier.post(question_about(follow_up.message), ANSWER, in_doubt=True)
    assert len(slack.workspace.bot_messages(OPS)) == 2


async def test_a_direct_message_in_a_channels_stead_is_sent_once(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    slack.workspace.archive(OPS)
    slack.fail(refuse("chat.postMessage", "is_archived"), accepted_then_reset("chat.postMessage"))
    with pytest.raises(DeliveryFailure) as caught:
        await courier.post(asked, Working(), in_doubt=False)
    assert caught.value.in_doubt
    await courier.post(asked, Working(), in_doubt=True)
    only(slack, slack.workspace.im_with_bot(ADA).id)


@pytest.mark.parametrize("in_doubt", [False, True])
async def test_an_answer_finds_its_asker_when_the_channel_was_closed_meanwhile(
    slack: FakeSlack, courier: SlackCourier, asked: Question, *, in_doubt: bool
) -> None:
    ref = await courier.post(asked, Working(), in_doubt=False)
    slack.workspace.archive(OPS)
    with pytest.raises(MessageGone):
        await courier.update(ref, asked, ANSWER)
    await courier.post(asked, ANSWER, in_doubt=in_doubt)
    assert ANSWER.text in shown_text(only(slack, slack.workspace.im_with_bot(ADA).id))


async def test_what_was_found_but_cannot_be_changed_is_posted_anew(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    await courier.post(asked, Working(), in_doubt=False)
    slack.fail(refuse("chat.update", "edit_window_closed"))
    await courier.post(asked, ANSWER, in_doubt=True)
    assert ANSWER.text in shown_text(slack.workspace.bot_messages(OPS)[-1])
