"""The fake refuses what Slack refuses in Block Kit, and finds live mentions and previews."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Message, assert_no_unfurls, live_mentions
from tests.fakes.slack.json_values import JsonObject
from tests.fakes.slack.workspace import BOT_USER, OPS


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


def section(text: str) -> JsonObject:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**changes: object) -> JsonObject:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "q1"} | changes


FEEDBACK: JsonObject = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "answer_feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Helpful"}, "value": "up:q1"},
            "negative_button": {"text": {"type": "plain_text", "text": "Flag"}, "value": "down:q1"},
        }
    ],
}
ALERT: JsonObject = {"type": "alert", "level": "warning", "text": {"type": "mrkdwn", "text": "Best effort."}}


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        ([section("x")] * 51, "/blocks"),
        ([section("x" * 3001)], "/blocks/0/text/text"),
        ([section("")], "/blocks/0/text/text"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "/blocks/0/text/text"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text"),
        ([{"type": "markdown", "text": "x" * 7000}, {"type": "markdown", "text": "x" * 5001}], "/blocks/1/text"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "/blocks/0/elements"),
        ([{"type": "context", "elements": []}], "/blocks/0/elements"),
        ([{"type": "actions", "elements": [button(action_id=str(number)) for number in range(26)]}], "/blocks/0/elements"),
        ([{"type": "actions", "elements": [button(), button()]}], "/blocks/0/elements/1/action_id"),
        ([{"type": "actions", "elements": [button(text={"type": "plain_text", "text": "x" * 76})]}], "/blocks/0/elements/0/text/text"),
        ([{"type": "actions", "elements": [button(value="x" * 2001)]}], "/blocks/0/elements/0/value"),
        ([{"type": "actions", "elements": [button(action_id="x" * 256)]}], "/blocks/0/elements/0/action_id"),
        ([{"type": "actions", "elements": [button(style="loud")]}], "/blocks/0/elements/0/style"),
        ([section("x") | {"block_id": "x" * 256}], "/blocks/0/block_id"),
        ([section("x") | {"block_id": "b"}, section("y") | {"block_id": "b"}], "/blocks/1/block_id"),
        ([section("x") | {"colour": "red"}], "/blocks/0/colour"),
        ([{"type": "marquee"}], "/blocks/0/type"),
        ([{"type": "section"}], "/blocks/0"),
        ([ALERT | {"level": "loud"}], "/blocks/0/level"),
        ([FEEDBACK | {"elements": [button()]}], "/blocks/0/elements/0/type"),
        (
            [{"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "a"}]}],
            "/blocks/0/elements/0/positive_button",
        ),
    ],
)
async def test_blocks_beyond_slacks_limits_are_refused(client: AsyncWebClient, blocks: list[JsonObject], place: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=OPS, text="x", blocks=blocks)
    assert error_of(caught) == "invalid_blocks"
    assert any(f"[json-pointer:{place}]" in one for one in caught.value.response["response_metadata"]["messages"])


async def test_blocks_at_the_limits_are_taken(slack: FakeSlack, client: AsyncWebClient) -> None:
    blocks: list[JsonObject] = [
        {"type": "markdown", "text": "x" * 9000},
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        section("x" * 3000),
        ALERT,
        FEEDBACK,
        {"type": "actions", "elements": [button(action_id=str(number), value="x" * 2000) for number in range(25)]},
        {"type": "divider"},
    ]
    await client.chat_postMessage(channel=OPS, text="x", blocks=blocks)
    assert len(slack.workspace.bot_messages(OPS)[0].blocks) == len(blocks)


async def test_blocks_are_refused_for_the_length_of_all_their_texts(client: AsyncWebClient) -> None:
    blocks: list[JsonObject] = [{"type": "markdown", "text": "x" * 11_000}, section("x" * 2500)]
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=OPS, text="x", blocks=blocks)
    assert error_of(caught) == "msg_blocks_too_long"


@pytest.mark.parametrize("block", [ALERT, FEEDBACK, {"type": "markdown", "text": "x"}])
async def test_an_older_workspace_refuses_the_newer_blocks(block: JsonObject) -> None:
    async with FakeSlack(legacy_blocks=True) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=OPS, text="x", blocks=[block])
    assert error_of(caught) == "invalid_blocks"


async def test_a_post_that_forgets_to_forbid_previews_is_found_out(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=OPS, text="x", unfurl_links=False, unfurl_media=False)
    assert_no_unfurls(slack.workspace)
    await client.chat_postMessage(channel=OPS, text="x", unfurl_links=False)
    with pytest.raises(AssertionError, match="unfurl_media"):
        assert_no_unfurls(slack.workspace)


@pytest.mark.parametrize(
    ("text", "blocks", "found"),
    [
        ("see <!channel> and <@U0ADA00001> and <!subteam^S1|ops>", (), ["<!channel>", "<@U0ADA00001>", "<!subteam^S1|ops>"]),
        ("&lt;!channel&gt; @channel <!date^1^{ago}|now> <https://a.example|b>", (), []),
        ("", ({"type": "markdown", "text": "hi <!here> @everyone a@here.example"},), ["<!here>", "@everyone"]),
        ("", (section("<!everyone>"),), ["<!everyone>"]),
        ("", ({"type": "context", "elements": [{"type": "mrkdwn", "text": "<@W1>"}]},), ["<@W1>"]),
        ("", ({"type": "header", "text": {"type": "plain_text", "text": "<!here>"}},), []),
    ],
)
def test_live_mentions_are_those_that_slack_would_make(text: str, blocks: tuple[JsonObject, ...], found: list[str]) -> None:
    assert live_mentions(Message(OPS, "1.0", BOT_USER, text, blocks)) == found
