"""Rates stand for all answers, with intervals that do not claim too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evals.estimate import Error, agreement, estimate
from bot.intervals import rate

WEIGHTED = st.lists(st.tuples(st.floats(0.5, 500), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=60)


def test_equal_weights_give_the_plain_wilson_interval() -> None:
    plain, weighted = rate(7, 10), estimate([(3.0, 1.0)] * 7 + [(3.0, 0.0)] * 3)
    assert (weighted.share, weighted.low, weighted.high) == pytest.approx((plain.share, plain.low, plain.high))
    assert weighted.of == 10
    assert weighted.effective == pytest.approx(10)


def test_an_answer_counts_as_many_as_it_stands_for() -> None:
    found = estimate([(90.0, 1.0), (10.0, 0.0)])
    assert found.share == pytest.approx(0.9)
    assert found.effective < 2


@given(WEIGHTED)
def test_weights_never_make_a_sample_worth_more_than_its_size(graded: list[tuple[float, float]]) -> None:
    found = estimate(graded)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share <= found.high + 1e-12 <= 1 + 1e-9
    assert found.effective <= len(graded) + 1e-6


def test_nothing_graded_knows_nothing() -> None:
    found = estimate([])
    assert (found.low, found.high, found.of) == (0.0, 1.0, 0)


def test_a_reviewer_s_known_error_is_taken_out() -> None:
    """90% are acceptable; of those 5% are refused, and of the others 20% passed: 0.9 * 0.95 + 0.1 * 0.2 = 87.5% are seen."""
    found = estimate([(1.0, 1.0)] * 875 + [(1.0, 0.0)] * 125, Error(misses=0.2, alarms=0.05))
    assert found.share == pytest.approx(0.9)
    assert found.high - found.low > rate(875, 1000).high - rate(875, 1000).low


def test_agreement_by_chance_is_no_agreement() -> None:
    found = agreement([(True, True), (True, False), (False, True), (False, False)] * 5)
    assert found.kappa == pytest.approx(0)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_full_agreement_is_one() -> None:
    found = agreement([(True, True)] * 8 + [(False, False)] * 2)
    assert found.kappa == pytest.approx(1)


def test_the_kappa_of_the_textbook_is_met() -> None:
    """J. Cohen's measure on 50 proposals read twice: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4."""
    found = agreement([(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15)
    assert found.share == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)


def test_one_verdict_alone_has_no_kappa() -> None:
    assert agreement([(True, True)] * 5).kappa is None
    assert agreement([]).of == 0
