"""Buttons, thumbs, forms, commands and the home tab of the real adapter, pressed in the fake Slack."""

from collections.abc import AsyncIterator

import pytest

from bot.types import Answered, FlagReason, FlagSource
from tests.fakes.slack import FakeSlack, Message, assert_no_unfurls, live_mentions, shown_text
from tests.fakes.slack.json_values import text_at
from tests.fakes.slack.workspace import ADA, BOB, OPS, Workspace
from tests.fakes.slack_rig import ANSWER, Rig, rigged

FEEDBACK = "answer_feedback"


@pytest.fixture(params=[False, True], ids=["blocks of today", "older blocks"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with FakeSlack(legacy_blocks=request.param) as slack, rigged(slack) as rig:
        yield rig
        assert_no_unfurls(slack.workspace)


@pytest.fixture
async def answer(rig: Rig) -> Message:
    await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    return await rig.answered(rig.desk.taken[0])


async def thumb(rig: Rig, answer: Message, user: str, verdict: str) -> None:
    """Press a thumb, which in older blocks is a button of its own whose action id ends in its name."""
    legacy = bool(rig.slack.workspace.refused_blocks)
    action_id = f"{FEEDBACK}:{'helpful' if verdict == 'up' else 'flag'}" if legacy else FEEDBACK
    await rig.slack.user(user).press(answer, action_id, value=f"{verdict}:q_1")


def open_modal(workspace: Workspace) -> object:
    return next((view for view in workspace.views.values() if view.is_open), None)


@pytest.mark.parametrize("name", ["-1", "thumbsdown", *(f"-1::skin-tone-{tone}" for tone in range(2, 7))])
async def test_a_thumbs_down_in_any_skin_is_a_flag_and_taken_off_it_is_none(rig: Rig, answer: Message, name: str) -> None:
    await rig.slack.user(BOB).react(answer, name)
    flag = rig.desk.flags["q_1", BOB]
    assert (flag.source, flag.reason) == (FlagSource.REACTION, None)
    await rig.slack.user(BOB).unreact(answer, name)
    assert rig.desk.flags == {}


@pytest.mark.parametrize("name", ["+1", "eyes", "-1::skin-tone-7", "downvote"])
async def test_other_reactions_are_no_flags(rig: Rig, answer: Message, name: str) -> None:
    await rig.slack.user(BOB).react(answer, name)
    assert rig.desk.flags == {}


async def test_a_thumbs_down_on_somebody_elses_message_is_no_flag(rig: Rig, answer: Message) -> None:
    said = await rig.slack.user(ADA).say(OPS, "lunch?")
    await rig.slack.user(BOB).react(said.message, "-1")
    assert rig.desk.flags == {}


async def test_a_flag_by_reaction_is_asked_for_its_reason_in_private(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).react(answer, "-1")
    (offer,) = await rig.slack.wait_for(lambda now: now.ephemerals)
    assert (offer.ephemeral_to, offer.thread_ts) == (BOB, answer.thread_ts)
    await rig.slack.user(BOB).press(offer, "flag_reason")
    await rig.slack.wait_for(open_modal)


async def test_a_thumbs_down_flags_at_once_and_the_form_adds_the_reason(rig: Rig, answer: Message) -> None:
    await thumb(rig, answer, BOB, "down")
    assert rig.desk.flags["q_1", BOB].source is FlagSource.BUTTON
    await rig.slack.wait_for(open_modal)
    view = next(iter(rig.slack.workspace.views.values()))
    submitted = await rig.slack.user(BOB).submit(view, {"reason": "outdated", "comment": "core1 was replaced"})
    flag = rig.desk.flags["q_1", BOB]
    assert (submitted.errors, flag.reason, flag.comment) == ({}, FlagReason.OUTDATED, "core1 was replaced")
    assert not rig.slack.workspace.views[view.id].is_open


async def test_a_thumbs_up_takes_back_the_flag(rig: Rig, answer: Message) -> None:
    await thumb(rig, answer, BOB, "down")
    await thumb(rig, answer, BOB, "up")
    assert (rig.desk.flags, rig.desk.helped) == ({}, {("q_1", BOB)})


async def test_a_repeated_flag_of_one_person_is_one_flag(rig: Rig, answer: Message) -> None:
    await thumb(rig, answer, BOB, "down")
    await rig.slack.user(BOB).react(answer, "-1")
    await rig.slack.user(ADA).react(answer, "-1")
    assert sorted(rig.desk.flags) == [("q_1", ADA), ("q_1", BOB)]


async def test_the_frontier_model_can_be_asked_once(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "escalate")
    await rig.slack.user(ADA).press(answer, "escalate")
    assert [(name, click.question_id, click.user) for name, click in rig.desk.clicks] == [("escalate", "q_1", BOB)]
    (told,) = await rig.slack.wait_for(lambda now: now.ephemerals)
    assert told.ephemeral_to == ADA


async def test_a_repeated_press_is_one_click(rig: Rig, answer: Message) -> None:
    delivery = await rig.slack.user(BOB).press(answer, "escalate")
    await rig.slack.postman.redeliver(delivery)
    assert len(rig.desk.clicks) == 1


async def test_why_opens_a_dialog_with_the_reasons(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).press(answer, "why_tier")
    await rig.slack.wait_for(open_modal)
    view = next(iter(rig.slack.workspace.views.values()))
    assert "short and of one intent" in str(view.body)
    assert view.user == BOB


async def test_a_dialog_that_comes_too_late_is_told_instead(rig: Rig, answer: Message) -> None:
    delivery = await rig.slack.user(BOB).press(answer, "why_tier")
    await rig.slack.wait_for(open_modal)
    await rig.slack.postman.redeliver(delivery)
    told = await rig.slack.wait_for(lambda now: now.ephemerals)
    assert told[0].ephemeral_to == BOB


async def test_a_button_under_an_answer_that_we_forgot_says_so(rig: Rig, answer: Message) -> None:
    rig.desk.records.clear()
    await thumb(rig, answer, BOB, "down")
    (told,) = await rig.slack.wait_for(lambda now: now.ephemerals)
    assert (told.ephemeral_to, rig.desk.flags) == (BOB, {})


async def test_a_private_answer_is_seen_by_its_asker_alone_and_replaces_the_placeholder(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(OPS, "/ask", "is core1 up?")
    await rig.answered_privately(rig.desk.taken[0])
    (shown,) = rig.slack.workspace.ephemerals
    assert (shown.ephemeral_to, "Restart the exporter" in shown_text(shown)) == (ADA, True)
    assert rig.slack.workspace.bot_messages() == []


async def test_buttons_under_a_private_answer_work_and_stay_private(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(OPS, "/ask", "is core1 up?")
    await rig.answered_privately(rig.desk.taken[0])
    await rig.slack.user(ADA).press(rig.slack.workspace.ephemerals[0], "escalate")
    ((_, click),) = rig.desk.clicks
    assert click.reply_url


async def test_a_shared_command_names_its_asker_and_nobody_else(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(OPS, "/ask", f"--public is core1 up, <@{BOB}> <!channel>?")
    answer = await rig.answered(rig.desk.taken[0])
    assert live_mentions(answer) == [f"<@{ADA}>"]


async def test_the_home_tab_shows_a_persons_own_questions(rig: Rig, answer: Message) -> None:
    await rig.slack.user(BOB).mention(OPS, "bobs question")
    await rig.slack.user(ADA).open_home()
    home = await rig.slack.wait_for(lambda now: now.homes.get(ADA))
    assert ("is core1 up?" in str(home.body), "bobs question" in str(home.body)) == (True, False)


async def test_an_answer_shows_its_badge_time_and_cost(rig: Rig, answer: Message) -> None:
    assert isinstance(ANSWER, Answered)
    assert all(words in shown_text(answer) for words in ("Small model", "0.9 s", "$0.0004", ANSWER.text))
    assert all(text_at(block, "block_id") for block in answer.blocks)
