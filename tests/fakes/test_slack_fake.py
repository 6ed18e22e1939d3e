"""The fake's Web API behaves as Slack's does, as the real slack_sdk client sees it."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import (
    FakeSlack,
    Message,
    Workspace,
    refuse,
)
from tests.fakes.slack.workspace import ADA, ARCHIVED, BOB, BOT_USER, ELSEWHERE, OPS, SECRET


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as session:
        yield AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])


def error_of(caught: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(caught.value.response["error"])


async def test_auth_test_names_the_bot(client: AsyncWebClient) -> None:
    assert (await client.auth_test())["user_id"] == BOT_USER


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-other", "invalid_auth"), ("", "not_authed"), ("xapp-fake-app-token", "not_allowed_token_type")]
)
async def test_a_wrong_token_is_refused(slack: FakeSlack, token: str, error: str) -> None:
    client = AsyncWebClient(token, base_url=slack.api_url)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert error_of(caught) == error


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.shout")
    assert error_of(caught) == "unknown_method"


async def test_a_posted_message_stands_in_the_channel(slack: FakeSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=OPS, text="hello", metadata={"event_type": "t", "event_payload": {"qid": "q1"}})
    message = slack.workspace.find(OPS, str(posted["ts"]))
    assert message is not None
    assert (message.text, message.metadata) == ("hello", {"event_type": "t", "event_payload": {"qid": "q1"}})


async def test_ts_only_grows(client: AsyncWebClient) -> None:
    posted = [str((await client.chat_postMessage(channel=OPS, text=str(number)))["ts"]) for number in range(5)]
    assert posted == sorted(set(posted))


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NOWHERE1", "channel_not_found"), (ELSEWHERE, "not_in_channel"), (ARCHIVED, "is_archived")],
)
async def test_some_channels_cannot_be_written_to(client: AsyncWebClient, channel: str, error: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="x")
    assert error_of(caught) == error


async def test_a_private_channel_without_the_bot_is_not_found(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.workspace.kick_bot(SECRET)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=SECRET, text="x")
    assert error_of(caught) == "channel_not_found"


@pytest.mark.parametrize(
    ("text", "thread_ts", "error"),
    [("", None, "no_text"), ("x" * 40_001, None, "msg_too_long"), ("x", "1.000001", "thread_not_found")],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing:UserWarning")
async def test_some_messages_cannot_be_posted(client: AsyncWebClient, text: str, thread_ts: str | None, error: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=OPS, text=text, thread_ts=thread_ts)
    assert error_of(caught) == error


async def test_an_update_replaces_text_and_keeps_blocks_that_are_not_sent(slack: FakeSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=OPS, text="a", blocks=[{"type": "divider"}])
    await client.chat_update(channel=OPS, ts=str(posted["ts"]), text="b")
    message = slack.workspace.find(OPS, str(posted["ts"]))
    assert message is not None
    assert (message.text, len(message.blocks)) == ("b", 1)
    await client.chat_update(channel=OPS, ts=str(posted["ts"]), text="c", blocks=[])
    assert slack.workspace.bot_messages(OPS)[0].blocks == ()


async def test_an_updated_text_may_have_4000_bytes_after_escaping(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=OPS, text="a")
    await client.chat_update(channel=OPS, ts=str(posted["ts"]), text="x" * 4000)
    for too_long in ("x" * 4001, "<" * 1001, "—" * 1334):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_update(channel=OPS, ts=str(posted["ts"]), text=too_long)
        assert error_of(caught) == "msg_too_long"


async def test_only_own_messages_can_be_updated_and_deleted(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.user(ADA).say(OPS, "mine")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_update(channel=OPS, ts=said.message.ts, text="x")
    assert error_of(caught) == "cant_update_message"
    with pytest.raises(SlackApiError) as caught:
        await client.chat_delete(channel=OPS, ts=said.message.ts)
    assert error_of(caught) == "cant_delete_message"


async def test_a_deleted_message_cannot_be_updated(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=OPS, text="a")
    await client.chat_delete(channel=OPS, ts=str(posted["ts"]))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_update(channel=OPS, ts=str(posted["ts"]), text="b")
    assert error_of(caught) == "message_not_found"


async def test_replies_show_the_thread_in_order_and_metadata_on_request(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.user(ADA).say(OPS, "question")
    meta = {"event_type": "t", "event_payload": {"qid": "q1"}}
    await client.chat_postMessage(channel=OPS, text="answer", thread_ts=said.message.ts, metadata=meta)
    plain = await client.conversations_replies(channel=OPS, ts=said.message.ts)
    full = await client.conversations_replies(channel=OPS, ts=said.message.ts, include_all_metadata=True)
    assert [one["text"] for one in plain["messages"]] == ["question", "answer"]
    assert [one.get("metadata") for one in plain["messages"]] == [None, None]
    assert full["messages"][1]["metadata"] == meta


async def test_history_pages_newest_first_without_replies(slack: FakeSlack, client: AsyncWebClient) -> None:
    ada = slack.user(ADA)
    first = (await ada.say(OPS, "0")).message
    await ada.thread_reply(first, "in the thread")
    for number in range(1, 5):
        await ada.say(OPS, str(number))
    page = await client.conversations_history(channel=OPS, limit=3)
    rest = await client.conversations_history(channel=OPS, limit=3, cursor=page["response_metadata"]["next_cursor"])
    assert [one["text"] for one in [*page["messages"], *rest["messages"]]] == ["4", "3", "2", "1", "0"]
    assert (page["has_more"], rest["has_more"]) == (True, False)
    newer = await client.conversations_history(channel=OPS, oldest=first.ts)
    assert [one["text"] for one in newer["messages"]] == ["4", "3", "2", "1"]


async def test_a_thread_that_does_not_exist_is_not_found(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_replies(channel=OPS, ts="1.000001")
    assert error_of(caught) == "thread_not_found"


async def test_an_ephemeral_message_is_seen_by_one_person_alone(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel=OPS, user=ADA, text="psst")
    history = await client.conversations_history(channel=OPS)
    assert ([one.ephemeral_to for one in slack.workspace.ephemerals], history["messages"]) == ([ADA], [])


async def test_nobody_outside_a_channel_gets_an_ephemeral_message_in_it(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postEphemeral(channel=OPS, user="U0STRANGER", text="psst")
    assert error_of(caught) == "user_not_in_channel"


async def test_people_channels_and_teams_can_be_looked_up(client: AsyncWebClient) -> None:
    assert (await client.users_info(user=ADA))["user"]["name"] == "ada"
    assert (await client.conversations_info(channel=SECRET))["channel"]["is_private"] is True
    assert (await client.team_info())["team"]["domain"] == "netops"
    opened = await client.conversations_open(users=ADA)
    assert (await client.conversations_info(channel=opened["channel"]["id"]))["channel"]["is_im"] is True


async def test_a_reaction_can_be_set_once_and_taken_back(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.user(ADA).say(OPS, "question")
    await client.reactions_add(channel=OPS, timestamp=said.message.ts, name="eyes")
    with pytest.raises(SlackApiError) as caught:
        await client.reactions_add(channel=OPS, timestamp=said.message.ts, name="eyes")
    assert error_of(caught) == "already_reacted"
    await client.reactions_remove(channel=OPS, timestamp=said.message.ts, name="eyes")
    with pytest.raises(SlackApiError) as caught:
        await client.reactions_remove(channel=OPS, timestamp=said.message.ts, name="eyes")
    assert error_of(caught) == "no_reaction"


async def test_a_status_goes_when_the_bot_posts_in_the_thread(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.user(ADA).say(OPS, "question")
    await client.assistant_threads_setStatus(channel_id=OPS, thread_ts=said.message.ts, status="is thinking")
    assert slack.workspace.status_of(OPS, said.message.ts) == "is thinking"
    await client.chat_postMessage(channel=OPS, text="answer", thread_ts=said.message.ts)
    assert slack.workspace.status_of(OPS, said.message.ts) == ""


async def test_a_status_goes_after_two_minutes(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.user(ADA).say(OPS, "question")
    await client.assistant_threads_setStatus(channel_id=OPS, thread_ts=said.message.ts, status="is thinking")
    slack.workspace.clock.advance(121)
    assert slack.workspace.status_of(OPS, said.message.ts) == ""


async def test_all_calls_are_in_the_log(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(refuse("chat.postMessage", "fatal_error"))
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=OPS, text="x")
    await client.auth_test()
    assert [(call.method, call.error) for call in slack.workspace.calls] == [("chat.postMessage", "fatal_error"), ("auth.test", "")]


async def test_waiting_ends_when_the_state_is_reached(slack: FakeSlack, client: AsyncWebClient) -> None:
    def two_posts(workspace: Workspace) -> list[Message] | None:
        found = workspace.bot_messages(OPS)
        return found if len(found) == 2 else None

    waiting = asyncio.create_task(slack.wait_for(two_posts))
    await client.chat_postMessage(channel=OPS, text="1")
    assert not waiting.done()
    await client.chat_postMessage(channel=OPS, text="2")
    assert [one.text for one in await waiting] == ["1", "2"]


async def test_waiting_in_vain_tells_what_there_was_instead(slack: FakeSlack) -> None:
    await slack.user(BOB).say(OPS, "something else")
    with pytest.raises(TimeoutError, match="something else"):
        await slack.wait_for(lambda workspace: workspace.bot_messages(), within_s=0.05)
