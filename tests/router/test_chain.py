"""A chain asks a tier's targets in order and records every attempt."""

from decimal import Decimal

import pytest

from router.chain import Chain
from router.types import Cost, CostSource, ModelFailure, Outcome, Prompt, Tier, Usage
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel

PROMPT = Prompt("Be brief.", "is cr1 up?")
GOES_ON = (Outcome.RATE_LIMITED, Outcome.TIMEOUT, Outcome.UNAVAILABLE, Outcome.BAD_ANSWER, Outcome.UNAUTHORIZED)
ENDS = (Outcome.REFUSED, Outcome.TOO_LONG)


async def test_the_first_target_that_answers_is_the_last_that_is_asked(clock: FakeClock) -> None:
    first, second = FakeModel("a"), FakeModel("b")
    completion, attempts = await Chain(Tier.SMALL, [first, second], clock).ask(PROMPT)
    assert completion
    assert completion.text == "a: is cr1 up?"
    assert [attempt.outcome for attempt in attempts] == [Outcome.ANSWERED]
    assert attempts[0].usage == Usage(100, 20)
    assert second.prompts == []


@pytest.mark.parametrize("outcome", GOES_ON)
async def test_the_next_target_is_asked_when_one_fails(outcome: Outcome, clock: FakeClock) -> None:
    broken, sound = FakeModel("a", ModelFailure(outcome, "why")), FakeModel("b")
    completion, attempts = await Chain(Tier.FRONTIER, [broken, sound], clock).ask(PROMPT)
    assert completion
    assert completion.model == "b"
    assert [(attempt.target, attempt.outcome) for attempt in attempts] == [("a", outcome), ("b", Outcome.ANSWERED)]


@pytest.mark.parametrize("outcome", ENDS)
async def test_a_failure_that_any_model_would_share_ends_the_chain(outcome: Outcome, clock: FakeClock) -> None:
    second = FakeModel("b")
    completion, attempts = await Chain(Tier.FRONTIER, [FakeModel("a", ModelFailure(outcome)), second], clock).ask(PROMPT)
    assert completion is None
    assert [attempt.outcome for attempt in attempts] == [outcome]
    assert second.prompts == []


async def test_what_an_unusable_answer_cost_is_recorded(clock: FakeClock) -> None:
    billed = ModelFailure(Outcome.BAD_ANSWER, usage=Usage(10, 1), cost=Cost(Decimal("0.01"), CostSource.REPORTED))
    completion, (attempt,) = await Chain(Tier.SMALL, [FakeModel("a", billed)], clock).ask(PROMPT)
    assert completion is None
    assert attempt.cost == Cost(Decimal("0.01"), CostSource.REPORTED)
    assert attempt.usage == Usage(10, 1)


@pytest.mark.parametrize(
    ("target", "provider"), [("anthropic/claude-opus-4-5", "anthropic"), ("azure/team/gpt", "azure"), ("gpt-5.1", "openai")]
)
async def test_an_attempt_names_the_provider_of_its_target(target: str, provider: str, clock: FakeClock) -> None:
    _, (attempt,) = await Chain(Tier.SMALL, [FakeModel(target)], clock).ask(PROMPT)
    assert (attempt.provider, attempt.trace_id) == (provider, "")


async def test_a_gateway_s_word_on_who_answered_and_its_trace_go_into_the_attempt(clock: FakeClock) -> None:
    _, (attempt,) = await Chain(Tier.SMALL, [FakeModel("openai/a", behind=("vertex-ai", "trace-1"))], clock).ask(PROMPT)
    assert (attempt.provider, attempt.trace_id) == ("vertex-ai", "trace-1")
