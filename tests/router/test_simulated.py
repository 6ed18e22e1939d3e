"""The simulated models answer honestly, by the protocol, and with exact counts."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, ClientSession

from router.simulated.faults import Fault
from router.simulated.models import simulated_model
from router.simulated.server import HOST, SimulatedModels
from tests.fakes.simulated import SOON, Bench, chat, content, running_bench


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running_bench() as running:
        yield running


async def test_an_answer_is_of_the_protocols_form_and_says_that_it_is_simulated(bench: Bench) -> None:
    answer = await bench.ask("which ranges are private addresses?", "small")
    assert answer["object"] == "chat.completion"
    assert answer["model"] == "small"
    assert "172.16.0.0/12" in content(answer)
    assert content(answer).endswith("*Simulated small model: a canned answer, not your network.*")
    assert answer["choices"][0]["finish_reason"] == "stop"  # type: ignore[index]  # a JSON answer


async def test_tokens_are_counted_as_four_characters_each_and_four_a_message(bench: Bench) -> None:
    messages = [{"role": "system", "content": "x" * 9}, {"role": "user", "content": "rfc1918"}]
    _, body = await bench.post({"model": "small", "messages": messages})
    answer = json.loads(body)
    completion = -(-len(content(answer)) // 4)
    assert answer["usage"] == {"prompt_tokens": (4 + 3) + (4 + 2), "completion_tokens": completion, "total_tokens": 13 + completion}


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
async def test_an_answer_beyond_the_limit_of_tokens_is_cut_and_says_so(bench: Bench, limit: str) -> None:
    _, body = await bench.post(chat() | {limit: 16})
    answer = json.loads(body)
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 16
    assert len(content(answer)) == 64


async def test_text_in_parts_is_read_as_one_text(bench: Bench) -> None:
    parts = [{"type": "text", "text": "what is "}, {"type": "text", "text": "rfc1918"}]
    _, body = await bench.post({"model": "small", "messages": [{"role": "user", "content": parts}]})
    assert "192.168.0.0/16" in content(json.loads(body))


async def test_the_frontier_model_says_more_about_a_hard_topic(bench: Bench) -> None:
    question = "explain why OSPF adjacency can flap after a link-state database overflow"
    small, frontier = content(await bench.ask(question, "small")), content(await bench.ask(question, "frontier"))
    assert "max-lsa" in small
    assert "max-lsa" in frontier
    assert len(frontier) > 2 * len(small)


async def test_a_follow_up_without_a_topic_is_read_with_the_earlier_turns(bench: Bench) -> None:
    earlier = [{"role": "user", "content": "hsrp vs vrrp?"}, {"role": "assistant", "content": "a table"}]
    _, body = await bench.post({"model": "small", "messages": [*earlier, {"role": "user", "content": "and the default one?"}]})
    assert "VRRP" in content(json.loads(body))


async def test_the_same_question_gets_the_same_answer(bench: Bench) -> None:
    assert content(await bench.ask("lacp timers")) == content(await bench.ask("lacp timers"))


async def test_another_provider_of_a_model_has_its_own_name_and_faults(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.SERVER_ERROR)
    answer = await bench.ask("rfc1918", "frontier-b")
    assert answer["model"] == "frontier-b"
    assert "Simulated frontier-b model" in content(answer)


@pytest.mark.parametrize("name", ["medium", "", "small-", "smallish", "frontier/b", "openai/small"])
async def test_a_model_that_is_not_simulated_is_not_found(bench: Bench, name: str) -> None:
    status, body = await bench.post({"model": name, "messages": []})
    assert status == 404
    assert json.loads(body)["error"]["code"] == "model_not_found"


@pytest.mark.parametrize("body", [[], {}, {"model": "small"}, {"model": "small", "messages": [1]}, "text"])
async def test_a_body_that_is_no_chat_request_is_refused(bench: Bench, body: object) -> None:
    assert (await bench.post(body))[0] == 400


async def test_the_models_are_listed(bench: Bench) -> None:
    async with bench.http.get(f"{bench.base}/models") as response:
        assert [model["id"] for model in (await response.json())["data"]] == ["small", "frontier"]


async def test_the_server_listens_on_loopback_alone(bench: Bench) -> None:
    assert re.fullmatch(rf"http://{re.escape(HOST)}:\d+/v1", bench.base)
    assert HOST == "127.0.0.1"


async def test_a_stopped_server_takes_no_connection_and_stopping_again_is_harmless() -> None:
    models = SimulatedModels(latency_scale=0)
    base = await models.start()
    await models.stop()
    await models.stop()
    async with ClientSession(timeout=SOON) as http:
        with pytest.raises(ClientError):
            await http.get(f"{base}/models")


async def test_stopping_does_not_wait_for_a_hanging_request() -> None:
    models = SimulatedModels(latency_scale=0)
    base = await models.start()
    models.set_fault("frontier", Fault.HANG)
    async with ClientSession(timeout=SOON) as http:
        request = asyncio.create_task(Bench(models, base, http).post(chat()))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await models.stop()
        assert time.monotonic() - began < 1
        with pytest.raises(ClientError):
            await request


async def test_a_stream_adds_up_to_the_whole_answer_with_its_usage(bench: Bench) -> None:
    whole = await bench.ask("rfc1918")
    _, body = await bench.post(chat("rfc1918", stream=True, stream_options={"include_usage": True}))
    *events, done = [line.removeprefix("data: ") for line in body.split("\n\n") if line]
    chunks = [json.loads(event) for event in events]
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
    assert done == "[DONE]"
    assert text == content(whole)
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["usage"] == whole["usage"]


async def test_a_truncated_stream_ends_without_a_finish_reason(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.TRUNCATED)
    _, body = await bench.post(chat(stream=True))
    assert "[DONE]" not in body
    assert '"finish_reason": "' not in body


async def test_a_cut_stream_ends_with_a_broken_connection(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.CUT)
    with pytest.raises(ClientError):
        await bench.post(chat(stream=True))


async def test_a_stream_without_usage_carries_none(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.MISSING_USAGE)
    _, body = await bench.post(chat(stream=True, stream_options={"include_usage": True}))
    assert "usage" not in body
    assert "[DONE]" in body


async def test_a_latency_that_was_set_is_kept(bench: Bench) -> None:
    bench.models.set_latency("frontier", 0.2)
    began = time.monotonic()
    await bench.ask("rfc1918")
    assert 0.2 <= time.monotonic() - began < 1.5


async def test_the_natural_latency_is_within_a_quarter_of_the_models_and_repeats() -> None:
    models = SimulatedModels()
    model = simulated_model("frontier")
    taken = {models._latency_s(model, f"question {number}") for number in range(50)}
    assert len(taken) > 20
    assert all(1.4 * 0.75 <= seconds <= 1.4 * 1.25 for seconds in taken)
    assert models._latency_s(model, "question 7") in taken
