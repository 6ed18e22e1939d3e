"""The real ingress takes what the fake Slack sends: each question once, nothing lost, nothing forged."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.types import Kind
from router.types import Visibility
from tests.fakes.slack import FORGED, FUTURE, OLD, UNSIGNED, FakeSlack, Signature, Signing, Try
from tests.fakes.slack.events import CHALLENGE, event_callback
from tests.fakes.slack.json_values import JsonObject
from tests.fakes.slack.workspace import ADA, BOB, BOT_USER, OPS, PARTNER, SECRET, SHARED, TEAM
from tests.fakes.slack_rig import Rig, options_for, rigged

JSON = "application/json"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with FakeSlack() as slack, rigged(slack) as rig:
        yield rig


def texts(rig: Rig) -> list[str]:
    return [one.text for one in rig.desk.taken]


async def raw(rig: Rig, body: bytes, content_type: str = JSON) -> Try:
    road = rig.slack.postman.http
    return await road.raw(body, road.signed(body, content_type))


async def test_a_mention_is_taken_once_although_it_arrives_as_two_events(rig: Rig) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    (question,) = rig.desk.taken
    assert all(one.ok for one in said.deliveries)
    assert (question.text, question.user, question.private) == ("is core1 up?", ADA, False)
    assert (question.conversation.thread, question.conversation.visibility) == (said.message.ts, Visibility.PUBLIC)


async def test_a_mention_is_taken_once_although_each_event_is_repeated(rig: Rig) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    again = [await rig.slack.postman.redeliver(one) for one in said.deliveries for _ in range(3)]
    assert all(one.ok for one in again)
    assert texts(rig) == ["is core1 up?"]


async def test_the_same_words_twice_are_two_questions(rig: Rig) -> None:
    await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    assert len(rig.desk.taken) == 2


async def test_a_question_is_not_acknowledged_before_it_is_committed(rig: Rig) -> None:
    rig.desk.gate.clear()
    asking = asyncio.create_task(rig.slack.user(ADA).dm("is core1 up?"))
    await rig.desk.arrived.wait()
    await asyncio.wait({asking}, timeout=0.2)
    assert not asking.done()
    rig.desk.gate.set()
    acknowledged = (await asking).deliveries[0]
    assert (acknowledged.ok, len(acknowledged.tries), rig.desk.committed_at[0] < time.perf_counter()) == (True, 1, True)


async def test_a_question_that_could_not_be_committed_comes_again_and_is_taken(rig: Rig) -> None:
    rig.desk.down = True
    asking = asyncio.create_task(rig.slack.user(ADA).dm("is core1 up?"))
    await rig.desk.arrived.wait()
    rig.desk.down = False
    tries = (await asking).deliveries[0].tries
    assert ([one.status for one in tries][-1], texts(rig)) == (200, ["is core1 up?"])


async def test_a_lost_database_is_a_503(rig: Rig) -> None:
    rig.desk.down = True
    said = await rig.slack.user(ADA).dm("is core1 up?")
    assert {one.status for one in said.deliveries[0].tries} == {503}


async def test_a_direct_message_is_a_question_for_its_author(rig: Rig) -> None:
    said = await rig.slack.user(ADA).dm("is core1 up?")
    (question,) = rig.desk.taken
    assert (question.conversation.visibility, question.conversation.thread) == (Visibility.DIRECT, said.message.ts)


@pytest.mark.parametrize(("channel", "visibility"), [(OPS, Visibility.PUBLIC), (SECRET, Visibility.PRIVATE)])
@pytest.mark.parametrize("subscribed", ["app_mention", "message.channels"])
async def test_a_channels_visibility_is_known_from_either_event(rig: Rig, channel: str, visibility: Visibility, subscribed: str) -> None:
    rig.slack.postman.subscriptions = {subscribed, "message.groups"} - ({"message.groups"} if subscribed == "app_mention" else set())
    await rig.slack.user(ADA).mention(channel, "is core1 up?")
    assert [one.conversation.visibility for one in rig.desk.taken] == [visibility]


async def test_a_command_is_a_private_question_and_shows_nothing_yet(rig: Rig) -> None:
    delivery = await rig.slack.user(ADA).slash(OPS, "/ask", "is core1 up?")
    (question,) = rig.desk.taken
    assert (delivery.ok, question.private, question.text, bool(question.reply_url)) == (True, True, "is core1 up?", True)
    assert question.conversation.visibility is Visibility.PUBLIC


async def test_a_command_that_is_to_be_shared_says_so(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(SECRET, "/ask", "--public is core1 up?")
    (question,) = rig.desk.taken
    assert (question.private, question.text, question.conversation.visibility) == (False, "is core1 up?", Visibility.PRIVATE)


async def test_a_command_without_a_question_is_answered_with_help(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(OPS, "/ask", "")
    assert [one.ephemeral_to for one in rig.slack.workspace.ephemerals] == [ADA]
    assert rig.desk.taken == []


async def test_a_reply_in_a_thread_of_ours_needs_no_mention_when_its_asker_writes_it(rig: Rig) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    await rig.slack.user(ADA).thread_reply(said.message, "and core2?")
    await rig.slack.user(BOB).thread_reply(said.message, "lunch?")
    await rig.slack.user(ADA).thread_reply(said.message, f"what do you think, <@{BOB}>?")
    assert texts(rig) == ["is core1 up?", "and core2?"]


async def test_talk_in_a_channel_is_none_of_our_business(rig: Rig) -> None:
    said = await rig.slack.user(ADA).say(OPS, "lunch?")
    await rig.slack.user(BOB).thread_reply(said.message, "yes")
    assert rig.desk.taken == []


async def test_an_edit_is_handed_in_with_the_new_text_and_a_preview_is_none(rig: Rig) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    await rig.slack.user(ADA).unfurl(said.message)
    await rig.slack.user(ADA).edit(said.message, f"<@{BOT_USER}> is core2 up?")
    assert [(one.kind, one.text) for one in rig.desk.taken] == [(Kind.ASK, "is core1 up?"), (Kind.EDITED, "is core2 up?")]


async def test_a_repeated_edit_is_taken_once_and_a_second_edit_again(rig: Rig) -> None:
    said = await rig.slack.user(ADA).dm("is core1 up?")
    edited = await rig.slack.user(ADA).edit(said.message, "is core2 up?")
    await rig.slack.postman.redeliver(edited.deliveries[0])
    await rig.slack.user(ADA).edit(said.message, "is core3 up?")
    assert texts(rig) == ["is core1 up?", "is core2 up?", "is core3 up?"]


@pytest.mark.parametrize("has_replies", [False, True])
async def test_a_deleted_question_is_handed_in_as_such(rig: Rig, *, has_replies: bool) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    if has_replies:
        await rig.answered(rig.desk.taken[0])
    await rig.slack.user(ADA).delete(said.message)
    last = rig.desk.taken[-1]
    assert (last.kind, last.source) == (Kind.DELETED, rig.desk.taken[0].source)


async def test_our_own_messages_are_not_heard(rig: Rig) -> None:
    await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    await rig.answered(rig.desk.taken[0])
    assert texts(rig) == ["is core1 up?"]
    assert all(one.ok for one in rig.slack.deliveries)


@pytest.mark.parametrize("classic", [False, True])
async def test_other_bots_are_not_answered(rig: Rig, *, classic: bool) -> None:
    said = await rig.slack.bot_message(OPS, f"<@{BOT_USER}> core1 is down", classic=classic)
    assert (rig.desk.taken, all(one.ok for one in said.deliveries)) == ([], True)


async def test_two_bots_in_one_thread_do_not_talk_for_ever(rig: Rig) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    await rig.slack.bot_message(OPS, "core1 is down", thread_ts=said.message.ts)
    assert texts(rig) == ["is core1 up?"]


async def test_a_shared_channel_is_shut_out_unless_it_is_let_in() -> None:
    async with FakeSlack() as slack:
        for let_in in (False, True):
            async with rigged(slack, replace(options_for(slack), external_channels=let_in)) as rig:
                await slack.user(ADA).mention(SHARED, "is core1 up?")
                await slack.user(PARTNER).mention(SHARED, "what is your root password?")
                assert texts(rig) == (["is core1 up?"] if let_in else [])


async def test_another_tenant_is_shut_out(rig: Rig) -> None:
    event: JsonObject = {"type": "app_mention", "user": ADA, "channel": OPS, "ts": "1.000001", "text": f"<@{BOT_USER}> hello"}
    delivery = await rig.slack.postman.send(event_callback(rig.slack.workspace, event, team="T0OTHER001"))
    assert (delivery.ok, rig.desk.taken) == (True, [])


@pytest.mark.parametrize("signature", [OLD, FUTURE, UNSIGNED, FORGED, Signature(Signing.NOT_ASCII), Signature(Signing.NO_NUMBER)])
async def test_what_slack_did_not_sign_just_now_is_refused(rig: Rig, signature: Signature) -> None:
    said = await rig.slack.user(ADA).dm("is core1 up?")
    assert (await rig.slack.forge(said.deliveries[0].outgoing, signature)).status == 401


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", JSON, 400),
        (b"{broken", JSON, 400),
        (b"[]", JSON, 400),
        (b"null", JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b'{"type":"event_callback","event":"x"}', JSON, 400),
        (b'{"type":"event_callback","event":{"type":7}}', JSON, 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, JSON, 400),
        (b"payload=%7Bbroken", "application/x-www-form-urlencoded", 400),
        (b"payload=%5B%5D", "application/x-www-form-urlencoded", 400),
        (b"{}", "text/plain", 400),
        (b"x" * 1_100_000, JSON, 413),
    ],
)
async def test_a_malformed_request_is_refused_and_never_an_error_of_ours(rig: Rig, body: bytes, content_type: str, status: int) -> None:
    assert (await raw(rig, body, content_type)).status == status


async def test_what_we_do_not_handle_is_acknowledged(rig: Rig) -> None:
    rig.slack.postman.subscriptions.add("channel_created")
    said = await rig.slack.user(ADA).say(OPS, "x")
    answers = [
        await rig.slack.postman.emit([{"type": "channel_created", "channel": {"id": "C9", "name": "new"}}]),
        await rig.slack.app_uninstalled(),
        await rig.slack.tokens_revoked(),
        (await rig.slack.app_rate_limited(), await rig.slack.user(ADA).shortcut(said.message, "ask_about_message")),
        (await rig.slack.user(ADA).slash(OPS, "/other", "x"),),
    ]
    assert [one.ok for answer in answers for one in answer] == [True] * 6


async def test_slack_can_verify_the_address(rig: Rig) -> None:
    assert (await rig.slack.url_verification()).json == {"challenge": CHALLENGE}


async def test_the_team_is_the_tenant(rig: Rig) -> None:
    await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    assert rig.desk.taken[0].conversation.tenant == TEAM


async def test_an_uninstallation_has_the_workspace_deleted_and_a_revoked_token_does_not(rig: Rig) -> None:
    await rig.slack.tokens_revoked()
    assert rig.desk.taken == []
    await rig.slack.app_uninstalled()
    (item,) = rig.desk.taken
    assert (item.kind, item.conversation.tenant) == (Kind.UNINSTALLED, TEAM)
