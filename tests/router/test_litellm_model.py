"""One target through LiteLLM: exact cost on success, one outcome for every way of failing, and silence about questions.

LiteLLM itself is imported by router.litellm_setup alone, which first tells it to stay off the internet.
"""

import asyncio
import contextlib
import importlib
import inspect
import logging
import time
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from router.litellm_errors import OUTCOMES, outcome_of
from router.litellm_model import LiteLLMModel, missing_key
from router.litellm_setup import close_clients
from router.prices import Bundled, Prices
from router.simulated.faults import Fault
from router.targets import Target
from router.types import CostSource, Model, ModelFailure, Outcome, Prompt, Source, Turn, Usage
from tests.fakes.simulated import Bench, running_bench

CANARY = "canary-7f3a"
PROMPT = Prompt("Be brief.", f"what is rfc1918 {CANARY}")
PRICES = Prices({}, Bundled("no table", {}))
DEADLINE_S = 0.6
CLOSED = "http://127.0.0.1:9/v1"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """The running server, after a first call: LiteLLM loads half of itself in it, which is no part of anybody's deadline."""
    async with running_bench() as running:
        await LiteLLMModel(Target(model="simulated/small"), PRICES, api_base=running.base).complete(PROMPT)
        yield running
        await close_clients()


def ask_frontier(bench: Bench, **changes: object) -> LiteLLMModel:
    """The simulated frontier model as a target; `changes` are fields of the target."""
    target = Target(model="simulated/frontier", timeout_s=DEADLINE_S).model_copy(update=changes)
    return LiteLLMModel(target, PRICES, api_base=bench.base)


async def failure_of(model: Model, prompt: Prompt = PROMPT) -> ModelFailure:
    with pytest.raises(ModelFailure) as caught:
        await model.complete(prompt)
    return caught.value


# ---- success


