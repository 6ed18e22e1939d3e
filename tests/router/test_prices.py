"""What a call costs, and how sure that figure is."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.policy import Price
from router.prices import MAX_TOKENS, Bundled, Prices, litellm_table, plausible
from router.simulated.models import PRICES
from router.types import Cost, CostSource, Quote, Usage
from tests.fakes.policies import make_policy

CHEAP = Price(input=Decimal("0.25"), output=Decimal(2), cached_input=Decimal("0.025"))
DEAR = Price(input=Decimal("1.25"), output=Decimal(10))
INSTALLED = date(2026, 11, 2)
TABLE = Bundled("table 1.0", {"gpt-9": CHEAP, "hosted/llama": DEAR}, INSTALLED)
UNKNOWN = Cost(None, CostSource.UNKNOWN)


def test_a_price_of_the_policy_goes_before_the_table_and_names_its_source() -> None:
    prices = Prices({"openai/gpt-9": DEAR}, TABLE)
    quote = prices.of("openai/gpt-9")
    assert quote is not None
    assert quote == Quote(Decimal("1.25"), Decimal(10), Decimal("1.25"), "policy")


@pytest.mark.parametrize("model", ["openai/gpt-9", "gpt-9"])
def test_a_model_is_found_by_its_full_and_by_its_bare_name(model: str) -> None:
    quote = Prices({}, TABLE).of(model)
    assert quote is not None
    assert quote == Quote(Decimal("0.25"), Decimal(2), Decimal("0.025"), "table 1.0", INSTALLED)


def test_a_model_that_nobody_prices_has_no_price() -> None:
    assert Prices({}, TABLE).of("openai/gpt-10") is None


def test_simulated_models_have_a_price_without_the_policy_stating_one() -> None:
    quote = Prices({}, TABLE).of("simulated/frontier-b")
    assert quote is not None
    assert (quote.input, quote.source) == (PRICES["simulated/frontier"].input, "simulated")


def test_a_misspelt_simulated_model_has_no_price() -> None:
    assert Prices({}, TABLE).of("simulated/medium") is None


def test_the_models_of_a_policy_without_a_price_are_named_once_each() -> None:
    policy = make_policy().model_copy()
    assert Prices({}, TABLE).missing(policy) == []
    tiers = policy.tiers.model_copy(update={"small": _tier("acme/tiny", "acme/tiny", "openai/gpt-9")})
    assert Prices({}, TABLE).missing(policy.model_copy(update={"tiers": tiers})) == ["acme/tiny"]


def test_a_price_of_the_policy_fills_a_gap() -> None:
    policy = make_policy()
    tiers = policy.tiers.model_copy(update={"small": _tier("acme/tiny")})
    assert Prices({"acme/tiny": CHEAP}, TABLE).missing(policy.model_copy(update={"tiers": tiers})) == []


def test_cost_is_tokens_at_the_answering_models_price_in_exact_decimals() -> None:
    cost = Prices({}, TABLE).cost("gpt-9", "openai/gpt-9", Usage(1001, 333), reported=True)
    assert (cost.usd, cost.source) == (Decimal("0.00091625"), CostSource.REPORTED)


def test_a_cost_carries_the_price_that_it_was_computed_at_with_its_source_and_day() -> None:
    own = Price(input=Decimal(1), output=Decimal(2), as_of=date(2026, 10, 1))
    cost = Prices({"a/x": own}, TABLE).cost("x", "a/x", Usage(10, 10), reported=True)
    assert cost.quote == Quote(Decimal(1), Decimal(2), Decimal(1), "policy", date(2026, 10, 1))


def test_cached_prompt_tokens_cost_the_cached_price() -> None:
    cost = Prices({}, TABLE).cost("gpt-9", "openai/gpt-9", Usage(1000, 0, cached=800), reported=True)
    assert cost.usd == Decimal("0.00007")


def test_cached_prompt_tokens_cost_the_full_price_where_no_cached_one_is_known() -> None:
    cost = Prices({}, TABLE).cost("llama", "hosted/llama", Usage(1000, 0, cached=800), reported=True)
    assert cost.usd == Decimal("0.00125")


def test_another_model_that_answered_is_paid_at_its_own_price() -> None:
    cost = Prices({"a/x": CHEAP, "b/y": DEAR}, TABLE).cost("b/y", "a/x", Usage(1_000_000, 0), reported=True)
    assert (cost.usd, cost.source) == (Decimal("1.25"), CostSource.REPORTED)


def test_an_unknown_answering_model_makes_the_requested_price_an_estimate() -> None:
    cost = Prices({}, TABLE).cost("surprise-1", "openai/gpt-9", Usage(1_000_000, 0), reported=True)
    assert (cost.usd, cost.source) == (Decimal("0.25"), CostSource.ESTIMATED)


def test_an_answer_that_names_no_model_is_an_estimate_at_the_requested_price() -> None:
    cost = Prices({}, TABLE).cost("", "openai/gpt-9", Usage(1_000_000, 0), reported=True)
    assert (cost.usd, cost.source) == (Decimal("0.25"), CostSource.ESTIMATED)


@pytest.mark.parametrize("answered", ["gpt-9-2026-11-13", "gpt-9-0613", "gpt-9@20261113", "gpt-9-20261113-v1:0"])
def test_a_dated_snapshot_costs_what_the_policy_says_its_model_costs(answered: str) -> None:
    bundled = Bundled("table 1.0", {"gpt-9": CHEAP, answered: CHEAP})
    cost = Prices({"openai/gpt-9": DEAR}, bundled).cost(answered, "openai/gpt-9", Usage(1_000_000, 0), reported=True)
    assert (cost.usd, cost.source) == (Decimal("1.25"), CostSource.REPORTED)


def test_a_variant_is_not_taken_for_a_snapshot() -> None:
    bundled = Bundled("table 1.0", {"gpt-9": DEAR, "gpt-9-mini": CHEAP})
    cost = Prices({}, bundled).cost("gpt-9-mini", "openai/gpt-9", Usage(1_000_000, 0), reported=True)
    assert (cost.usd, cost.source) == (Decimal("0.25"), CostSource.REPORTED)


def test_counts_of_our_own_make_an_estimate() -> None:
    cost = Prices({}, TABLE).cost("gpt-9", "openai/gpt-9", Usage(1_000_000, 0), reported=False)
    assert (cost.usd, cost.source) == (Decimal("0.25"), CostSource.ESTIMATED)


def test_without_any_price_the_cost_is_unknown_and_not_zero() -> None:
    assert Prices({}, TABLE).cost("x", "y/x", Usage(10, 10), reported=True) == UNKNOWN


@pytest.mark.parametrize("usage", [Usage(-1, 5), Usage(5, -1), Usage(5, MAX_TOKENS + 1), Usage(5, 5, cached=6), Usage(5, 5, cached=-1)])
def test_impossible_counts_cost_nothing_known(usage: Usage) -> None:
    assert Prices({}, TABLE).cost("gpt-9", "openai/gpt-9", usage, reported=True) == UNKNOWN
    assert not plausible(usage, "text")


def test_no_output_for_some_text_is_not_plausible() -> None:
    assert not plausible(Usage(10, 0), "an answer")
    assert plausible(Usage(10, 0), "")
    assert not plausible(Usage(0, 10), "an answer")
    assert plausible(Usage(10, 3), "an answer")


COUNT = st.integers(0, MAX_TOKENS)


@given(st.builds(Usage, prompt=COUNT, completion=COUNT, cached=COUNT, reasoning=COUNT), st.booleans())
def test_a_cost_is_unknown_exactly_when_it_has_no_amount(usage: Usage, reported: bool) -> None:  # noqa: FBT001 (Hypothesis passes by name)
    cost = Prices({}, TABLE).cost("gpt-9", "openai/gpt-9", usage, reported=reported)
    assert (cost.usd is None) == (cost.source is CostSource.UNKNOWN)
    assert cost.usd is None or cost.usd >= 0


def test_litellms_table_holds_the_list_prices_of_current_models() -> None:
    prices = Prices({})
    for model, expected in {
        "openai/gpt-5.1": ("1.25", "10", "0.125"),
        "openai/gpt-5-mini": ("0.25", "2", "0.025"),
        "anthropic/claude-haiku-4-5": ("1", "5", "0.1"),
    }.items():
        quote = prices.of(model)
        assert quote is not None
        assert (str(quote.input), str(quote.output), str(quote.cached)) == expected
        assert quote.source.startswith("litellm 1.")


def test_litellms_table_holds_no_free_model() -> None:
    table = litellm_table().prices
    assert len(table) > 1000
    assert all(price.input + price.output > 0 for price in table.values())


def test_reading_prices_does_not_import_litellm() -> None:
    code = "import sys; from router.prices import Prices; assert Prices({}).of('openai/gpt-5.1'); sys.exit('litellm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _tier(*models: str) -> object:
    small = make_policy().tiers.small
    return small.model_copy(update={"targets": tuple(small.targets[0].model_copy(update={"model": model}) for model in models)})
