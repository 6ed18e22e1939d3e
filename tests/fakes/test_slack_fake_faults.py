"""The fake fails on demand: each fault of the Web API as a client meets it."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, accepted_then_reset, hang, rate_limited, refuse, reset_before, server_error, slow
from tests.fakes.slack.workspace import OPS, SECRET


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


async def test_a_rate_limit_says_when_to_come_back_and_posts_nothing(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(rate_limited("chat.postMessage", retry_after_s=30))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=OPS, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "30")
    assert slack.workspace.bot_messages() == []
    await client.chat_postMessage(channel=OPS, text="x")


async def test_a_rate_limit_may_hold_for_one_channel(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(rate_limited("chat.postMessage", channel=SECRET, times=9))
    await client.chat_postMessage(channel=OPS, text="x")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=SECRET, text="x")


async def test_a_server_error_posts_nothing(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(server_error("chat.postMessage", status=502))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=OPS, text="x")
    assert (caught.value.response.status_code, slack.workspace.bot_messages()) == (502, [])


async def test_a_reset_after_acceptance_leaves_the_message_there(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(accepted_then_reset("chat.postMessage"))
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=OPS, text="x")
    assert [one.text for one in slack.workspace.bot_messages()] == ["x"]


async def test_a_hanging_call_is_never_answered(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(hang("chat.postMessage"))
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel=OPS, text="x")
    assert slack.workspace.bot_messages() == []


async def test_a_slow_call_is_answered_late(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(slow("auth.test", 0.2))
    began = time.perf_counter()
    await client.auth_test()
    assert time.perf_counter() - began >= 0.2


async def test_any_error_can_be_asked_for(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(refuse("*", "token_revoked"))
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert error_of(caught) == "token_revoked"


async def test_faults_by_probability_are_the_same_for_the_same_seed() -> None:
    outcomes = []
    for _ in range(2):
        async with FakeSlack(seed=3) as slack:
            slack.fail(replace(refuse("*", "fatal_error", times=100), probability=0.5))
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            outcomes.append([await _fails(client) for _ in range(12)])
    assert outcomes[0] == outcomes[1]
    assert set(outcomes[0]) == {True, False}


async def _fails(client: AsyncWebClient) -> bool:
    try:
        await client.auth_test()
    except SlackApiError:
        return True
    return False


async def test_a_reset_before_acceptance_leaves_nothing(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail(reset_before("chat.postMessage"))
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=OPS, text="x")
    assert slack.workspace.bot_messages() == []


async def test_the_pace_of_a_channel_can_be_kept_as_slack_keeps_it(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.pace.per_s = 1.0
    for _ in range(5):
        await client.chat_postMessage(channel=OPS, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=OPS, text="x")
    assert caught.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=SECRET, text="x")
    slack.workspace.clock.advance(1)
    await client.chat_postMessage(channel=OPS, text="x")
