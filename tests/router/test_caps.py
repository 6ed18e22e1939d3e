"""A cap leaves room for one more call, or none; its last part is the small model's."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.caps import Cap, Span, Used, Whose
from router.types import Tier

CAP = Cap(Whose.USER, Span.DAY, Decimal(10), Decimal(1))


@pytest.mark.parametrize(
    ("total", "small", "frontier", "small_model"),
    [
        ("0", "0", True, True),
        ("8.99", "0", True, True),
        ("9", "0", False, True),
        ("9.99", "9.99", False, True),
        ("10", "1", False, False),
        ("10.05", "0.99", False, True),
        ("11", "1", False, False),
    ],
)
def test_the_frontier_model_stops_before_the_small_one(total: str, small: str, frontier: bool, small_model: bool) -> None:  # noqa: FBT001 (parameters of the table)
    used = Used(Decimal(total), Decimal(small))
    assert (CAP.admits(Tier.FRONTIER, used), CAP.admits(Tier.SMALL, used)) == (frontier, small_model)


def test_a_cap_of_which_nothing_is_kept_stops_both_at_once() -> None:
    cap = Cap(Whose.USER, Span.DAY, Decimal(10))
    for tier in (Tier.SMALL, Tier.FRONTIER):
        assert cap.admits(tier, Used(Decimal("9.99"), Decimal(0)))
        assert not cap.admits(tier, Used(Decimal(10), Decimal(0)))


@given(st.lists(st.tuples(st.sampled_from([Tier.SMALL, Tier.FRONTIER]), st.integers(1, 300)), max_size=200))
def test_whatever_is_asked_a_cap_is_overrun_by_one_call_of_each_tier_at_most(calls: list[tuple[Tier, int]]) -> None:
    total = small = Decimal(0)
    for tier, cents in calls:
        if CAP.admits(tier, Used(total, small)):
            total += Decimal(cents) / 100
            small += Decimal(cents) / 100 if tier is Tier.SMALL else 0
    assert total < CAP.usd + 3 + 3
