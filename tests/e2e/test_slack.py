"""Slack end to end: the real processes, the real Bolt app and the real models' path, against a fake Slack."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from bot.store.inbox import State
from tests.e2e.deployment import Running, deployed, environment_for, is_final
from tests.fakes.slack import FORGED, OLD, UNSIGNED, FakeSlack, Message, assert_no_unfurls, live_mentions, shown_text
from tests.fakes.slack.events import event_callback, posted
from tests.fakes.slack.workspace import ADA, BOB, ELSEWHERE, OPS, SECRET, Workspace

pytestmark = pytest.mark.asyncio(loop_scope="module")

EASY = "what is the default administrative distance of OSPF on Cisco IOS?"
HARD = "why can an OSPF adjacency flap after a link-state database overflow, and how do we find the root cause?"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with FakeSlack() as slack, deployed(slack, environment_for(slack, tmp_path_factory.mktemp("slack"))) as started:
        yield started


@pytest.fixture
def slack(running: Running) -> FakeSlack:
    return running.slack


async def asked(running: Running, text: str, user: str = ADA, channel: str = OPS) -> tuple[Message, Message]:
    """Let somebody mention the bot; return the question and the answer."""
    said = await running.slack.user(user).mention(channel, text)
    assert all(delivery.ok for delivery in said.deliveries)
    return said.message, await running.answer(said.message)


async def test_a_mention_becomes_a_placeholder_and_then_the_answer_with_its_badge(running: Running) -> None:
    question, answer = await asked(running, EASY)
    assert "Small model" in shown_text(answer)
    assert "110" in shown_text(answer)
    assert answer.edited_ts, "the answer replaced the placeholder"
    assert running.replies(question) == [answer]


async def test_the_same_question_in_other_words_is_answered_from_the_cache(running: Running) -> None:
    await asked(running, EASY)
    _, answer = await asked(running, "hi, whats the default admin distance for ospf on cisco ios please", user=BOB)
    assert "Cache" in shown_text(answer)
    assert "110" in shown_text(answer)


async def test_a_hard_question_is_answered_by_the_frontier_model(running: Running) -> None:
    _, answer = await asked(running, HARD)
    assert "Frontier model" in shown_text(answer)


async def test_two_events_and_a_redelivery_of_one_message_bring_one_answer(running: Running, slack: FakeSlack) -> None:
    question, _ = await asked(running, "which port does syslog over tls use?")
    for event in posted(slack.workspace, question):
        await slack.postman.send(event_callback(slack.workspace, event))
    await asked(running, "how many hosts fit in a /26?")
    assert len(running.replies(question)) == 1


async def test_a_direct_message_is_answered_in_its_thread(running: Running, slack: FakeSlack) -> None:
    said = await slack.user(BOB).dm(EASY)
    answer = await running.answer(said.message)
    assert "Small model" in shown_text(answer)


async def test_a_slash_command_is_answered_to_its_asker_alone(running: Running, slack: FakeSlack) -> None:
    before = len(slack.workspace.bot_messages(OPS))
    await slack.user(BOB).slash(OPS, "/ask", "what is the default eigrp hello interval?")

    def whispered(workspace: Workspace) -> Message | None:
        return next((said for said in workspace.ephemerals if said.ephemeral_to == BOB and is_final(said)), None)

    answer = await slack.wait_for(whispered, 60)
    assert "Small model" in shown_text(answer)
    assert len(slack.workspace.bot_messages(OPS)) == before


async def test_a_slash_command_can_be_shared(running: Running, slack: FakeSlack) -> None:
    before = {message.ts for message in slack.workspace.bot_messages(OPS)}
    await slack.user(BOB).slash(OPS, "/ask", "--public what is the default rip update interval?")

    def shared(workspace: Workspace) -> Message | None:
        return next((said for said in workspace.bot_messages(OPS) if said.ts not in before and is_final(said)), None)

    assert "Small model" in shown_text(await slack.wait_for(shared, 60))


async def test_a_follow_up_in_the_thread_needs_no_mention(running: Running, slack: FakeSlack) -> None:
    question, first = await asked(running, "what does BGP state Idle mean?")
    await slack.user(ADA).thread_reply(question, "and why would it stay there for hours although the peer is reachable?")

    def second(_workspace: Workspace) -> Message | None:
        return next((said for said in running.replies(question) if said.ts != first.ts and is_final(said)), None)

    assert is_final(await slack.wait_for(second, 60))


async def test_the_talk_of_others_in_the_thread_is_left_alone(running: Running, slack: FakeSlack) -> None:
    question, _ = await asked(running, "which port does ntp use?")
    await slack.user(BOB).thread_reply(question, "lunch?")
    await asked(running, "which port does ssh use?")
    assert len(running.replies(question)) == 1


async def flags(running: Running, question: Message) -> list[str]:
    """Return who flags the answer to a question."""
    listed = await running.store.flags.standing(100)
    return [each.flag.user for each in listed if each.question and each.question in question.text]


async def test_a_thumbs_down_in_any_skin_is_one_flag_and_its_removal_retracts_it(running: Running, slack: FakeSlack) -> None:
    question, answer = await asked(running, "what is the default stp hello time?")
    await slack.user(BOB).react(answer, "-1::skin-tone-3")
    await slack.user(BOB).react(answer, "thumbsdown")
    assert await flags(running, question) == [BOB]
    await slack.user(BOB).unreact(answer, "thumbsdown")
    assert await flags(running, question) == []


async def test_the_flag_button_asks_for_the_reason_and_keeps_it(running: Running, slack: FakeSlack) -> None:
    question, answer = await asked(running, "what is the default hsrp priority?")
    await slack.user(BOB).press(answer, "answer_feedback", value=down_value(answer))
    assert await flags(running, question) == [BOB], "the flag stands before the form is sent"
    view = await slack.wait_for(
        lambda workspace: next((view for view in workspace.views.values() if view.is_open and view.user == BOB), None)
    )
    submitted = await slack.user(BOB).submit(view, {"reason": "outdated", "comment": "changed in 17.x"})
    assert submitted.errors == {}
    (listed,) = [each for each in await running.store.flags.standing(100) if each.question in question.text]
    assert (listed.flag.reason, listed.flag.comment, listed.tier) == ("outdated", "changed in 17.x", "small")


def down_value(answer: Message) -> str:
    """Return the value of the thumbs-down half of an answer's feedback buttons."""
    text = str(answer.blocks)
    start = text.index("down:")
    return text[start : text.index("'", start)]


