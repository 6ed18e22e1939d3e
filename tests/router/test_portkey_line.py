"""What a gateway is sent, and what is made of its own failures; what it does itself is in test_fallback_contract."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from router.litellm_setup import close_clients
from router.portkey import Gateway
from router.portkey_line import PortkeyLine
from router.prices import Bundled, Prices
from router.targets import GatewayPolicy, Target
from router.types import Completion, ModelFailure, Origin, Outcome, Prompt, Tier
from tests.fakes.portkey_api import FakePortkey

PRICES = Prices({}, Bundled("no table", {}))
PROMPT = Prompt("Be brief.", "is cr1 up?", origin=Origin("q_1", "T1", "U0123", "scope", fresh=False))
TARGETS = (Target(model="simulated/frontier", timeout_s=3), Target(model="simulated/frontier-b", timeout_s=3))


@pytest.fixture
async def portkey() -> AsyncIterator[FakePortkey]:
    fake = FakePortkey()
    await fake.start()
    yield fake
    await close_clients()
    await fake.stop()


def line(portkey: FakePortkey, *targets: Target, **policy: object) -> PortkeyLine:
    gateway = Gateway(GatewayPolicy.model_validate(policy), portkey.base, "pk-secret", "salt")
    return PortkeyLine(Tier.FRONTIER, targets or TARGETS, gateway, PRICES, "http://127.0.0.1:1/v1")


async def ask(asked: PortkeyLine, prompt: Prompt = PROMPT, places: tuple[int, ...] = (0, 1)) -> tuple[Completion | ModelFailure, ...]:
    return tuple(reached.result for reached in await asked.ask(prompt, places, 10))


async def test_a_gateway_is_sent_config_key_trace_and_metadata_and_no_stream(portkey: FakePortkey) -> None:
    await ask(line(portkey))
    headers = portkey.headers
    assert headers["x-portkey-api-key"] == "pk-secret"
    assert headers["x-portkey-trace-id"] == "q_1"
    assert json.loads(headers["x-portkey-metadata"])["tenant"] == "T1"
    assert [target["override_params"]["model"] for target in json.loads(headers["x-portkey-config"])["targets"]] == [
        "frontier",
        "frontier-b",
    ]
    assert "stream" not in portkey.body
    assert "U0123" not in json.dumps(headers)


async def test_only_the_places_that_are_asked_for_are_in_the_config(portkey: FakePortkey) -> None:
    await ask(line(portkey), places=(1,))
    assert [target["override_params"]["model"] for target in json.loads(portkey.headers["x-portkey-config"])["targets"]] == ["frontier-b"]


async def test_portkey_keeps_no_texts_unless_the_policy_lets_it(portkey: FakePortkey) -> None:
    await ask(line(portkey))
    assert portkey.headers["x-portkey-debug"] == "false"
    await ask(line(portkey, logs="full"))
    assert "x-portkey-debug" not in portkey.headers


async def test_portkeys_cache_is_kept_apart_by_scope_and_passed_by_when_no_earlier_answer_will_do(portkey: FakePortkey) -> None:
    await ask(line(portkey, cache="simple"))
    first = portkey.headers["x-portkey-cache-namespace"]
    assert "x-portkey-cache-force-refresh" not in portkey.headers
    await ask(line(portkey, cache="simple"), Prompt("", "is cr1 up?", origin=Origin("q_2", "T1", "U0123", "another scope", fresh=True)))
    assert portkey.headers["x-portkey-cache-namespace"] != first
    assert portkey.headers["x-portkey-cache-force-refresh"] == "true"


async def test_an_answer_from_portkeys_cache_costs_nothing(portkey: FakePortkey) -> None:
    portkey.reply_headers["x-portkey-cache-status"] = "HIT"
    (said,) = await ask(line(portkey))
    assert isinstance(said, Completion)
    assert said.cost.usd == Decimal(0)


async def test_the_answering_target_is_read_from_the_headers(portkey: FakePortkey) -> None:
    portkey.reply_headers |= {"x-portkey-last-used-option-index": "config.targets[1]", "x-portkey-provider": "anthropic"}
    first, second = await ask(line(portkey))
    assert isinstance(first, ModelFailure)
    assert (first.outcome, first.detail) == (Outcome.UNAVAILABLE, "the gateway went on")
    assert isinstance(second, Completion)
    assert second.provider == "anthropic"


async def test_a_key_that_the_gateway_refuses_is_told_as_its_own(portkey: FakePortkey) -> None:
    portkey.status = 401
    portkey.reply_headers.clear()
    (failure,) = await ask(line(portkey))
    assert isinstance(failure, ModelFailure)
    assert failure.outcome is Outcome.UNAUTHORIZED
    assert failure.detail.startswith("the gateway's own answer")


async def test_a_gateway_that_is_down_is_a_failure_of_the_first_target_alone() -> None:
    asked = PortkeyLine(Tier.SMALL, TARGETS, Gateway(GatewayPolicy(), "http://127.0.0.1:9/v1", "", "salt"), PRICES)
    (failure,) = await ask(asked)
    assert isinstance(failure, ModelFailure)
    assert failure.outcome is Outcome.UNAVAILABLE
    await close_clients()


async def test_a_key_that_is_not_set_is_named_before_anything_is_sent(portkey: FakePortkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (failure,) = await ask(line(portkey, Target(model="openai/gpt-5.1")), places=(0,))
    assert isinstance(failure, ModelFailure)
    assert (failure.outcome, failure.detail) == (Outcome.UNAUTHORIZED, "OPENAI_API_KEY is not set")
    assert portkey.headers == {}
