"""A chain asks a tier's targets in order and records every attempt."""

import asyncio
import time
from decimal import Decimal

import pytest

from router.breaker import Breaker
from router.chain import DEADLINE, Chain, Limits
from router.line import Direct
from router.types import Completion, Cost, CostSource, ModelFailure, Outcome, Prompt, Tier, Unfinished, Usage
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel

PROMPT = Prompt("Be brief.", "is cr1 up?")
GOES_ON = (Outcome.RATE_LIMITED, Outcome.TIMEOUT, Outcome.UNAVAILABLE, Outcome.BAD_ANSWER, Outcome.UNAUTHORIZED)
ENDS = (Outcome.REFUSED, Outcome.TOO_LONG)


async def test_the_first_target_that_answers_is_the_last_that_is_asked(clock: FakeClock) -> None:
    first, second = FakeModel("a"), FakeModel("b")
    completion, attempts = await Chain(Tier.SMALL, Direct([first, second]), clock).ask(PROMPT)
    assert completion
    assert completion.text == "a: is cr1 up?"
    assert [attempt.outcome for attempt in attempts] == [Outcome.ANSWERED]
    assert attempts[0].usage == Usage(100, 20)
    assert second.prompts == []


@pytest.mark.parametrize("outcome", GOES_ON)
async def test_the_next_target_is_asked_when_one_fails(outcome: Outcome, clock: FakeClock) -> None:
    broken, sound = FakeModel("a", ModelFailure(outcome, "why")), FakeModel("b")
    completion, attempts = await Chain(Tier.FRONTIER, Direct([broken, sound]), clock).ask(PROMPT)
    assert completion
    assert completion.model == "b"
    assert [(attempt.target, attempt.outcome) for attempt in attempts] == [("a", outcome), ("b", Outcome.ANSWERED)]


@pytest.mark.parametrize("outcome", ENDS)
async def test_a_failure_that_any_model_would_share_ends_the_chain(outcome: Outcome, clock: FakeClock) -> None:
    second = FakeModel("b")
    completion, attempts = await Chain(Tier.FRONTIER, Direct([FakeModel("a", ModelFailure(outcome)), second]), clock).ask(PROMPT)
    assert completion is None
    assert [attempt.outcome for attempt in attempts] == [outcome]
    assert second.prompts == []


async def test_what_an_unusable_answer_cost_is_recorded(clock: FakeClock) -> None:
    billed = ModelFailure(Outcome.BAD_ANSWER, usage=Usage(10, 1), cost=Cost(Decimal("0.01"), CostSource.REPORTED))
    completion, (attempt,) = await Chain(Tier.SMALL, Direct([FakeModel("a", billed)]), clock).ask(PROMPT)
    assert completion is None
    assert attempt.cost == Cost(Decimal("0.01"), CostSource.REPORTED)
    assert attempt.usage == Usage(10, 1)


@pytest.mark.parametrize(
    ("target", "provider"), [("anthropic/claude-opus-4-5", "anthropic"), ("azure/team/gpt", "azure"), ("gpt-5.1", "openai")]
)
async def test_an_attempt_names_the_provider_of_its_target(target: str, provider: str, clock: FakeClock) -> None:
    _, (attempt,) = await Chain(Tier.SMALL, Direct([FakeModel(target)]), clock).ask(PROMPT)
    assert (attempt.provider, attempt.trace_id) == (provider, "")


async def test_a_gateway_s_word_on_who_answered_and_its_trace_go_into_the_attempt(clock: FakeClock) -> None:
    _, (attempt,) = await Chain(Tier.SMALL, Direct([FakeModel("openai/a", behind=("vertex-ai", "trace-1"))]), clock).ask(PROMPT)
    assert (attempt.provider, attempt.trace_id) == ("vertex-ai", "trace-1")


# ---- limits


async def forever() -> None:
    await asyncio.Event().wait()


async def test_no_more_calls_are_made_than_the_limits_allow(clock: FakeClock) -> None:
    models = [FakeModel(name, ModelFailure(Outcome.UNAVAILABLE)) for name in "abc"]
    completion, attempts = await Chain(Tier.SMALL, Direct(models), clock).ask(PROMPT, Limits(calls=2))
    assert completion is None
    assert [attempt.target for attempt in attempts] == ["a", "b"]


async def test_the_total_deadline_ends_a_call_that_has_no_deadline_of_its_own(clock: FakeClock) -> None:
    second, began = FakeModel("b"), time.monotonic()
    chain = Chain(Tier.SMALL, Direct([FakeModel("a", before=forever), second]), clock)
    completion, (attempt,) = await chain.ask(PROMPT, Limits(seconds=0.05))
    assert completion is None
    assert (attempt.outcome, attempt.detail) == (Outcome.TIMEOUT, DEADLINE)
    assert second.prompts == []
    assert time.monotonic() - began < 1


# ---- what the breakers do


async def ask_often(chain: Chain, times: int) -> list[list[Outcome]]:
    """Ask one question after another; return how their attempts ended."""
    return [[attempt.outcome for attempt in (await chain.ask(PROMPT))[1]] for _ in range(times)]