async def test_an_answer_comes_as_the_provider_gave_it_with_its_model_usage_and_exact_cost(bench: Bench) -> None:
    completion = await ask_frontier(bench).complete(PROMPT)
    assert completion.text.startswith("The nearest canned answer is about private addresses.")
    assert completion.text.endswith("*Simulated frontier model: a canned answer, not your network.*")
    assert completion.model == "frontier"
    assert completion.usage == Usage((4 + 3) + (4 + 7), -(-len(completion.text) // 4))
    expected = (Decimal("1.25") * completion.usage.prompt + Decimal(10) * completion.usage.completion) / 1_000_000
    assert completion.cost.usd == expected
    assert completion.cost.source is CostSource.REPORTED


@pytest.mark.parametrize("first_byte_s", [None, 5.0])
async def test_the_pages_that_a_model_cites_come_with_its_answer(bench: Bench, first_byte_s: float | None) -> None:
    bench.models.set_sources("frontier", (Source("RFC 1918", "https://rfc.example/1918"), Source("", "javascript:alert(1)")))
    completion = await ask_frontier(bench, first_byte_s=first_byte_s).complete(PROMPT)
    assert completion.sources == (Source("RFC 1918", "https://rfc.example/1918"),)


async def test_the_numbered_pages_of_a_search_engine_come_in_its_order(bench: Bench) -> None:
    async def search(_: web.Request) -> web.Response:
        found = {"citations": ["https://b.example/", "https://a.example/"], "search_results": [{"title": "A", "url": "https://a.example/"}]}
        choice = {"index": 0, "message": {"role": "assistant", "content": "Yes [2]."}, "finish_reason": "stop"}
        return web.json_response({"id": "1", "object": "chat.completion", "created": 1, "model": "sonar", "choices": [choice]} | found)

    app = web.Application()
    app.router.add_post("/chat/completions", search)
    async with TestServer(app, host="127.0.0.1") as server:
        target = Target(model="perplexity/sonar", api_base=str(server.make_url("")))
        completion = await LiteLLMModel(target, PRICES, api_key="own").complete(PROMPT)
    assert completion.sources == (Source("b.example", "https://b.example/"), Source("A", "https://a.example/"))


async def test_a_model_that_cites_nothing_has_no_sources(bench: Bench) -> None:
    assert (await ask_frontier(bench).complete(PROMPT)).sources == ()


async def test_the_earlier_turns_are_sent_as_well(bench: Bench) -> None:
    turns = (Turn("hsrp vs vrrp?", assistant=False), Turn("A table.", assistant=True))
    completion = await ask_frontier(bench).complete(Prompt("", "and the default one?", turns))
    assert "VRRP" in completion.text


async def test_a_target_is_known_by_its_name_in_the_policy(bench: Bench) -> None:
    model: Model = ask_frontier(bench, model="simulated/frontier-b")
    assert model.name == "simulated/frontier-b"
    assert (await model.complete(PROMPT)).model == "frontier-b"


async def test_an_openai_compatible_target_is_asked_at_its_own_base(bench: Bench) -> None:
    target = Target(model="openai/small", api_base=bench.base)
    completion = await LiteLLMModel(target, PRICES, api_key="own").complete(PROMPT)
    assert completion.model == "small"
    assert (completion.cost.usd, completion.cost.source) == (None, CostSource.UNKNOWN)


async def test_a_proxy_of_the_environment_is_not_used_for_loopback(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await close_clients()
    monkeypatch.setenv("HTTP_PROXY", CLOSED)
    monkeypatch.setenv("http_proxy", CLOSED)
    assert (await ask_frontier(bench).complete(PROMPT)).model == "frontier"


async def test_the_next_call_after_the_clients_are_closed_makes_new_ones(bench: Bench) -> None:
    model = ask_frontier(bench)
    await model.complete(PROMPT)
    await close_clients()
    assert (await model.complete(PROMPT)).model == "frontier"


# ---- by stream


def stream_frontier(bench: Bench, **changes: object) -> LiteLLMModel:
    """The simulated frontier model, asked for a stream that may not be silent for a third of a second."""
    return ask_frontier(bench, **({"timeout_s": 3.0, "first_byte_s": 0.3} | changes))


async def test_a_streamed_answer_is_the_whole_one_with_the_same_usage_and_cost(bench: Bench) -> None:
    assert await stream_frontier(bench).complete(PROMPT) == await ask_frontier(bench).complete(PROMPT)


@pytest.mark.parametrize(
    ("fault", "outcome", "detail"),
    [
        (Fault.HANG, Outcome.TIMEOUT, "silent"),
        (Fault.STALL, Outcome.TIMEOUT, "silent"),
        (Fault.TRUNCATED, Outcome.BAD_ANSWER, "no end"),
        (Fault.CONTENT_FILTER, Outcome.BAD_ANSWER, "finish_reason content_filter"),
        (Fault.EMPTY, Outcome.BAD_ANSWER, "empty"),
        (Fault.NULL_CONTENT, Outcome.BAD_ANSWER, "empty"),
        (Fault.NO_CHOICES, Outcome.BAD_ANSWER, "no end"),
        (Fault.GARBAGE, Outcome.BAD_ANSWER, "no end"),
    ],
)
async def test_a_stream_without_a_real_end_is_no_answer(bench: Bench, fault: Fault, outcome: Outcome, detail: str) -> None:
    bench.models.set_fault("frontier", fault)
    began = time.monotonic()
    failure = await failure_of(stream_frontier(bench))
    assert (failure.outcome, failure.detail) == (outcome, detail)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.RATE_LIMITED, Outcome.RATE_LIMITED),
        (Fault.SERVER_ERROR, Outcome.UNAVAILABLE),
        (Fault.HTML_503, Outcome.UNAVAILABLE),
        (Fault.RESET, Outcome.UNAVAILABLE),
        (Fault.CUT, Outcome.UNAVAILABLE),
        (Fault.UNAUTHORIZED, Outcome.UNAUTHORIZED),
        (Fault.TOO_LONG, Outcome.TOO_LONG),
    ],
)
async def test_a_fault_has_the_same_outcome_by_stream(bench: Bench, fault: Fault, outcome: Outcome) -> None:
    bench.models.set_fault("frontier", fault)
    assert (await failure_of(stream_frontier(bench))).outcome is outcome


