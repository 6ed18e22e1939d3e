"""Words and figures that every platform shows alike."""

from decimal import Decimal

import pytest

from bot.types import FlagReason
from bot.wording import COST_SOURCES, OUTCOMES, REASONS, TIERS, dollars, seconds
from router.types import CostSource, Outcome, Tier


def test_every_word_of_the_domain_has_words_for_people() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(REASONS) == set(FlagReason)
    assert set(TIERS) == set(Tier)
    assert set(COST_SOURCES) == set(CostSource)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "<0.1 s"), (0.049, "<0.1 s"), (0.06, "0.1 s"), (0.94, "0.9 s"), (9.94, "9.9 s"), (9.96, "10 s"), (62.4, "62 s")],
)
def test_a_duration_has_the_digits_that_matter(value: float, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "$0"),
        ("0.0004", "$0.0004"),
        ("0.00123", "$0.0012"),
        ("0.0123", "$0.012"),
        ("0.5", "$0.5"),
        ("0.000000001", "$0.000000001"),
        ("1.5", "$1.50"),
        ("12.346", "$12.35"),
    ],
)
def test_a_cost_has_two_significant_digits(usd: str, text: str) -> None:
    assert dollars(Decimal(usd), CostSource.REPORTED) == text


def test_an_estimate_is_marked_and_an_unknown_cost_is_said() -> None:
    assert dollars(Decimal("0.002"), CostSource.ESTIMATED) == "≈$0.002"
    assert dollars(None, CostSource.UNKNOWN) == "cost unknown"
