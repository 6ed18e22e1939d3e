"""The simulated models fail in every way on demand, set in process and over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError

from router.simulated.faults import RETRY_AFTER, Fault
from router.simulated.models import UnknownModelError
from tests.fakes.simulated import Bench, chat, content, running_bench


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running_bench() as running:
        yield running


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.RATE_LIMITED, 429, "rate_limit_exceeded"),
        (Fault.SERVER_ERROR, 500, "internal_error"),
        (Fault.UNAUTHORIZED, 401, "invalid_api_key"),
        (Fault.TOO_LONG, 400, "context_length_exceeded"),
        (Fault.CONTENT_POLICY, 400, "content_policy_violation"),
    ],
)
async def test_an_error_has_its_status_and_code(bench: Bench, fault: Fault, status: int, code: str) -> None:
    bench.models.set_fault("frontier", fault)
    answered, body = await bench.post(chat())
    assert (answered, json.loads(body)["error"]["code"]) == (status, code)


async def test_a_rate_limit_says_when_to_come_back(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.RATE_LIMITED)
    async with bench.http.post(f"{bench.base}/chat/completions", json=chat()) as response:
        assert response.headers["Retry-After"] == RETRY_AFTER


async def test_an_unavailable_provider_answers_with_a_page(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.HTML_503)
    status, body = await bench.post(chat())
    assert status == 503
    assert body.startswith("<html>")


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CUT])
async def test_a_broken_connection_gives_no_answer(bench: Bench, fault: Fault) -> None:
    bench.models.set_fault("frontier", fault)
    with pytest.raises(ClientError):
        await bench.post(chat())


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
async def test_a_hanging_or_dripping_answer_does_not_end_in_time(bench: Bench, fault: Fault, stream: bool) -> None:  # noqa: FBT001 (a case)
    bench.models.set_fault("frontier", fault)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await bench.post(chat(stream=stream))


async def test_garbage_is_no_json(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.GARBAGE)
    status, body = await bench.post(chat())
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


async def test_faults_of_content_look_like_success(bench: Bench) -> None:
    whole = content(await bench.ask("rfc1918"))
    seen = {}
    for fault in (Fault.TRUNCATED, Fault.CONTENT_FILTER, Fault.EMPTY, Fault.NULL_CONTENT):
        bench.models.set_fault("frontier", fault)
        choice = (await bench.ask("rfc1918"))["choices"][0]  # type: ignore[index]  # a JSON answer
        seen[fault] = (choice["message"]["content"], choice["finish_reason"])
    half = whole[: len(whole) // 2]
    assert seen == {
        Fault.TRUNCATED: (half, "length"),
        Fault.CONTENT_FILTER: (half, "content_filter"),
        Fault.EMPTY: (" \n", "stop"),
        Fault.NULL_CONTENT: (None, "stop"),
    }


async def test_an_answer_can_come_without_choices_or_usage_or_with_absurd_usage(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.NO_CHOICES)
    assert (await bench.ask("rfc1918"))["choices"] == []
    bench.models.set_fault("frontier", Fault.MISSING_USAGE)
    assert "usage" not in await bench.ask("rfc1918")
    bench.models.set_fault("frontier", Fault.ABSURD_USAGE)
    assert (await bench.ask("rfc1918"))["usage"]["prompt_tokens"] == -1  # type: ignore[index]  # a JSON answer


async def test_a_fault_that_is_taken_back_is_gone(bench: Bench) -> None:
    bench.models.set_fault("simulated/frontier", Fault.SERVER_ERROR)
    bench.models.set_fault("simulated/frontier", None)
    assert "RFC 1918" in content(await bench.ask("rfc1918"))


async def test_faults_and_latency_are_set_over_http_and_read_back(bench: Bench) -> None:
    async with bench.http.put(bench.control + "frontier", json={"fault": "rate_limited", "latency_s": 0.01}) as response:
        assert await response.json() == {"fault": "rate_limited", "latency_s": 0.01}
    assert (await bench.post(chat()))[0] == 429
    async with bench.http.get(bench.control + "frontier") as response:
        assert await response.json() == {"fault": "rate_limited", "latency_s": 0.01}


async def test_a_control_request_changes_only_what_it_names(bench: Bench) -> None:
    bench.models.set_latency("small", 0.01)
    async with bench.http.put(bench.control + "small", json={"fault": "empty"}) as response:
        assert await response.json() == {"fault": "empty", "latency_s": 0.01}
    async with bench.http.put(bench.control + "small", json={"fault": None}) as response:
        assert await response.json() == {"fault": None, "latency_s": 0.01}


@pytest.mark.parametrize("body", [{"fault": "explode"}, {"latency_s": -1}, {"faults": None}, []])
async def test_a_control_request_that_means_nothing_is_refused(bench: Bench, body: object) -> None:
    async with bench.http.put(bench.control + "small", json=body) as response:
        assert response.status == 400


async def test_there_is_no_control_over_an_unknown_model(bench: Bench) -> None:
    async with bench.http.get(bench.control + "medium") as response:
        assert response.status == 404
    async with bench.http.put(bench.control + "medium", json={}) as response:
        assert response.status == 404
    with pytest.raises(UnknownModelError, match="medium"):
        bench.models.set_fault("medium", None)
