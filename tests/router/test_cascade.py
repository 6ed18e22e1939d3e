"""The cascade sends a query to the tier that it needs, and says so when another had to do."""

import asyncio
import time
from dataclasses import replace

import pytest

from router.cascade import Router
from router.chain import Chain
from router.line import Direct
from router.types import Mode, ModelFailure, NoAnswer, Outcome, Query, Scope, Tier, Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel
from tests.fakes.policies import make_policy

EASY = Query("what is the default port of bgp?", Scope("T1", Visibility.PUBLIC))
HARD = replace(EASY, text="why does the OSPF adjacency flap after a link-state database overflow?")
DOWN = ModelFailure(Outcome.UNAVAILABLE)


def make_router(small: FakeModel, frontier: FakeModel) -> Router:
    clock = FakeClock()
    chains = {Tier.SMALL: Chain(Tier.SMALL, Direct([small]), clock), Tier.FRONTIER: Chain(Tier.FRONTIER, Direct([frontier]), clock)}
    return Router(make_policy(), chains)


@pytest.fixture
def router() -> Router:
    return make_router(FakeModel("small"), FakeModel("frontier"))


async def test_a_routine_query_goes_to_the_small_model(router: Router) -> None:
    answer = await router.route(EASY)
    assert (answer.tier, answer.model, answer.best_effort) == (Tier.SMALL, "small", False)
    assert answer.decision.reasons


async def test_a_hard_query_goes_to_the_frontier_model(router: Router) -> None:
    assert (await router.route(HARD)).tier is Tier.FRONTIER


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.SHADOW])
async def test_every_query_goes_to_the_frontier_model_when_routing_is_not_on(mode: Mode, router: Router) -> None:
    answer = await router.route(replace(EASY, mode=mode))
    assert answer.tier is Tier.FRONTIER
    assert answer.decision.tier is Tier.SMALL


async def test_a_forced_tier_goes_before_the_decision(router: Router) -> None:
    assert (await router.route(replace(EASY, forced=Tier.FRONTIER))).tier is Tier.FRONTIER
    assert (await router.route(replace(HARD, forced=Tier.SMALL))).tier is Tier.SMALL


async def test_the_ceiling_goes_before_everything(router: Router) -> None:
    answer = await router.route(replace(HARD, forced=Tier.FRONTIER, ceiling=Tier.SMALL))
    assert (answer.tier, answer.best_effort) == (Tier.SMALL, False)


async def test_the_small_model_stands_in_for_a_broken_frontier_model_as_best_effort() -> None:
    answer = await make_router(FakeModel("small"), FakeModel("frontier", DOWN)).route(HARD)
    assert (answer.tier, answer.best_effort) == (Tier.SMALL, True)
    assert [attempt.outcome for attempt in answer.attempts] == [Outcome.UNAVAILABLE, Outcome.ANSWERED]


async def test_the_frontier_model_stands_in_for_a_broken_small_model_in_full() -> None:
    answer = await make_router(FakeModel("small", DOWN), FakeModel("frontier")).route(EASY)
    assert (answer.tier, answer.best_effort) == (Tier.FRONTIER, False)


async def test_a_strict_query_is_answered_by_its_tier_or_not_at_all() -> None:
    router = make_router(FakeModel("small"), FakeModel("frontier", DOWN))
    with pytest.raises(NoAnswer):
        await router.route(replace(HARD, forced=Tier.FRONTIER, strict=True))


async def test_a_ceiling_holds_when_the_small_model_is_broken() -> None:
    frontier = FakeModel("frontier")
    with pytest.raises(NoAnswer):
        await make_router(FakeModel("small", DOWN), frontier).route(replace(EASY, ceiling=Tier.SMALL))
    assert frontier.prompts == []


async def test_every_attempt_is_told_when_nothing_answers() -> None:
    with pytest.raises(NoAnswer) as failed:
        await make_router(FakeModel("small", DOWN), FakeModel("frontier", DOWN)).route(HARD)
    assert [attempt.tier for attempt in failed.value.attempts] == [Tier.FRONTIER, Tier.SMALL]


async def test_a_refused_query_is_not_put_to_another_tier() -> None:
    small = FakeModel("small")
    with pytest.raises(NoAnswer):
        await make_router(small, FakeModel("frontier", ModelFailure(Outcome.REFUSED))).route(HARD)
    assert small.prompts == []


# ---- limits over both tiers


def make_tiers(smalls: list[FakeModel], frontiers: list[FakeModel], extra: str = "") -> Router:
    clock = FakeClock()
    chains = {tier: Chain(tier, Direct(models), clock) for tier, models in ((Tier.SMALL, smalls), (Tier.FRONTIER, frontiers))}
    return Router(make_policy(extra), chains)


def broken(*names: str) -> list[FakeModel]:
    return [FakeModel(name, DOWN) for name in names]


async def test_the_last_of_a_questions_calls_is_kept_for_the_other_tier() -> None:
    answer = await make_tiers([FakeModel("small")], broken("a", "b", "c")).route(HARD)
    assert [attempt.target for attempt in answer.attempts] == ["a", "b", "small"]
    assert answer.best_effort


async def test_a_question_makes_no_more_calls_than_the_policy_allows() -> None:
    with pytest.raises(NoAnswer) as failed:
        await make_tiers(broken("s1", "s2"), broken("a", "b"), "[chain]\nmax_calls = 3\n").route(HARD)
    assert [attempt.target for attempt in failed.value.attempts] == ["a", "b", "s1"]


async def test_a_question_with_a_single_call_asks_the_tier_that_it_needs() -> None:
    with pytest.raises(NoAnswer) as failed:
        await make_tiers([FakeModel("small")], broken("a"), "[chain]\nmax_calls = 1\n").route(HARD)
    assert [attempt.target for attempt in failed.value.attempts] == ["a"]


async def test_a_hanging_tier_leaves_time_for_the_other_one() -> None:
    hanging = FakeModel("a", before=asyncio.Event().wait)
    began = time.monotonic()
    answer = await make_tiers([FakeModel("small")], [hanging], "[chain]\ntotal_s = 0.4\n").route(HARD)
    assert (answer.tier, answer.best_effort) == (Tier.SMALL, True)
    assert time.monotonic() - began < 1.4


async def test_when_both_tiers_hang_the_question_ends_at_its_deadline() -> None:
    hanging = FakeModel("a", before=asyncio.Event().wait)
    began = time.monotonic()
    with pytest.raises(NoAnswer) as failed:
        await make_tiers([hanging], [hanging], "[chain]\ntotal_s = 0.4\n").route(HARD)
    assert [attempt.outcome for attempt in failed.value.attempts] == [Outcome.TIMEOUT, Outcome.TIMEOUT]
    assert 0.4 <= time.monotonic() - began < 1.4


async def test_a_tier_that_is_skipped_whole_is_told_and_the_other_one_answers() -> None:
    router = make_tiers([FakeModel("small")], broken("a"))
    for _ in range(3):
        await router.route(HARD)
    answer = await router.route(HARD)
    assert [(attempt.target, attempt.outcome) for attempt in answer.attempts] == [("a", Outcome.SKIPPED), ("small", Outcome.ANSWERED)]
    assert answer.best_effort