async def test_a_dripping_stream_is_left_at_the_deadline_of_the_call(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.DRIP)
    began = time.monotonic()
    failure = await failure_of(stream_frontier(bench, timeout_s=0.8))
    assert (failure.outcome, failure.detail) == (Outcome.TIMEOUT, "deadline")
    assert 0.8 <= time.monotonic() - began < 2


@pytest.mark.parametrize("fault", [Fault.MISSING_USAGE, Fault.ABSURD_USAGE])
async def test_a_stream_without_true_token_counts_has_an_estimated_cost(bench: Bench, fault: Fault) -> None:
    bench.models.set_fault("frontier", fault)
    assert (await stream_frontier(bench).complete(PROMPT)).cost.source is CostSource.ESTIMATED


async def test_a_stream_that_was_left_leaves_no_connection_behind(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.STALL)
    for _ in range(3):
        await failure_of(stream_frontier(bench))
    await asyncio.sleep(0.1)
    assert bench.models.answering == 0


# ---- faults


async def test_a_rate_limited_target_tells_how_long_to_wait(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.RATE_LIMITED)
    assert (await failure_of(ask_frontier(bench))).retry_after_s == 30
    assert (await failure_of(stream_frontier(bench))).retry_after_s == 30
    bench.models.set_retry_after("frontier", "presently")
    assert (await failure_of(ask_frontier(bench))).retry_after_s is None


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.RATE_LIMITED, Outcome.RATE_LIMITED),
        (Fault.SERVER_ERROR, Outcome.UNAVAILABLE),
        (Fault.HTML_503, Outcome.UNAVAILABLE),
        (Fault.RESET, Outcome.UNAVAILABLE),
        (Fault.CUT, Outcome.UNAVAILABLE),
        (Fault.HANG, Outcome.TIMEOUT),
        (Fault.DRIP, Outcome.TIMEOUT),
        (Fault.UNAUTHORIZED, Outcome.UNAUTHORIZED),
        (Fault.TOO_LONG, Outcome.TOO_LONG),
        (Fault.CONTENT_POLICY, Outcome.REFUSED),
        (Fault.GARBAGE, Outcome.BAD_ANSWER),
        (Fault.TRUNCATED, Outcome.BAD_ANSWER),
        (Fault.CONTENT_FILTER, Outcome.BAD_ANSWER),
        (Fault.EMPTY, Outcome.BAD_ANSWER),
        (Fault.NULL_CONTENT, Outcome.BAD_ANSWER),
        (Fault.NO_CHOICES, Outcome.BAD_ANSWER),
    ],
)
async def test_a_fault_has_its_outcome_within_the_deadline(bench: Bench, fault: Fault, outcome: Outcome) -> None:
    bench.models.set_fault("frontier", fault)
    began = time.monotonic()
    failure = await failure_of(ask_frontier(bench))
    assert failure.outcome is outcome
    assert time.monotonic() - began < DEADLINE_S + 1


async def test_a_failed_call_is_not_tried_again(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.SERVER_ERROR)
    await failure_of(ask_frontier(bench))
    assert bench.models.asked("frontier") == 1


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.CONTENT_FILTER, Fault.EMPTY, Fault.NULL_CONTENT, Fault.NO_CHOICES])
async def test_an_unusable_answer_carries_what_it_was_billed(bench: Bench, fault: Fault) -> None:
    billed = await ask_frontier(bench).complete(PROMPT)
    bench.models.set_fault("frontier", fault)
    failure = await failure_of(ask_frontier(bench))
    assert failure.usage == billed.usage
    assert failure.cost == billed.cost


@pytest.mark.parametrize("fault", [Fault.MISSING_USAGE, Fault.ABSURD_USAGE])
async def test_an_answer_without_true_token_counts_has_an_estimated_cost(bench: Bench, fault: Fault) -> None:
    billed = await ask_frontier(bench).complete(PROMPT)
    bench.models.set_fault("frontier", fault)
    completion = await ask_frontier(bench).complete(PROMPT)
    assert completion.text == billed.text
    assert completion.cost.source is CostSource.ESTIMATED
    assert completion.cost.usd is not None
    assert billed.cost.usd is not None
    assert billed.cost.usd / 2 < completion.cost.usd < billed.cost.usd * 2


