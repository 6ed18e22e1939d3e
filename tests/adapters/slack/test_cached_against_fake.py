"""Under a cached answer of the real adapter: asked again live, or called another question's, in the fake Slack."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.slack.presses import ALREADY_LIVE, FORGOTTEN, MISMATCHED, MISMATCHED_TOO
from adapters.slack.reply_url import Manner, manner_of
from bot.types import Badge, Kind, Working
from tests.fakes.slack import FakeSlack, Message, assert_no_unfurls, live_mentions, shown_text
from tests.fakes.slack.workspace import ADA, BOB, OPS
from tests.fakes.slack_rig import ANSWER, Rig, cached, rigged


@pytest.fixture(params=[False, True], ids=["blocks of today", "older blocks"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with FakeSlack(legacy_blocks=request.param) as slack, rigged(slack) as rig:
        yield rig
        assert_no_unfurls(slack.workspace)


@pytest.fixture
async def answer(rig: Rig) -> Message:
    await rig.slack.user(ADA).mention(OPS, "why did the metrics stop?")
    question = rig.desk.taken[0]
    return await rig.answered(question, cached(question))


async def told(rig: Rig, number: int = 1) -> list[tuple[str, str]]:
    """Wait for so many remarks, and return who was told what."""
    remarks = await rig.slack.wait_for(lambda now: now.ephemerals if len(now.ephemerals) >= number else None)
    return [(one.ephemeral_to, shown_text(one)) for one in remarks]


async def test_a_cached_answer_says_so_and_mentions_nobody(answer: Message) -> None:
    for said in ("*Cache*", "2 h ago", "match 0.96", "$0", "“exporter metrics stop after deploy”", ANSWER.text):
        assert said in shown_text(answer)
    assert live_mentions(answer) == []


async def test_it_is_asked_again_live_once(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "ask_live")
    await rig.slack.user(ADA).press(answer, "ask_live")
    assert [(name, click.question_id, click.user) for name, click in rig.desk.clicks] == [("live", "q_1", BOB)]
    assert await told(rig) == [(ADA, ALREADY_LIVE)]
    assert rig.desk.evicted == set()


async def test_a_mismatch_takes_the_answer_out_of_service_and_asks_a_model(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "cache_mismatch")
    assert (rig.desk.evicted, [name for name, _ in rig.desk.clicks]) == ({"q_0"}, ["live"])
    assert await told(rig) == [(BOB, MISMATCHED)]


async def test_a_mismatch_after_it_was_asked_again_counts_all_the_same(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "ask_live")
    await rig.slack.user(ADA).press(answer, "cache_mismatch")
    assert (rig.desk.evicted, len(rig.desk.clicks)) == ({"q_0"}, 1)
    assert await told(rig) == [(ADA, MISMATCHED_TOO)]


@pytest.mark.parametrize("action", ["ask_live", "cache_mismatch"])
async def test_an_answer_that_we_forgot_says_so(rig: Rig, answer: Message, action: str) -> None:
    rig.desk.records.clear()
    await rig.slack.user(BOB).press(answer, action)
    assert await told(rig) == [(BOB, FORGOTTEN)]


@pytest.mark.parametrize("action", ["ask_live", "cache_mismatch"])
async def test_a_press_that_could_not_be_kept_is_not_acknowledged(rig: Rig, answer: Message, action: str) -> None:
    rig.desk.down = True
    delivery = await rig.slack.user(BOB).press(answer, action)
    rig.desk.down = False
    assert (delivery.ok, rig.desk.clicks, rig.desk.evicted) == (False, [], set())


async def test_why_shows_the_match_with_its_reason(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "why_tier")
    view = await rig.slack.wait_for(lambda now: next(iter(now.views.values()), None))
    assert "exporter metrics stop after deploy" in str(view.body)
    assert "match 0.96: the same entities" in str(view.body)


async def test_the_live_answer_follows_in_the_thread_with_a_badge_of_its_own(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "ask_live")
    first = rig.desk.taken[0]
    live = replace(first, id="q_2", kind=Kind.LIVE, parent=first.id, user=BOB)
    follows = await rig.answered(live, replace(ANSWER, text="Fresh from a model.", badge=Badge.FRONTIER, parent=first.id))
    assert (follows.thread_ts, follows.ts != answer.ts) == (answer.thread_ts, True)
    assert "*Frontier model*" in shown_text(follows)
    assert "*Cache*" in shown_text(answer)


async def test_under_a_private_answer_both_stay_private(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(OPS, "/ask", "why did the metrics stop?")
    first = rig.desk.taken[0]
    await rig.answered_privately(first, cached(first))
    await rig.slack.user(ADA).press(rig.slack.workspace.ephemerals[0], "ask_live")
    ((_, click),) = rig.desk.clicks
    assert manner_of(click.reply_url) is Manner.APPEND
    live = replace(first, id="q_2", kind=Kind.LIVE, parent=first.id, reply_url=click.reply_url)
    ref = await rig.courier.post(live, Working(), in_doubt=False)
    await rig.courier.update(ref, live, replace(ANSWER, text="Fresh from a model."))
    seen = [shown_text(one) for one in rig.slack.workspace.ephemerals if one.ephemeral_to == ADA]
    assert ("*Cache*" in seen[0], "Fresh from a model." in seen[-1]) == (True, True)
    assert rig.slack.workspace.bot_messages() == []
