"""What the bot does on every platform alike."""

from decimal import Decimal

import pytest

from bot.store.all_tables import metadata
from bot.types import Badge
from router.redaction import HIDDEN
from router.types import ModelFailure, Outcome, Source
from tests.contract.conftest import Play
from tests.contract.stage import ADA, BOB, Button
from tests.fakes.policies import make_policy

EASY = "what is the default port of bgp?"
OTHER = "which port does syslog over tls use?"
HARD = "why does the OSPF adjacency flap after a link-state database overflow?"
ANSWER = "TCP 179."
NASTY = (
    "Ask <!channel> <@U0ADA00001> @everyone <at>Ada Lovelace</at> <script>alert(1)</script> "
    '<img src=x onerror="alert(2)"> [here](javascript:alert(3)) & `<!here>`'
)
SECRET = "sk-live-123 at 10.0.0.7"
KEY = "0822455D0A16"
PASTED = f"password 7 {KEY}"


@pytest.fixture(autouse=True)
def answers(play: Play) -> None:
    play.backstage.small.says = ANSWER
    play.backstage.frontier.says = "Start with the timers."


async def test_a_mention_gets_one_answer_with_its_badge(play: Play) -> None:
    reply = await play.ask(ADA, EASY)
    assert ANSWER in reply.text
    assert Badge.SMALL in reply.text
    assert "$0.0004" in reply.text


async def test_a_hard_question_is_answered_under_the_other_badge(play: Play) -> None:
    reply = await play.ask(ADA, HARD)
    assert Badge.FRONTIER in reply.text
    assert Button.ESCALATE not in reply.buttons


async def test_a_direct_message_needs_no_mention(play: Play) -> None:
    assert ANSWER in (await play.reply(await play.stage.direct(ADA, EASY))).text


