"""What a call costs at worst is never less than what it costs; what another model would have cost is an estimate."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.estimates import Estimates, most_tokens
from router.litellm_setup import litellm
from router.policy import parse_policy
from router.prices import Prices, usd_of
from router.types import Answer, Attempt, Cost, CostSource, Decision, Outcome, PolicyError, Prompt, Tier, Turn, Usage, Volatility
from tests.fakes.policies import make_policy

AT = datetime(2026, 11, 25, tzinfo=UTC)
PRICES = Prices({})
ESTIMATES = Estimates(make_policy(), PRICES)
PROMPT = Prompt("Be brief.", "is cr1 up?")
SMALL = Attempt(
    Tier.SMALL, "simulated/small", Outcome.ANSWERED, 9, AT, "small", Usage(1000, 100), Cost(Decimal("0.00045"), CostSource.REPORTED)
)
FRONTIER = replace(SMALL, tier=Tier.FRONTIER, target="simulated/frontier", cost=Cost(Decimal("0.0325"), CostSource.REPORTED))
TIMEOUT = replace(FRONTIER, outcome=Outcome.TIMEOUT, usage=None, cost=Cost(None, CostSource.UNKNOWN))
ANSWER = Answer("Yes.", Tier.SMALL, "small", Decision(Tier.SMALL, Volatility.LIVE, ()), (SMALL,), 9)


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=3))
def test_no_tokenizer_counts_more_tokens_than_are_reckoned_with(text: str, earlier: list[str]) -> None:
    prompt = Prompt("Be brief.", text, tuple(Turn(said, assistant=False) for said in earlier))
    messages = [{"role": "user", "content": said} for said in ("Be brief.", text, *earlier)]
    assert litellm.token_counter(model="gpt-4o", messages=messages) <= most_tokens(prompt)


def test_the_worst_case_of_a_tier_is_every_target_saying_as_much_as_it_may() -> None:
    two = """
    [tiers.small]
    targets = [{ model = "simulated/small", max_output_tokens = 100 }]
    [tiers.frontier]
    targets = [{ model = "simulated/frontier", max_output_tokens = 1000 }, { model = "simulated/small", max_output_tokens = 500 }]
    """
    worst = Estimates(parse_policy(two, "test"), PRICES).worst(Tier.FRONTIER, PROMPT)
    tokens = most_tokens(PROMPT)
    assert worst == (tokens * Decimal("1.25") + 1000 * 10 + tokens * Decimal("0.25") + 500 * 2) / 10**6


def test_a_model_that_nobody_prices_is_refused() -> None:
    policy = parse_policy('[tiers.small]\ntargets = [{ model = "acme/x" }]\n[tiers.frontier]\ntargets = [{ model = "acme/x" }]\n', "test")
    with pytest.raises(PolicyError, match=r'no price is known for acme/x: add \[prices."acme/x"\]'):
        Estimates(policy, PRICES)


def test_a_call_that_may_have_been_billed_unseen_is_bounded() -> None:
    bounded = ESTIMATES.bounded(TIMEOUT, PROMPT)
    assert bounded.at_most == ESTIMATES.worst(Tier.FRONTIER, PROMPT)
    assert bounded.cost.usd is None


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.UNAVAILABLE, Outcome.UNAUTHORIZED, Outcome.REFUSED])
def test_a_call_that_was_turned_away_costs_nothing_at_most(outcome: Outcome) -> None:
    assert ESTIMATES.bounded(replace(TIMEOUT, outcome=outcome), PROMPT).at_most is None


def test_a_known_cost_needs_no_bound() -> None:
    assert ESTIMATES.bounded(FRONTIER, PROMPT).at_most is None


def test_a_small_answer_is_valued_at_the_frontier_model_s_price_of_its_tokens() -> None:
    valued = ESTIMATES.valued(ANSWER, Tier.SMALL, SMALL.usage)
    assert valued.frontier_usd == (1000 * Decimal("1.25") + 100 * 10) / 10**6
    assert valued.saved is None


def test_a_frontier_answer_is_valued_at_what_it_cost_with_what_failed_before_it() -> None:
    bad = replace(FRONTIER, outcome=Outcome.BAD_ANSWER, cost=Cost(Decimal("0.01"), CostSource.REPORTED))
    answer = replace(ANSWER, tier=Tier.FRONTIER, attempts=(SMALL, bad, FRONTIER))
    assert ESTIMATES.valued(answer, Tier.FRONTIER, FRONTIER.usage).frontier_usd == Decimal("0.0425")


def test_what_a_timed_out_frontier_call_cost_nobody_can_tell() -> None:
    answer = replace(ANSWER, tier=Tier.FRONTIER, attempts=(TIMEOUT, FRONTIER))
    assert ESTIMATES.valued(answer, Tier.FRONTIER, FRONTIER.usage).frontier_usd is None


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.FRONTIER])
def test_a_cached_answer_saves_what_the_tier_would_have_cost_that_it_stood_in_for(tier: Tier) -> None:
    usage = Usage(1000, 100, cached=800)
    quote = PRICES.of(f"simulated/{tier.value}")
    assert quote
    valued = ESTIMATES.valued(replace(ANSWER, tier=Tier.CACHE, attempts=()), tier, usage)
    assert valued.saved
    assert (valued.saved.usd, valued.saved.source) == (usd_of(quote, usage), CostSource.ESTIMATED)


def test_nothing_is_made_up_about_a_cached_answer_of_unknown_usage() -> None:
    valued = ESTIMATES.valued(replace(ANSWER, tier=Tier.CACHE, attempts=()), Tier.SMALL, None)
    assert (valued.saved, valued.frontier_usd) == (None, None)
