"""The real courier writes to the fake Slack: every reply exactly once, whatever the connection does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import SecretStr

from adapters.slack.courier import SlackCourier
from adapters.slack.options import SlackOptions
from bot.replies import Announcement, Cause, Caution, Concern, Failed, Notice, Offer, Picture, Urgency
from bot.types import (
    Answered,
    Badge,
    Conversation,
    DeliveryFailure,
    Kind,
    MessageGone,
    MessageRef,
    Platform,
    Question,
    Withdrawn,
    Working,
)
from router.types import CostSource, Visibility
from tests.fakes.slack import (
    FakeSlack,
    Fault,
    Message,
    accepted_then_reset,
    assert_no_unfurls,
    live_mentions,
    rate_limited,
    refuse,
    server_error,
    shown_text,
)
from tests.fakes.slack.json_values import text_at
from tests.fakes.slack.workspace import ADA, OPS, TEAM

ANSWER = Answered(
    text="Restart the exporter on core1.",
    badge=Badge.SMALL,
    model="simulated/small",
    seconds=0.9,
    usd=Decimal("0.0004"),
    cost_source=CostSource.REPORTED,
    reasons=("short",),
    can_escalate=True,
)
DIGEST = Announcement("The week", "Three lines.", picture=Picture("week.png", b"\x89PNG\r\n", "Cost by tier and day"))
NASTY = "<!channel> <@U0ADA00001> @everyone [x](https://evil.example/a?b=c) <https://evil.example|core1> & `<!here>`"


def options(slack: FakeSlack) -> SlackOptions:
    return SlackOptions(SecretStr(slack.bot_token), SecretStr(slack.signing_secret), api_url=slack.api_url, pace_s=0)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
        assert_no_unfurls(fake.workspace)


@pytest.fixture
async def courier(slack: FakeSlack) -> AsyncIterator[SlackCourier]:
    courier = SlackCourier(options(slack))
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


async def failure_of(courier: SlackCourier, asked: Question) -> DeliveryFailure:
    with pytest.raises(DeliveryFailure) as caught:
        await courier.post(asked, Working(), in_doubt=False)
    return caught.value


async def test_a_placeholder_stands_in_the_questions_thread_and_becomes_the_answer(
    slack: FakeSlack, courier: SlackCourier, asked: Question
) -> None:
    ref = await courier.post(asked, Working(), in_doubt=False)
    assert (only(slack).thread_ts, only(slack).ts) == (asked.conversation.thread, ref.message)
    await courier.update(ref, asked, ANSWER)
    shown = shown_text(only(slack))
    assert all(words in shown for words in ("Restart the exporter", "Small model", "0.9 s", "$0.0004"))


async def test_the_status_shows_while_working_and_goes_with_the_answer(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    ref = await courier.post(asked, Working(), in_doubt=False)
    thread = asked.conversation.thread
    await slack.wait_for(lambda now: now.status_of(OPS, thread))
    await courier.update(ref, asked, ANSWER)
    await slack.wait_for(lambda now: not now.status_of(OPS, thread))


@pytest.mark.parametrize("reply", [Working(), ANSWER, Failed("No model could be reached.", Cause.ALL_DOWN)])
async def test_a_post_whose_connection_was_cut_is_found_again(
    slack: FakeSlack, courier: SlackCourier, asked: Question, reply: Working | Answered | Failed
) -> None:
    slack.fail(accepted_then_reset("chat.postMessage"))
    with pytest.raises(DeliveryFailure) as caught:
        await courier.post(asked, reply, in_doubt=False)
    assert caught.value.in_doubt
    ref = await courier.post(asked, reply, in_doubt=True)
    assert only(slack).ts == ref.message


async def test_an_update_may_be_repeated_after_a_cut_connection(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    ref = await courier.post(asked, Working(), in_doubt=False)
    slack.fail(accepted_then_reset("chat.update"))
    with pytest.raises(DeliveryFailure):
        await courier.update(ref, asked, ANSWER)
    await courier.update(ref, asked, ANSWER)
    assert "Restart the exporter" in shown_text(only(slack))


@pytest.mark.parametrize(
    ("fault", "retry_after_s", "in_doubt"),
    [
        (rate_limited("chat.postMessage", retry_after_s=30), 30, False),
        (server_error("chat.postMessage", status=503), 2, True),
        (refuse("chat.postMessage", "token_revoked"), 60, False),
        (refuse("chat.postMessage", "msg_too_long"), None, False),
        (refuse("chat.postMessage", "internal_error"), 2, True),
    ],
)
async def test_slacks_errors_say_when_to_come_back_and_whether_to_look_first(
    slack: FakeSlack, courier: SlackCourier, asked: Question, fault: Fault, retry_after_s: float | None, *, in_doubt: bool
) -> None:
    slack.fail(fault)
    failure = await failure_of(courier, asked)
    assert (failure.retry_after_s, failure.in_doubt) == (retry_after_s, in_doubt)


async def test_after_a_rate_limit_the_channel_is_left_alone(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    slack.fail(rate_limited("chat.postMessage", retry_after_s=30))
    await failure_of(courier, asked)
    failure = await failure_of(courier, asked)
    assert failure.retry_after_s is not None
    assert 25 < failure.retry_after_s <= 30
    assert len(slack.workspace.calls_of("chat.postMessage")) == 1


async def test_a_placeholder_that_was_deleted_is_gone(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    ref = await courier.post(asked, Working(), in_doubt=False)
    slack.workspace.remove(only(slack))
    with pytest.raises(MessageGone):
        await courier.update(ref, asked, ANSWER)


async def test_where_the_channel_is_closed_the_asker_is_told_directly(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    slack.workspace.archive(OPS)
    await courier.post(asked, ANSWER, in_doubt=False)
    assert "Restart the exporter" in shown_text(only(slack, slack.workspace.im_with_bot(ADA).id))


async def test_a_long_answer_is_split_and_each_part_stands_once(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    words = [f"word{number}" for number in range(4000)]
    answer = Answered(" ".join(words), Badge.FRONTIER, "m", 3.0, Decimal("0.01"), CostSource.REPORTED, ())
    ref = await courier.post(asked, Working(), in_doubt=False)
    slack.fail(server_error("chat.postMessage"))
    with pytest.raises(DeliveryFailure):
        await courier.update(ref, asked, answer)
    await courier.update(ref, asked, answer)
    messages = slack.workspace.bot_messages(OPS)
    assert len(messages) > 2
    assert {one.thread_ts for one in messages} == {asked.conversation.thread}
    shown = "\n".join(shown_text(one) for one in messages)
    assert [word for word in shown.split() if word.startswith("word")] == words


async def test_nothing_that_a_model_writes_is_live(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    answer = Answered(NASTY, Badge.BEST_EFFORT, "m", 3.0, None, CostSource.UNKNOWN, (NASTY,), caution=Caution(Concern.BEST_EFFORT, NASTY))
    ref = await courier.post(asked, answer, in_doubt=False)
    assert live_mentions(only(slack)) == []
    await courier.update(ref, asked, Failed(NASTY, Cause.ALL_DOWN))
    assert live_mentions(only(slack)) == []


async def test_an_older_workspace_gets_the_same_answer_in_older_blocks() -> None:
    async with FakeSlack(legacy_blocks=True) as slack:
        courier = SlackCourier(options(slack))
        asked = question_about((await slack.user(ADA).mention(OPS, "is core1 up?")).message)
        ref = await courier.post(asked, Working(), in_doubt=False)
        await courier.update(
            ref,
            asked,
            Answered("x" * 9000, Badge.BEST_EFFORT, "m", 1.0, None, CostSource.UNKNOWN, (), caution=Caution(Concern.BEST_EFFORT, "busy")),
        )
        kinds = [text_at(block, "type") for block in only(slack).blocks]
        await courier.close()
    assert set(kinds) <= {"section", "context", "actions"}


async def test_a_withdrawn_answer_is_deleted_with_all_its_parts(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    answer = Answered("long words " * 2000, Badge.FRONTIER, "m", 3.0, None, CostSource.UNKNOWN, ())
    ref = await courier.post(asked, answer, in_doubt=False)
    await courier.update(ref, asked, Withdrawn())
    assert slack.workspace.bot_messages(OPS) == []


async def test_a_notice_is_seen_by_the_asker_alone(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    await courier.say_privately(asked, Notice("You edited your question.", (Offer.ANSWER_AGAIN,)))
    (notice,) = slack.workspace.ephemerals
    assert (notice.ephemeral_to, notice.thread_ts) == (ADA, asked.conversation.thread)


async def test_an_alert_stands_in_its_channel_and_in_no_thread(slack: FakeSlack, courier: SlackCourier) -> None:
    await courier.announce(OPS, Announcement("80% of today's budget is used", "$16.00 of <$20.00>.", Urgency.WARNING))
    alert = only(slack)
    assert (alert.thread_ts, text_at(alert.blocks[0], "level")) == ("", "warning")
    assert "80% of today's budget is used" in shown_text(alert)
    assert "&lt;$20.00&gt;" in shown_text(alert)


async def test_a_digest_comes_with_its_picture_and_what_it_shows_in_words(slack: FakeSlack, courier: SlackCourier) -> None:
    await courier.announce(OPS, DIGEST)
    message = only(slack)
    (file,) = (slack.workspace.files[each] for each in message.files)
    assert (file.name, file.content, file.alt) == ("week.png", b"\x89PNG\r\n", "Cost by tier and day")
    assert message.text == "*The week*\nThree lines."


async def test_a_workspace_that_takes_no_files_from_us_gets_the_words(slack: FakeSlack, courier: SlackCourier) -> None:
    slack.fail(refuse("files.getUploadURLExternal", "missing_scope"))
    await courier.announce(OPS, DIGEST)
    assert "Three lines." in shown_text(only(slack))


async def test_the_thread_before_a_question_is_its_context(slack: FakeSlack, courier: SlackCourier, asked: Question) -> None:
    await courier.post(asked, ANSWER, in_doubt=False)
    root = slack.workspace.messages(OPS)[0]
    follow_up = await slack.user(ADA).thread_reply(root, "and core2?")
    await slack.user(ADA).thread_reply(root, "later words")
    turns = await courier.turns(question_about(follow_up.message), 10)
    assert [(one.assistant, "core1" in one.text) for one in turns] == [(False, True), (True, True)]
