"""A replay's models answer, count and take their time exactly as the simulated server's do, and nobody else is asked."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from bot.replay.stand_ins import StandIn
from router.policy import Price
from router.prices import Bundled, Prices
from router.simulated.knowledge import load_knowledge
from router.simulated.models import simulated_model
from router.simulated.server import SimulatedModels
from router.targets import Target
from router.types import CostSource, ModelFailure, Outcome, Prompt, Tier, Turn
from tests.fakes.simulated import running_bench

KNOWLEDGE = load_knowledge()
QUESTION = "what is the default administrative distance of ospf?"
PROMPT = Prompt("Answer briefly.", QUESTION, (Turn("what is ospf?", assistant=False), Turn("A protocol.", assistant=True)))
OWN = {"openai/gpt-x": Price(input=Decimal(1000), output=Decimal(0))}


def nothing(_: float) -> None:
    return None


def stand_in(model: str, *, limit: int = 1200, wait: Callable[[float], None] = nothing) -> StandIn:
    target = Target(model=model, max_output_tokens=limit)
    return StandIn(Tier.FRONTIER, target, Prices(OWN, Bundled("none", {})), KNOWLEDGE, wait)


@pytest.mark.parametrize("name", ["small", "frontier", "frontier-b"])
async def test_it_answers_and_counts_as_the_server_does(name: str) -> None:
    said = await stand_in(f"simulated/{name}").complete(PROMPT)
    messages = [
        {"role": "system", "content": PROMPT.instructions},
        {"role": "user", "content": "what is ospf?"},
        {"role": "assistant", "content": "A protocol."},
        {"role": "user", "content": QUESTION},
    ]
    async with running_bench() as bench:
        status, body = await bench.post({"model": name, "messages": messages, "max_tokens": 1200})
    served = json.loads(body)
    assert status == 200
    assert said.text == served["choices"][0]["message"]["content"]
    assert (said.usage.prompt, said.usage.completion) == (served["usage"]["prompt_tokens"], served["usage"]["completion_tokens"])
    assert (said.model, said.cost.source) == (f"simulated/{name}", CostSource.REPORTED)


@pytest.mark.parametrize("name", ["small", "frontier"])
@pytest.mark.parametrize("question", [QUESTION, "why does edge-3 flap?", ""])
async def test_it_takes_as_long_as_the_server_would(name: str, question: str) -> None:
    waited: list[float] = []
    await stand_in(f"simulated/{name}", wait=waited.append).complete(Prompt("", question))
    assert waited == [SimulatedModels()._latency_s(simulated_model(name), question)]


async def test_a_paid_model_is_simulated_at_its_own_price_and_the_cost_is_an_estimate() -> None:
    paid = stand_in("openai/gpt-x")
    said = await paid.complete(PROMPT)
    assert (paid.name, said.model) == ("simulated/frontier", "simulated/frontier")
    assert said.cost.source is CostSource.ESTIMATED
    assert said.cost.usd == said.usage.prompt * Decimal("0.001")


async def test_what_an_answer_costs_is_known_without_asking() -> None:
    waited: list[float] = []
    model = stand_in("simulated/frontier", wait=waited.append)
    price = model.price(PROMPT)
    assert waited == []
    assert price == (await model.complete(PROMPT)).cost


async def test_an_answer_that_is_too_long_for_its_target_is_cut_off_and_billed() -> None:
    with pytest.raises(ModelFailure) as caught:
        await stand_in("simulated/frontier", limit=16).complete(PROMPT)
    assert (caught.value.outcome, caught.value.detail) == (Outcome.BAD_ANSWER, "finish_reason length")
    assert caught.value.usage is not None
    assert caught.value.usage.completion == 16
    assert caught.value.cost.usd
