"""Falling back is the same whether the chain calls the providers or a Portkey gateway does: the real one, from npm, on loopback."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import pytest

from router.breaker import Breakers
from router.cascade import Router
from router.chain import Chain
from router.line import Direct, Line
from router.litellm_call import warm_up
from router.litellm_model import LiteLLMModel
from router.litellm_setup import close_clients
from router.policy import Policy, parse_policy
from router.portkey import Gateway
from router.portkey_line import PortkeyLine
from router.prices import Bundled, Prices
from router.simulated.faults import Fault
from router.simulated.server import SimulatedModels
from router.targets import GatewayPolicy
from router.types import Answer, Attempt, CostSource, NoAnswer, Outcome, Query, Scope, Tier, Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.portkey_gateway import running_gateway

PRICES = Prices({}, Bundled("no table", {}))
PATIENCE_S = 0.8
SLACK_S = 1.0
"""Of a busy machine; the product promises half a second."""
A, B, SMALL = "simulated/frontier-a", "simulated/frontier-b", "simulated/small"
POLICY = f"""
[tiers.small]
targets = [{{ model = "{SMALL}", timeout_s = {PATIENCE_S} }}]
[tiers.frontier]
targets = [
  {{ model = "{A}", timeout_s = {PATIENCE_S}, first_byte_s = {PATIENCE_S} }},
  {{ model = "{B}", timeout_s = {PATIENCE_S}, first_byte_s = {PATIENCE_S} }},
]
[chain]
total_s = 8
"""
HARD = Query("why does the OSPF adjacency flap after a link-state database overflow?", Scope("T1", Visibility.PUBLIC), id="q_1", user="U1")

BUSY_OR_BROKEN = (Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.HTML_503, Fault.RESET, Fault.CUT, Fault.GARBAGE)
UNUSABLE = (Fault.TRUNCATED, Fault.CONTENT_FILTER, Fault.EMPTY, Fault.NULL_CONTENT, Fault.NO_CHOICES)


@dataclass(frozen=True)
class Rig:
    """A router over simulated models, and what is asked of it."""

    models: SimulatedModels
    router: Router

    def break_models(self, fault: Fault, *names: str) -> None:
        for name in names:
            self.models.set_fault(name, fault)

    async def ask(self, query: Query = HARD) -> Answer:
        return await self.router.route(query)

    async def attempts_of_failure(self) -> tuple[Attempt, ...]:
        with pytest.raises(NoAnswer) as failed:
            await self.ask()
        return failed.value.attempts


@pytest.fixture(params=["direct", "gateway"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    models = SimulatedModels(latency_scale=0, drip_s=0.1)
    base = await models.start()
    await warm_up()
    policy = parse_policy(POLICY, "contract")
    if request.param == "direct":
        yield Rig(models, make_router(policy, lambda tier: direct(policy, tier, base)))
    else:
        async with running_gateway() as url:
            gateway = Gateway(GatewayPolicy(), url, "", "salt")
            yield Rig(models, make_router(policy, lambda tier: PortkeyLine(tier, policy.tiers.of(tier).targets, gateway, PRICES, base)))
    await close_clients()
    await models.stop()


def direct(policy: Policy, tier: Tier, base: str) -> Line:
    return Direct([LiteLLMModel(target, PRICES, api_base=base) for target in policy.tiers.of(tier).targets])


def make_router(policy: Policy, line: Callable[[Tier], Line]) -> Router:
    clock, breakers = FakeClock(), Breakers()

    def chain(tier: Tier) -> Chain:
        return Chain(tier, line(tier), clock, [breakers.of(target.place) for target in policy.tiers.of(tier).targets])

    return Router(policy, {tier: chain(tier) for tier in (Tier.SMALL, Tier.FRONTIER)})


def targets_of(attempts: tuple[Attempt, ...]) -> list[str]:
    return [attempt.target for attempt in attempts]


async def test_the_first_target_answers(rig: Rig) -> None:
    answer = await rig.ask()
    (attempt,) = answer.attempts
    assert (answer.tier, answer.model, answer.best_effort) == (Tier.FRONTIER, "frontier-a", False)
    assert (attempt.target, attempt.outcome, attempt.cost.source) == (A, Outcome.ANSWERED, CostSource.REPORTED)
    assert rig.models.asked("frontier-b") == 0


@pytest.mark.parametrize("fault", BUSY_OR_BROKEN)
async def test_the_second_target_answers_when_the_first_is_busy_or_broken(rig: Rig, fault: Fault) -> None:
    rig.break_models(fault, "frontier-a")
    answer = await rig.ask()
    assert (answer.model, answer.best_effort) == ("frontier-b", False)
    assert targets_of(answer.attempts) == [A, B]
    assert answer.attempts[0].outcome is not Outcome.ANSWERED


@pytest.mark.parametrize("fault", UNUSABLE)
async def test_an_unusable_answer_is_no_answer(rig: Rig, fault: Fault) -> None:
    rig.break_models(fault, "frontier-a")
    answer = await rig.ask()
    assert answer.model == "frontier-b"
    assert answer.text.endswith("*Simulated frontier-b model: a canned answer, not your network.*")
    assert [attempt.outcome for attempt in answer.attempts] == [Outcome.BAD_ANSWER, Outcome.ANSWERED]


@pytest.mark.parametrize("fault", [*UNUSABLE, Fault.GARBAGE])
async def test_unusable_answers_of_every_target_are_never_served(rig: Rig, fault: Fault) -> None:
    rig.break_models(fault, "frontier-a", "frontier-b", "small")
    attempts = await rig.attempts_of_failure()
    assert Outcome.ANSWERED not in {attempt.outcome for attempt in attempts}


async def test_a_hanging_target_is_left_after_its_patience_and_not_later(rig: Rig) -> None:
    await rig.ask()
    rig.break_models(Fault.HANG, "frontier-a")
    began = time.monotonic()
    answer = await rig.ask()
    assert answer.model == "frontier-b"
    assert PATIENCE_S <= time.monotonic() - began < PATIENCE_S + SLACK_S


async def test_a_dripping_target_does_not_keep_the_second_from_answering(rig: Rig) -> None:
    rig.break_models(Fault.DRIP, "frontier-a")
    began = time.monotonic()
    answer = await rig.ask()
    assert answer.model == "frontier-b"
    # Through a gateway a dripping target cannot be told from a hanging one, after which the gateway asks the next.
    assert time.monotonic() - began < 2 * PATIENCE_S + 0.5 + SLACK_S


async def test_the_small_model_answers_as_best_effort_when_the_tier_is_down(rig: Rig) -> None:
    rig.break_models(Fault.SERVER_ERROR, "frontier-a", "frontier-b")
    answer = await rig.ask()
    assert (answer.tier, answer.model, answer.best_effort, answer.entry) == (Tier.SMALL, "small", True, None)
    assert targets_of(answer.attempts) == [A, B, SMALL]


async def test_a_clear_failure_with_every_attempt_when_all_are_down(rig: Rig) -> None:
    rig.break_models(Fault.SERVER_ERROR, "frontier-a", "frontier-b", "small")
    attempts = await rig.attempts_of_failure()
    assert targets_of(attempts) == [A, B, SMALL]
    assert {attempt.outcome for attempt in attempts} == {Outcome.UNAVAILABLE}
    assert [rig.models.asked(name) for name in ("frontier-a", "frontier-b", "small")] == [1, 1, 1]


async def test_all_hanging_ends_within_the_total_deadline(rig: Rig) -> None:
    rig.break_models(Fault.HANG, "frontier-a", "frontier-b", "small")
    began = time.monotonic()
    await rig.attempts_of_failure()
    assert time.monotonic() - began < 8 + SLACK_S


async def test_a_wrong_key_is_told_as_such_and_the_second_target_answers(rig: Rig) -> None:
    rig.break_models(Fault.UNAUTHORIZED, "frontier-a")
    answer = await rig.ask()
    assert answer.model == "frontier-b"
    assert [attempt.outcome for attempt in answer.attempts] == [Outcome.UNAUTHORIZED, Outcome.ANSWERED]


@pytest.mark.parametrize(("fault", "outcome"), [(Fault.TOO_LONG, Outcome.TOO_LONG), (Fault.CONTENT_POLICY, Outcome.REFUSED)])
async def test_a_question_that_every_model_would_turn_down_is_asked_once(rig: Rig, fault: Fault, outcome: Outcome) -> None:
    rig.break_models(fault, "frontier-a")
    (attempt,) = await rig.attempts_of_failure()
    assert (attempt.target, attempt.outcome) == (A, outcome)
    assert [rig.models.asked(name) for name in ("frontier-b", "small")] == [0, 0]


async def test_a_target_that_keeps_failing_is_skipped_and_costs_no_time(rig: Rig) -> None:
    rig.break_models(Fault.HANG, "frontier-a")
    for _ in range(3):
        await rig.ask()
    began = time.monotonic()
    answer = await rig.ask()
    assert time.monotonic() - began < PATIENCE_S
    assert [attempt.outcome for attempt in answer.attempts] == [Outcome.SKIPPED, Outcome.ANSWERED]
    assert rig.models.asked("frontier-a") == 3


async def test_a_rate_limit_of_all_targets_names_its_time(rig: Rig) -> None:
    rig.models.set_retry_after("frontier-b", "40")
    rig.break_models(Fault.RATE_LIMITED, "frontier-a", "frontier-b")
    await rig.ask()
    assert [attempt.outcome for attempt in (await rig.ask()).attempts if attempt.target == B] == [Outcome.SKIPPED]


async def test_a_routine_question_gets_the_frontier_model_in_full_when_the_small_one_is_down(rig: Rig) -> None:
    rig.break_models(Fault.SERVER_ERROR, "small")
    answer = await rig.ask(replace(HARD, text="what is the default port of bgp?"))
    assert (answer.tier, answer.best_effort) == (Tier.FRONTIER, False)