async def test_an_answer_that_reaches_the_limit_of_tokens_is_not_complete(bench: Bench) -> None:
    failure = await failure_of(ask_frontier(bench, max_output_tokens=16))
    assert (failure.outcome, failure.detail) == (Outcome.BAD_ANSWER, "finish_reason length")


async def test_a_model_that_the_provider_lacks_is_unavailable_so_the_next_target_is_asked(bench: Bench) -> None:
    assert (await failure_of(ask_frontier(bench, model="simulated/medium"))).outcome is Outcome.UNAVAILABLE


async def test_a_provider_that_litellm_does_not_know_is_refused() -> None:
    assert (await failure_of(LiteLLMModel(Target(model="acme/tiny"), PRICES))).outcome is Outcome.REFUSED


async def test_a_closed_port_is_unavailable() -> None:
    model = LiteLLMModel(Target(model="simulated/small", timeout_s=2), PRICES, api_base=CLOSED)
    assert (await failure_of(model)).outcome is Outcome.UNAVAILABLE
    await close_clients()


async def test_a_key_that_is_not_set_is_named_to_the_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    failure = await failure_of(LiteLLMModel(Target(model="openai/gpt-5-mini"), PRICES))
    assert (failure.outcome, failure.detail) == (Outcome.UNAUTHORIZED, "OPENAI_API_KEY is not set")
    assert missing_key("openai/gpt-5-mini") == "OPENAI_API_KEY"
    monkeypatch.setenv("OPENAI_API_KEY", "set")
    assert missing_key("openai/gpt-5-mini") is None


async def test_a_cancelled_call_is_cancelled(bench: Bench) -> None:
    bench.models.set_fault("frontier", Fault.HANG)
    task = asyncio.create_task(ask_frontier(bench, timeout_s=30.0).complete(PROMPT))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_failure_never_quotes_the_question_or_the_provider(bench: Bench) -> None:
    for fault in (Fault.CONTENT_POLICY, Fault.UNAUTHORIZED, Fault.SERVER_ERROR, Fault.GARBAGE, Fault.TRUNCATED):
        bench.models.set_fault("frontier", fault)
        failure = await failure_of(ask_frontier(bench))
        assert CANARY not in f"{failure} {failure.detail}"
        assert "imulated" not in failure.detail


async def test_nothing_about_a_question_is_logged_or_printed(
    bench: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        for fault in (None, Fault.RATE_LIMITED, Fault.CONTENT_POLICY, Fault.GARBAGE, Fault.TRUNCATED, Fault.MISSING_USAGE, Fault.DRIP):
            bench.models.set_fault("frontier", fault)
            with contextlib.suppress(ModelFailure):
                await ask_frontier(bench).complete(PROMPT)
        await close_clients()
    printed = capfd.readouterr()
    assert CANARY not in caplog.text + printed.out + printed.err
    assert "private addresses" not in caplog.text + printed.out + printed.err
    assert printed.out == ""


def test_the_price_list_is_not_fetched_from_the_internet() -> None:
    source = importlib.import_module("litellm.litellm_core_utils.get_model_cost_map")
    assert source.get_model_cost_map_source_info()["is_env_forced"]


# ---- the table


def test_every_exception_class_of_litellm_is_mapped() -> None:
    raised = importlib.import_module("litellm.exceptions")
    own = [kind for _, kind in inspect.getmembers(raised, inspect.isclass) if kind.__module__ == raised.__name__]
    classes = {kind for kind in own if issubclass(kind, Exception)}
    assert len(classes) > 25
    assert classes == set(OUTCOMES)


def test_no_exception_means_success() -> None:
    assert Outcome.ANSWERED not in OUTCOMES.values()


def test_an_exception_that_is_not_litellms_is_unavailable() -> None:
    assert outcome_of(RuntimeError("surprise")) is Outcome.UNAVAILABLE


def test_a_subclass_has_the_outcome_of_its_nearest_ancestor() -> None:
    timeout = next(kind for kind in OUTCOMES if kind.__name__ == "Timeout")
    newer = type("NewerTimeout", (timeout,), {})
    assert outcome_of(newer("late", "model", "provider")) is Outcome.TIMEOUT
