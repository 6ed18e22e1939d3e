"""Under a private answer, another answer follows it and a second try takes its place."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.slack.outbound import FAILED, WORKING
from adapters.slack.reply_url import Manner, manner_of
from bot.desk import Record
from bot.replies import Cause, Failed, Offer
from bot.types import Kind, Question, Withdrawn, Working
from tests.fakes.slack import FakeSlack, shown_text
from tests.fakes.slack.workspace import ADA, ELSEWHERE, OPS
from tests.fakes.slack_rig import ANSWER, Rig, rigged


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with FakeSlack() as slack, rigged(slack) as rig:
        yield rig


def seen(rig: Rig) -> list[str]:
    return [shown_text(one) for one in rig.slack.workspace.ephemerals if one.ephemeral_to == ADA]


async def commanded(rig: Rig, channel: str = OPS) -> Question:
    await rig.slack.user(ADA).slash(channel, "/ask", "is core1 up?")
    return rig.desk.taken[-1]


async def clicked(rig: Rig, first: Question, action: str, kind: Kind) -> Question:
    """Press a button under the only private message, and return the question that a worker would get."""
    await rig.slack.user(ADA).press(rig.slack.workspace.ephemerals[0], action)
    click = rig.desk.clicks[-1][1]
    return replace(first, id="q_2", kind=kind, parent=first.id, reply_url=click.reply_url)


async def test_an_escalation_follows_the_answer_that_it_betters(rig: Rig) -> None:
    first = await commanded(rig)
    await rig.answered_privately(first)
    better = await clicked(rig, first, "escalate", Kind.ESCALATE)
    assert manner_of(better.reply_url) is Manner.APPEND
    ref = await rig.courier.post(better, Working(), in_doubt=False)
    await rig.courier.update(ref, better, replace(ANSWER, text="The better answer."))
    assert ANSWER.text in seen(rig)[0]
    assert "The better answer." in seen(rig)[-1]


async def test_a_second_try_takes_the_failures_place(rig: Rig) -> None:
    first = await commanded(rig)
    ref = await rig.courier.post(first, Working(), in_doubt=False)
    await rig.courier.update(ref, first, Failed("All tiers failed.", Cause.ALL_DOWN, offers=(Offer.TRY_AGAIN,)))
    rig.desk.records[first.id] = Record(first, Failed("All tiers failed.", Cause.ALL_DOWN, offers=(Offer.TRY_AGAIN,)))
    assert FAILED in seen(rig)[0]
    again = await clicked(rig, first, "retry", Kind.ASK)
    assert manner_of(again.reply_url) is Manner.REPLACE
    ref = await rig.courier.post(again, Working(), in_doubt=False)
    assert WORKING in seen(rig)[0]
    await rig.courier.update(ref, again, ANSWER)
    assert [ANSWER.text in one for one in seen(rig)] == [True]


async def test_withdrawing_what_followed_leaves_the_first_answer(rig: Rig) -> None:
    first = await commanded(rig)
    await rig.answered_privately(first)
    better = await clicked(rig, first, "escalate", Kind.ESCALATE)
    ref = await rig.courier.post(better, ANSWER, in_doubt=False)
    await rig.courier.update(ref, better, Withdrawn())
    assert ANSWER.text in seen(rig)[0]


async def test_a_remark_finds_its_way_where_we_are_no_member(rig: Rig) -> None:
    await rig.answered_privately(await commanded(rig, ELSEWHERE))
    await rig.slack.user(ADA).press(rig.slack.workspace.ephemerals[0], "answer_feedback", value=f"up:{rig.desk.taken[0].id}")
    await rig.slack.wait_for(lambda now: len(now.ephemerals) == 2 or None)
    assert "noted as helpful" in seen(rig)[1]


async def test_an_ephemeral_answer_without_an_address_has_no_placeholder(rig: Rig) -> None:
    question = replace(await commanded(rig), reply_url="")
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    assert seen(rig) == []
    await rig.courier.update(ref, question, ANSWER)
    assert [ANSWER.text in one for one in seen(rig)] == [True]


async def test_an_older_workspace_gets_private_answers_in_older_blocks() -> None:
    async with FakeSlack(legacy_blocks=True) as slack, rigged(slack) as rig:
        await rig.answered_privately(await commanded(rig))
        bare = replace(await commanded(rig), reply_url="")
        await rig.courier.post(bare, ANSWER, in_doubt=False)
        assert [ANSWER.text in one for one in seen(rig)] == [True, True]
