"""A judge says whether two questions are the same, only where the rules cannot tell and the frontier model would be asked."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from router.cascade import Router
from router.chain import Chain
from router.judge import Judge
from router.line import Direct
from router.shelf import Found, Grey, Stored
from router.types import Entry, Match, ModelFailure, NoAnswer, Outcome, Purpose, Query, Scope, Tier, Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel
from tests.fakes.policies import make_policy

AT = datetime(2026, 11, 23, tzinfo=UTC)
STORED = Stored("q_1", "why do ospf neighbors flap when the lsdb overflows?", "Because.", "big", AT, blocked=False, tier=Tier.FRONTIER)
MATCH = Match("q_1", STORED.question, AT, 0.8, "the wording differs")
HARD = Query("why does the OSPF adjacency flap after a link-state database overflow?", Scope("T1", Visibility.PUBLIC), id="q_2")
EASY = Query("what is the default port of bgp?", HARD.scope, id="q_3")
ENTRY = Entry("q_2", HARD.scope.key, "c", (), (), "m", 60)


@dataclass
class GreyCache:
    """A cache whose every look-up ends in the grey zone."""

    async def look_up(self, query: Query, ttl_s: int, *, patience_s: float) -> Found:
        return Found(None, None, ENTRY, Grey(STORED, MATCH))


def make_router(judge: str, small: FakeModel) -> tuple[Router, FakeModel]:
    clock, frontier = FakeClock(), FakeModel("frontier")
    chains = {Tier.SMALL: Chain(Tier.SMALL, Direct([small]), clock), Tier.FRONTIER: Chain(Tier.FRONTIER, Direct([frontier]), clock)}
    return Router(make_policy(f'[cache]\njudge = "{judge}"\n'), chains, GreyCache()), frontier


def small(says: str) -> FakeModel:
    return FakeModel("small", says=says)


@pytest.mark.parametrize(
    ("says", "verdict"), [("yes", True), ("Yes.", True), ("**No**, they differ", False), ("Perhaps", None), ("yesterday", None)]
)
async def test_a_verdict_is_the_first_word(says: str, verdict: bool | None) -> None:  # noqa: FBT001 (a parameter of the table)
    same, attempts = await Judge(Chain(Tier.SMALL, Direct([small(says)]), FakeClock())).same("a", "b")
    assert same is verdict
    assert [attempt.purpose for attempt in attempts] == [Purpose.JUDGE]


async def test_a_judge_that_fails_or_is_slow_gives_no_verdict_and_leaves_its_attempt() -> None:
    async def hang() -> None:
        await asyncio.sleep(30)

    broken = FakeModel("small", ModelFailure(Outcome.UNAVAILABLE))
    slow = FakeModel("small", before=hang)
    assert (await Judge(Chain(Tier.SMALL, Direct([broken]), FakeClock())).same("a", "b"))[0] is None
    verdict, attempts = await Judge(Chain(Tier.SMALL, Direct([slow]), FakeClock()), deadline_s=0.05).same("a", "b")
    assert verdict is None
    assert [(attempt.purpose, attempt.outcome) for attempt in attempts] == [(Purpose.JUDGE, Outcome.TIMEOUT)]


async def test_a_judged_match_is_served_and_its_cost_is_in_the_attempts() -> None:
    router, frontier = make_router("frontier", small("yes"))
    answer = await router.route(HARD)
    assert (answer.tier, answer.text) == (Tier.CACHE, "Because.")
    assert answer.judgement
    assert (answer.judgement.question_id, answer.judgement.same) == ("q_1", True)
    assert [attempt.purpose for attempt in answer.attempts] == [Purpose.JUDGE]
    assert frontier.prompts == []


@pytest.mark.parametrize(("setting", "says"), [("frontier", "no"), ("frontier", "hm"), ("shadow", "yes")])
async def test_without_a_yes_that_counts_the_model_answers_and_is_remembered(setting: str, says: str) -> None:
    router, frontier = make_router(setting, small(says))
    answer = await router.route(HARD)
    assert answer.tier is Tier.FRONTIER
    assert answer.entry == ENTRY
    assert [attempt.purpose for attempt in answer.attempts] == [Purpose.JUDGE, Purpose.ANSWER]
    assert len(frontier.prompts) == 1


async def test_what_a_judge_cost_is_known_even_when_no_model_answers() -> None:
    router, frontier = make_router("shadow", small("yes"))
    frontier.failure = ModelFailure(Outcome.REFUSED)
    with pytest.raises(NoAnswer) as failed:
        await router.route(HARD)
    assert [attempt.purpose for attempt in failed.value.attempts] == [Purpose.JUDGE, Purpose.ANSWER]


async def test_no_judge_is_asked_for_a_routine_question_or_when_it_is_off() -> None:
    router, _ = make_router("frontier", small("yes"))
    assert [attempt.purpose for attempt in (await router.route(EASY)).attempts] == [Purpose.ANSWER]
    router, _ = make_router("off", small("yes"))
    assert [attempt.purpose for attempt in (await router.route(HARD)).attempts] == [Purpose.ANSWER]