async def test_asking_the_frontier_model_brings_a_second_answer_and_keeps_the_pair(running: Running, slack: FakeSlack) -> None:
    question, answer = await asked(running, "what is the default mtu of ethernet?")
    await slack.user(BOB).press(answer, "escalate")
    await slack.user(BOB).press(answer, "escalate")

    def better(_workspace: Workspace) -> Message | None:
        return next((said for said in running.replies(question) if said.ts != answer.ts and is_final(said)), None)

    second = await slack.wait_for(better, 60)
    assert "Frontier model" in shown_text(second)
    assert len(running.replies(question)) == 2


async def test_why_this_tier_opens_the_reasons(running: Running, slack: FakeSlack) -> None:
    _, answer = await asked(running, "what is the default ospf hello interval?", user=ADA)
    await slack.user(ADA).press(answer, "why_tier")
    view = await slack.wait_for(lambda workspace: next((view for view in workspace.views.values() if view.user == ADA), None))
    assert "simulated/small" in str(view.body)


async def test_when_the_frontier_model_is_down_the_answer_says_best_effort(running: Running) -> None:
    await running.switch("frontier", "server_error")
    _, answer = await asked(running, "why does our iBGP next hop become unreachable after the migration, and what should we redesign?")
    await running.switch("frontier", "")
    assert "Best effort" in shown_text(answer)
    assert "unavailable" in shown_text(answer)


async def test_when_everything_is_down_it_says_so_and_trying_again_helps(running: Running, slack: FakeSlack) -> None:
    for model in ("small", "frontier"):
        await running.switch(model, "server_error")
    question, failure = await asked(running, "what is the default vrrp priority?")
    assert "could not answer" in shown_text(failure)
    for model in ("small", "frontier"):
        await running.switch(model, "")
    await slack.user(ADA).press(failure, "retry")

    def mended(_workspace: Workspace) -> Message | None:
        return next((said for said in running.replies(question) if "Small model" in shown_text(said)), None)

    assert "Small model" in shown_text(await slack.wait_for(mended, 60))


