"""The fake runs in its own process and is read and steered by JSON."""

import asyncio
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.recorder import Recorder
from tests.fakes.slack.server import BOT_TOKEN
from tests.fakes.slack.workspace import ADA, OPS


@pytest.fixture
async def url() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.fakes.slack", stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(20):
        line = await process.stdout.readline()
    yield line.decode().split()[1]
    process.terminate()
    assert await process.wait() == 0


async def test_a_test_in_another_process_reads_and_steers_it(url: str) -> None:
    async with Recorder() as app, aiohttp.ClientSession(url) as control:
        await control.post("/control/deliver_to", json={"url": app.url})
        deed = await control.post("/control/do", json={"deed": "mention", "user": ADA, "channel": OPS, "text": "hello"})
        said = await deed.json()
        assert [one["tries"][0]["status"] for one in said["deliveries"]] == [200, 200]
        client = AsyncWebClient(BOT_TOKEN, base_url=f"{url}/api/")
        await client.chat_postMessage(channel=OPS, text="answer", thread_ts=said["message"]["ts"])
        messages = await (await control.get("/control/messages")).json()
        assert [one["text"] for one in messages] == [said["message"]["text"], "answer"]
        await control.post("/control/faults", json={"kind": "error", "method": "chat.postMessage", "error": "fatal_error", "times": 1})
        with pytest.raises(SlackApiError, match="fatal_error"):
            await client.chat_postMessage(channel=OPS, text="x")
        assert (await control.post("/control/faults", json={"kind": "earthquake"})).status == 400
        assert (await control.get("/control/weather")).status == 404
        assert (await control.post("/control/do", json={"deed": "sing", "user": ADA})).status == 400
