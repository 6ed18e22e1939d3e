"""A few simulated months hold what the two hundred of `switchboard eval simulate` are measured to hold."""

import pytest

from bot.evals.month import BOUNDS, Month, Months, play, render, simulate

SEEDS = 8


@pytest.fixture(scope="module")
def months() -> Months:
    return simulate(SEEDS, lambda done: None)


def test_the_intervals_of_all_reported_rates_hold_the_truth(months: Months) -> None:
    held = [each for month in months.months for each in month.held.values()]
    assert len(held) == SEEDS * 13
    assert sum(held) / len(held) >= 0.9


def test_tuning_does_no_harm_beyond_the_tolerance(months: Months) -> None:
    assert all(month.gain >= -BOUNDS.tolerance for month in months.months)


def test_a_month_is_the_same_each_time(months: Months) -> None:
    assert play(3) == months.months[3]


def test_the_figures_are_told() -> None:
    told = Months((Month({"all": True}, "better: threshold", 0.03, 1.0), Month({"all": False}, "", 0.0, 0.0)))
    assert told.coverage == {"all": 0.5}
    assert (told.proposed, told.harmed) == (0.5, 0.0)
    assert "all               50.0%" in render(told)
