"""Private answers of the real courier: at the reply address while it lives, as ephemeral messages after that."""

from collections.abc import AsyncIterator

import pytest

from bot.replies import Notice
from bot.types import Answered, Badge, DeliveryFailure, Question, Withdrawn, Working
from router.types import CostSource
from tests.fakes.slack import FakeSlack, accepted_then_reset, rate_limited, shown_text
from tests.fakes.slack.workspace import ADA, ELSEWHERE, OPS
from tests.fakes.slack_rig import ANSWER, Rig, rigged

ADDRESS = "response_url"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with FakeSlack() as slack, rigged(slack) as rig:
        yield rig


async def commanded(rig: Rig, text: str = "is core1 up?", channel: str = OPS) -> Question:
    await rig.slack.user(ADA).slash(channel, "/ask", text)
    return rig.desk.taken[-1]


def seen(rig: Rig) -> list[str]:
    return [shown_text(one) for one in rig.slack.workspace.ephemerals if one.ephemeral_to == ADA]


async def test_the_answer_takes_the_placeholders_place(rig: Rig) -> None:
    question = await commanded(rig)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    assert "Working on it" in seen(rig)[0]
    await rig.courier.update(ref, question, ANSWER)
    assert [ANSWER.text in one for one in seen(rig)] == [True]


async def test_a_placeholder_whose_connection_was_cut_is_not_shown_twice(rig: Rig) -> None:
    question = await commanded(rig)
    rig.slack.fail(accepted_then_reset(ADDRESS))
    with pytest.raises(DeliveryFailure) as caught:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert caught.value.in_doubt
    await rig.courier.post(question, Working(), in_doubt=True)
    assert len(seen(rig)) == 1


async def test_an_answer_whose_connection_was_cut_may_be_repeated(rig: Rig) -> None:
    question = await commanded(rig)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    rig.slack.fail(accepted_then_reset(ADDRESS))
    with pytest.raises(DeliveryFailure):
        await rig.courier.update(ref, question, ANSWER)
    await rig.courier.update(ref, question, ANSWER)
    assert [ANSWER.text in one for one in seen(rig)] == [True]


async def test_a_rate_limit_at_the_address_says_when_to_come_back(rig: Rig) -> None:
    question = await commanded(rig)
    rig.slack.fail(rate_limited(ADDRESS, retry_after_s=7))
    with pytest.raises(DeliveryFailure) as caught:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert (caught.value.retry_after_s, caught.value.in_doubt) == (7, False)


async def test_after_thirty_minutes_the_answer_comes_as_an_ephemeral_message(rig: Rig) -> None:
    question = await commanded(rig)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    rig.slack.workspace.clock.advance(1900)
    await rig.courier.update(ref, question, ANSWER)
    assert ANSWER.text in seen(rig)[-1]
    assert len(rig.slack.workspace.calls_of("chat.postEphemeral")) == 1


async def test_a_used_up_address_does_not_lose_a_remark(rig: Rig) -> None:
    question = await commanded(rig)
    for number in range(6):
        await rig.courier.say_privately(question, Notice(f"remark {number}"))
    assert seen(rig) == [f"remark {number}" for number in range(6)]


async def test_a_long_private_answer_is_shown_whole_and_to_nobody_else(rig: Rig) -> None:
    question = await commanded(rig)
    words = [f"word{number}" for number in range(8000)]
    answer = Answered(" ".join(words), Badge.FRONTIER, "m", 3.0, None, CostSource.UNKNOWN, ())
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    await rig.courier.update(ref, question, answer)
    assert [word for word in "\n".join(seen(rig)).split() if word.startswith("word")] == words
    assert rig.slack.workspace.bot_messages() == []


async def test_a_withdrawn_private_answer_is_deleted(rig: Rig) -> None:
    question = await commanded(rig)
    ref = await rig.courier.post(question, ANSWER, in_doubt=False)
    await rig.courier.update(ref, question, Withdrawn())
    assert seen(rig) == []


async def test_a_shared_command_works_where_we_are_no_member(rig: Rig) -> None:
    question = await commanded(rig, "--public is core1 up?", ELSEWHERE)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    await rig.courier.update(ref, question, ANSWER)
    (message,) = rig.slack.workspace.bot_messages(ELSEWHERE)
    assert ANSWER.text in shown_text(message)