async def test_the_bot_does_not_answer_itself(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    await play.reply(said)
    await play.stage.as_the_bot(said, OTHER)
    assert len(await play.replies(said)) == 1
    assert len(play.backstage.small.prompts) == 1


async def test_a_message_that_is_delivered_again_is_answered_once(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    await play.stage.redeliver(said)
    await play.reply(said)
    await play.stage.redeliver(said)
    await play.reply(said)
    assert len(play.backstage.small.prompts) == 1


async def test_a_thumbs_down_in_every_way_is_one_flag_of_each_person(play: Play) -> None:
    reply = await play.ask(ADA, EASY)
    for person in (ADA, BOB, ADA):
        await play.stage.thumbs_down(person, reply)
    assert len(await play.backstage.flags.standing(10)) == 2


async def test_what_a_model_writes_calls_nobody_and_runs_nothing(play: Play) -> None:
    play.backstage.small.says = NASTY
    reply = await play.ask(ADA, EASY)
    assert "Ada Lovelace" in reply.text
    assert reply.live == ()


async def test_a_follow_up_is_answered_in_its_thread_with_what_was_said(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    await play.reply(said)
    follow_up = await play.stage.follow_up(said, HARD)
    first, second = await play.replies(follow_up)
    assert (ANSWER in first.text, Badge.FRONTIER in second.text) == (True, True)
    told = [turn.text for turn in play.backstage.frontier.prompts[-1].context]
    assert told == [EASY, ANSWER]


async def test_another_person_can_ask_in_the_thread(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    await play.reply(said)
    second = await play.stage.mention(BOB, OTHER, under=said)
    assert second.thread == said.thread
    assert len(await play.replies(second)) == 2


async def test_a_private_question_is_answered_to_its_asker_alone(play: Play) -> None:
    await play.stage.privately(ADA, EASY)
    await play.backstage.work()
    (reply,) = await play.stage.shown()
    assert ANSWER in reply.text
    assert reply.to == ADA


async def test_a_private_answer_is_served_to_nobody_else(play: Play) -> None:
    play.backstage.remember()
    await play.stage.privately(ADA, EASY)
    await play.backstage.work()
    assert Badge.SMALL in (await play.ask(BOB, EASY)).text


async def test_a_public_answer_is_served_again_and_says_so(play: Play) -> None:
    play.backstage.remember()
    await play.ask(ADA, EASY)
    reply = await play.ask(BOB, EASY)
    assert Badge.CACHE in reply.text
    assert {Button.LIVE, Button.MISMATCH} <= reply.buttons


@pytest.mark.parametrize("button", [Button.LIVE, Button.MISMATCH])
async def test_a_cached_answer_that_will_not_do_is_asked_for_anew(play: Play, button: Button) -> None:
    play.backstage.remember()
    await play.ask(ADA, EASY)
    said = await play.stage.mention(BOB, EASY)
    await play.stage.press(BOB, await play.reply(said), button)
    assert [Badge.CACHE in one.text for one in await play.replies(said)] == [True, False]


async def test_the_frontier_model_is_asked_once_and_both_answers_stay(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    reply = await play.reply(said)
    for person in (ADA, BOB):
        await play.stage.press(person, reply, Button.ESCALATE)
    assert [Badge.FRONTIER in one.text for one in await play.replies(said)] == [False, True]


async def test_a_best_effort_answer_says_that_it_is_one_and_why(play: Play) -> None:
    play.backstage.frontier.failure = ModelFailure(Outcome.TIMEOUT, SECRET)
    reply = await play.ask(ADA, HARD)
    assert Badge.BEST_EFFORT in reply.text
    assert "took too long" in reply.text
    assert ANSWER in reply.text
    assert SECRET not in reply.text


async def test_a_failure_is_said_in_plain_words_and_trying_again_helps(play: Play) -> None:
    play.backstage.small.failure = play.backstage.frontier.failure = ModelFailure(Outcome.UNAVAILABLE, SECRET)
    said = await play.stage.mention(ADA, EASY)
    reply = await play.reply(said)
    assert "could not answer" in reply.text
    assert "$" not in reply.text
    assert SECRET not in reply.text
    play.backstage.small.failure = None
    await play.stage.press(ADA, reply, Button.RETRY)
    assert ANSWER in (await play.replies(said))[-1].text


async def test_beyond_a_budget_the_small_model_answers_and_says_so(play: Play) -> None:
    play.backstage.policy = make_policy("[budgets]\nuser_usd_per_day = 10\n")
    play.backstage.small.usd = Decimal("9.5")
    await play.ask(ADA, EASY)
    reply = await play.ask(ADA, HARD)
    assert Badge.SMALL in reply.text
    assert "Your budget for the frontier model is used up" in reply.text


async def test_beyond_a_budget_that_refuses_it_says_when_to_come_back(play: Play) -> None:
    play.backstage.policy = make_policy('[budgets]\nuser_usd_per_day = 0.5\nover = "refuse"\n')
    play.backstage.small.usd = Decimal("0.6")
    await play.ask(ADA, EASY)
    reply = await play.ask(ADA, HARD)
    assert "00:00" in reply.text
    assert not any(badge in reply.text for badge in Badge)
    assert play.backstage.frontier.prompts == []


async def test_a_deleted_question_takes_its_answer_with_it(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    await play.reply(said)
    await play.stage.delete(said)
    assert not any(ANSWER in one.text for one in await play.replies(said))


async def test_who_edits_an_answered_question_is_asked_alone_whether_to_answer_anew(play: Play) -> None:
    said = await play.stage.mention(ADA, EASY)
    reply = await play.reply(said)
    await play.stage.edit(said, OTHER)
    await play.backstage.work()
    (remark,) = [one for one in await play.stage.shown() if "edited your question" in one.text]
    assert remark.to == ADA
    assert reply in await play.stage.shown()


async def test_an_answer_shows_what_it_rests_on_and_so_does_the_cache_that_serves_it_again(play: Play) -> None:
    play.backstage.remember()
    play.backstage.small.sources = (Source("BGP <!channel> ports", "https://docs.example/bgp?a=1&b=2"),)
    for asked in (EASY, EASY):
        reply = await play.ask(ADA, asked)
        assert "docs.example" in reply.text
        assert "ports" in reply.text
        assert reply.live == ()
    assert Badge.CACHE in reply.text


async def test_a_secret_in_a_question_reaches_neither_the_store_nor_a_model_and_its_answer_is_not_served_again(play: Play) -> None:
    play.backstage.remember()
    said = await play.stage.mention(ADA, EASY)
    await play.reply(said)
    await play.stage.edit(said, f"{OTHER} i use {PASTED}")
    for _ in range(2):
        reply = await play.ask(BOB, f"{EASY} my neighbor has {PASTED}")
        assert ANSWER in reply.text
        assert "looks like a secret" in reply.text
        assert Badge.SMALL in reply.text
    assert HIDDEN in play.backstage.small.prompts[-1].text
    assert not any(KEY in prompt.text for prompt in play.backstage.small.prompts)
    for table in metadata.sorted_tables:
        assert KEY not in str(await play.backstage.database.rows(table.select()))