async def test_an_edit_after_the_answer_offers_a_new_one(running: Running, slack: FakeSlack) -> None:
    question, _ = await asked(running, "which port does ldp use?", user=BOB)
    await slack.user(BOB).edit(question, question.text.replace("ldp", "tacacs"))

    def offered(workspace: Workspace) -> Message | None:
        return next((said for said in workspace.ephemerals if said.ephemeral_to == BOB and "edited" in shown_text(said)), None)

    offer = await slack.wait_for(offered, 60)
    await slack.user(BOB).press(offer, "answer_again")

    def renewed(_workspace: Workspace) -> Message | None:
        final = [said for said in running.replies(question) if is_final(said)]
        return final[1] if len(final) > 1 else None

    assert "49" in shown_text(await slack.wait_for(renewed, 60))


async def test_a_deleted_question_takes_its_answer_with_it(running: Running, slack: FakeSlack) -> None:
    question, answer = await asked(running, "which port does snmp use?")
    await slack.user(ADA).delete(question)
    assert await slack.wait_for(lambda workspace: workspace.find(OPS, answer.ts) is None, 60)


async def test_the_bot_answers_neither_itself_nor_another_bot(running: Running, slack: FakeSlack) -> None:
    said = await slack.bot_message(OPS, f"<@{slack.workspace.bot_user}> is cr1 up?")
    await asked(running, "which port does telnet use?")
    await slack.settle()
    assert running.replies(said.message) == []


async def test_a_question_in_a_private_channel_is_answered_there(running: Running) -> None:
    question, answer = await asked(running, EASY, channel=SECRET)
    assert (answer.channel, answer.root) == (SECRET, question.ts)


async def test_requests_that_slack_did_not_sign_are_turned_away(running: Running, slack: FakeSlack) -> None:
    event = posted(slack.workspace, Message(OPS, slack.workspace.next_ts(), ADA, f"<@{slack.workspace.bot_user}> is cr9 up?"))[0]
    forged = event_callback(slack.workspace, event)
    statuses = [(await slack.forge(forged, signature)).status for signature in (FORGED, OLD, UNSIGNED)]
    assert statuses == [401, 401, 401]
    async with aiohttp.ClientSession() as client, client.post(f"{running.address}/slack/events", data=b"\xff{") as response:
        assert response.status in (400, 401)
    await asked(running, "which port does dns use?")
    assert not any("cr9" in message.text for message in slack.workspace.bot_messages(OPS))


async def test_a_channel_that_the_bot_is_not_in_does_not_stop_it(running: Running, slack: FakeSlack) -> None:
    await slack.user(ADA).slash(ELSEWHERE, "/ask", EASY)

    def whispered(workspace: Workspace) -> Message | None:
        return next((said for said in workspace.ephemerals if said.channel == ELSEWHERE and is_final(said)), None)

    assert is_final(await slack.wait_for(whispered, 60))


async def test_the_home_tab_shows_how_to_ask_and_the_last_questions(running: Running, slack: FakeSlack) -> None:
    await asked(running, EASY)
    await slack.user(ADA).open_home()
    home = await slack.wait_for(lambda workspace: workspace.homes.get(ADA))
    assert "administrative distance" in str(home.body)


async def test_a_worker_killed_before_its_answer_is_shown_answers_once_after_its_restart(running: Running, slack: FakeSlack) -> None:
    calls = len(slack.workspace.calls)
    said = await slack.user(ADA).mention(OPS, "compare MPLS L3VPN with VXLAN EVPN for our WAN and the trade-offs of a migration")
    await slack.wait_for(lambda workspace: any(call.method == "chat.postMessage" for call in workspace.calls[calls:]), 60)
    running.kill("worker-1")
    answer = await running.answer(said.message)
    assert "Frontier model" in shown_text(answer)
    assert running.replies(said.message) == [answer]


async def test_an_ingress_killed_after_its_acknowledgement_has_lost_nothing(running: Running, slack: FakeSlack) -> None:
    said = await slack.user(ADA).mention(OPS, "which port does radius use?")
    assert all(delivery.ok for delivery in said.deliveries)
    running.kill("ingress")
    assert is_final(await running.answer(said.message))


async def test_nothing_that_was_written_unfurls_or_calls_anybody_but_the_asker(running: Running, slack: FakeSlack) -> None:
    await slack.settle()
    assert_no_unfurls(slack.workspace)
    called = {mention for message in slack.workspace.bot_messages(OPS) for mention in live_mentions(message)}
    assert called <= {f"<@{BOB}>"}, "only a shared /ask names who asked"


async def test_every_question_left_its_record_and_nothing_is_left_over(running: Running) -> None:
    counts = await running.store.inbox.counts()
    assert counts.keys() <= {State.DONE, State.CANCELLED}
    records = await running.store.records.latest(1000)
    assert len(records) > 20
    assert all(record.reply for record in records)
