"""What failed, in the fake Slack: told in its layout, tried again in its place, and told of when it is back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk import Record
from bot.replies import Cause, Caution, Concern, Failed, Notice, Offer
from bot.types import AttemptLine, Badge, DeliveryFailure, Kind, Question, Working
from router.types import Outcome, Tier
from tests.fakes.slack import FakeSlack, Message, accepted_then_reset, assert_no_unfurls, shown_text
from tests.fakes.slack.json_values import object_at, objects_at, text_at
from tests.fakes.slack.workspace import ADA, BOB, OPS
from tests.fakes.slack_rig import ANSWER, Rig, rigged

UNTIL = datetime(2026, 11, 25, 20, 15, tzinfo=UTC)
DOWN = Failed(
    "Frontier model a took too long, small model b was unavailable. Nothing was charged.",
    Cause.ALL_DOWN,
    UNTIL,
    (Offer.TRY_AGAIN, Offer.TELL_ME),
)
OVER = Failed(
    "This channel's budget for today is used up ($20.00 of $20.00).", Cause.BUDGET, UNTIL, (Offer.ASK_SMALL, Offer.REQUEST_BUDGET)
)
BACK = Notice("It is back.", (Offer.TRY_AGAIN,))


@pytest.fixture(params=[False, True], ids=["blocks of today", "older blocks"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with FakeSlack(legacy_blocks=request.param) as slack, rigged(slack) as rig:
        yield rig
        assert_no_unfurls(slack.workspace)


@pytest.fixture
async def question(rig: Rig) -> Question:
    await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    return rig.desk.work.get_nowait()


async def failed(rig: Rig, question: Question, failure: Failed) -> Message:
    """Fail a question as a worker would, and return its message."""
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    await rig.courier.update(ref, question, failure)
    rig.desk.places[ref] = question.id
    rig.desk.records[question.id] = Record(question, failure)
    (message,) = rig.slack.workspace.bot_messages(OPS)
    return message


def buttons(message: Message) -> list[str]:
    rows = [block for block in message.blocks if text_at(block, "type") == "actions" and text_at(block, "block_id").startswith("act:")]
    return [text_at(object_at(each, "text"), "text") for row in rows for each in objects_at(row, "elements")]


async def said_to(rig: Rig, user: str, count: int) -> list[str]:
    """Wait for so many remarks to one person."""

    def enough(_workspace: object) -> list[str] | None:
        found = [shown_text(one) for one in rig.slack.workspace.ephemerals if one.ephemeral_to == user]
        return found if len(found) >= count else None

    return await rig.slack.wait_for(enough)


async def test_what_no_model_could_answer_says_until_when_it_is_tried(rig: Rig, question: Question) -> None:
    message = await failed(rig, question, DOWN)
    said = shown_text(message)
    assert "I could not answer this." in said
    assert f"<!date^{int(UNTIL.timestamp())}^{{date_short_pretty}} at {{time}}|2026-11-25 at 20:15 UTC>" in said
    assert f"ref `{question.id}`" in said
    assert buttons(message) == ["Try again", "Tell me when it is back"]


async def test_a_budget_is_no_error_and_offers_the_small_model(rig: Rig, question: Question) -> None:
    message = await failed(rig, question, OVER)
    said = "".join(str(block) for block in message.blocks)
    assert "I could not answer this." not in said
    assert "It resets <!date^" in said
    assert "I can still answer from earlier answers or with the small model." in said
    assert buttons(message) == ["Answer with the small model", "Request more budget"]


async def test_a_best_effort_answer_warns_above_itself_and_offers_the_frontier_model_again(rig: Rig, question: Question) -> None:
    caution = Caution(Concern.BEST_EFFORT, "Frontier model a took too long.", offers=(Offer.TELL_ME,))
    message = await rig.answered(question, replace(ANSWER, badge=Badge.BEST_EFFORT, caution=caution))
    first = message.blocks[0]
    assert text_at(first, "type") in ("alert", "section")
    assert "*Best effort.* Frontier model a took too long." in text_at(object_at(first, "text"), "text")
    assert buttons(message) == ["Try frontier again", "Tell me when it is back", "Why this tier?"]


async def test_try_again_tries_the_same_question(rig: Rig, question: Question) -> None:
    message = await failed(rig, question, DOWN)
    await rig.slack.user(BOB).press(message, "retry")
    assert [name for name, _ in rig.desk.clicks] == ["again"]
    assert rig.desk.work.get_nowait() == question
    assert rig.slack.workspace.ephemerals == []


async def test_the_small_model_is_asked_in_place_of_the_frontier_model(rig: Rig, question: Question) -> None:
    message = await failed(rig, question, OVER)
    await rig.slack.user(BOB).press(message, "ask_small")
    asked = rig.desk.work.get_nowait()
    assert (asked.id, asked.kind) == (question.id, Kind.SMALL)


async def test_who_wants_to_be_told_is_put_on_the_list_once(rig: Rig, question: Question) -> None:
    message = await failed(rig, question, DOWN)
    for _ in range(2):
        await rig.slack.user(BOB).press(message, "notify_recovery")
    told = await said_to(rig, BOB, 2)
    assert [("I will tell you, once" in one, "on the list already" in one) for one in told] == [(True, False), (False, True)]


async def test_the_operators_are_asked_for_more_budget_once(rig: Rig, question: Question) -> None:
    message = await failed(rig, question, OVER)
    for _ in range(2):
        await rig.slack.user(BOB).press(message, "request_budget")
    told = await said_to(rig, BOB, 2)
    assert ["Asked: the operators see" in told[0], "were asked for this already" in told[1]] == [True, True]


async def test_the_news_comes_as_one_direct_message_about_the_question(rig: Rig, question: Question) -> None:
    watch = replace(question, id="q_watch", kind=Kind.WATCH, parent=question.id, user=BOB, private=True)
    rig.slack.fail(accepted_then_reset("chat.postMessage"))
    with pytest.raises(DeliveryFailure):
        await rig.courier.post(watch, BACK, in_doubt=False)
    await rig.courier.post(watch, BACK, in_doubt=True)
    (message,) = rig.slack.workspace.bot_messages(rig.slack.workspace.im_with_bot(BOB).id)
    assert "It is back." in shown_text(message)
    assert f"“is core1 up?” in <#{OPS}>" in shown_text(message)
    await rig.slack.user(BOB).press(message, "retry")
    assert [click.question_id for _, click in rig.desk.clicks] == [question.id]


async def test_why_this_tier_lists_who_failed_who_was_skipped_and_who_answered(rig: Rig, question: Question) -> None:
    lines = (
        AttemptLine(Tier.FRONTIER, "a/one", Outcome.TIMEOUT, 20_000),
        AttemptLine(Tier.FRONTIER, "b/two", Outcome.SKIPPED, 0),
        AttemptLine(Tier.FRONTIER, "c/three", Outcome.ANSWERED, 1_300),
    )
    answer = await rig.answered(question, replace(ANSWER, badge=Badge.FRONTIER, attempts=lines))
    assert "a/one" not in shown_text(answer)
    await rig.slack.user(ADA).press(answer, "why_tier")
    view = await rig.slack.wait_for(lambda workspace: next(iter(workspace.views.values()), None))
    for line in ("`a/one` took too long after 20 s", "`b/two` was skipped, as it failed a moment ago", "`c/three` answered after 1.3 s"):
        assert line in str(view.body)