@pytest.mark.parametrize("outcome", GOES_ON)
async def test_a_target_that_failed_three_times_is_skipped_and_that_is_told(outcome: Outcome, clock: FakeClock) -> None:
    broken = FakeModel("a", ModelFailure(outcome))
    made = await ask_often(Chain(Tier.SMALL, Direct([broken, FakeModel("b")]), clock), 4)
    assert made == [[outcome, Outcome.ANSWERED]] * 3 + [[Outcome.SKIPPED, Outcome.ANSWERED]]
    assert len(broken.prompts) == 3


async def test_a_skipped_target_costs_no_call(clock: FakeClock) -> None:
    chain = Chain(Tier.SMALL, Direct([FakeModel("a", ModelFailure(Outcome.TIMEOUT)), FakeModel("b")]), clock)
    await ask_often(chain, 3)
    completion, (skipped, answered) = await chain.ask(PROMPT, Limits(calls=1))
    assert completion
    assert (skipped.called, answered.called) == (False, True)


@pytest.mark.parametrize("failure", [ModelFailure(Outcome.REFUSED), Unfinished(Outcome.BAD_ANSWER, "finish_reason length")])
async def test_a_target_that_works_but_cannot_answer_this_question_is_not_skipped(failure: ModelFailure, clock: FakeClock) -> None:
    model = FakeModel("a", failure)
    await ask_often(Chain(Tier.SMALL, Direct([model]), clock), 5)
    assert len(model.prompts) == 5


async def test_both_tiers_skip_a_model_that_one_of_them_saw_fail(clock: FakeClock) -> None:
    model, breaker = FakeModel("a", ModelFailure(Outcome.UNAVAILABLE)), Breaker()
    await ask_often(Chain(Tier.SMALL, Direct([model]), clock, [breaker]), 3)
    assert await ask_often(Chain(Tier.FRONTIER, Direct([model]), clock, [breaker]), 1) == [[Outcome.SKIPPED]]


async def test_a_question_that_is_given_up_does_not_keep_the_trial_call_from_others(clock: FakeClock) -> None:
    model, breaker = FakeModel("a", ModelFailure(Outcome.UNAVAILABLE)), Breaker(pause_s=0.01, chance=lambda: 0.0)
    chain = Chain(Tier.SMALL, Direct([model]), clock, [breaker])
    await ask_often(chain, 3)
    await asyncio.sleep(0.02)
    model.before, model.failure = forever, None
    trial = asyncio.create_task(chain.ask(PROMPT))
    await asyncio.sleep(0)
    assert await ask_often(chain, 1) == [[Outcome.SKIPPED]]
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    model.before = None
    assert await ask_often(chain, 1) == [[Outcome.ANSWERED]]


# ---- rate limits


class Recovers(FakeModel):
    """A model that is rate limited once, and names a time."""

    async def complete(self, prompt: Prompt) -> Completion:
        try:
            return await super().complete(prompt)
        finally:
            self.failure = None


def limited(retry_after_s: float | None) -> Recovers:
    return Recovers("a", ModelFailure(Outcome.RATE_LIMITED, retry_after_s=retry_after_s))


async def test_the_only_target_is_asked_again_when_its_rate_limit_ends_in_a_moment(clock: FakeClock) -> None:
    completion, attempts = await Chain(Tier.SMALL, Direct([limited(0.05)]), clock).ask(PROMPT, Limits(wait_s=1))
    assert completion
    assert [attempt.outcome for attempt in attempts] == [Outcome.RATE_LIMITED, Outcome.ANSWERED]


@pytest.mark.parametrize(
    ("retry_after_s", "limits"),
    [(30.0, Limits(wait_s=1)), (None, Limits(wait_s=1)), (0.05, Limits(wait_s=0)), (0.05, Limits(calls=1, wait_s=1))],
)
async def test_nobody_waits_for_a_rate_limit_of_unknown_or_long_duration_or_beyond_the_limits(
    retry_after_s: float | None, limits: Limits, clock: FakeClock
) -> None:
    completion, attempts = await Chain(Tier.SMALL, Direct([limited(retry_after_s)]), clock).ask(PROMPT, limits)
    assert completion is None
    assert [attempt.outcome for attempt in attempts] == [Outcome.RATE_LIMITED]


async def test_another_target_is_asked_at_once_instead_of_waiting(clock: FakeClock) -> None:
    _, attempts = await Chain(Tier.SMALL, Direct([limited(0.05), FakeModel("b")]), clock).ask(PROMPT, Limits(wait_s=1))
    assert [attempt.target for attempt in attempts] == ["a", "b"]


async def test_a_rate_limited_target_is_left_alone_for_the_time_that_it_names(clock: FakeClock) -> None:
    model = limited(30.0)
    made = await ask_often(Chain(Tier.SMALL, Direct([model, FakeModel("b")]), clock), 2)
    assert made == [[Outcome.RATE_LIMITED, Outcome.ANSWERED], [Outcome.SKIPPED, Outcome.ANSWERED]]
