"""The sample has its size, everybody a known chance, and rare parts a share."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evals.sampling import allocate, draw
from bot.evals.types import Stratum, Unit, Why
from router.types import Tier

STRATA = st.builds(Stratum, st.sampled_from(Tier), st.sampled_from(["status", "fault"]), st.sampled_from(["C1", "C2", "direct"]))


def units_of(strata: list[Stratum]) -> list[Unit]:
    return [Unit(f"q{number}", stratum) for number, stratum in enumerate(strata)]


@given(st.lists(STRATA, max_size=150), st.integers(1, 40), st.integers())
def test_a_sample_has_its_size_and_nobody_twice(strata: list[Stratum], size: int, seed: int) -> None:
    drawn = draw(units_of(strata), size, twice=0.2, random=Random(seed))
    assert len(drawn) == min(size, len(strata))
    assert len({one.unit.question_id for one in drawn}) == len(drawn)
    assert all(one.why is Why.RANDOM and one.weight >= 1 - 1e-9 for one in drawn)
    assert sum(one.twice for one in drawn) == round(0.2 * len(drawn))


@given(st.dictionaries(STRATA, st.integers(1, 5000), min_size=1), st.integers(1, 300))
def test_no_stratum_is_asked_for_more_than_it_has(numbers: dict[Stratum, int], size: int) -> None:
    parts = allocate(numbers, size)
    assert sum(parts.values()) == pytest.approx(min(size, sum(numbers.values())))
    assert all(parts[stratum] <= number * (1 + 1e-9) for stratum, number in numbers.items())


def test_each_answer_is_drawn_as_often_as_its_weight_says() -> None:
    common, rare = Stratum(Tier.SMALL, "status", "C1"), Stratum(Tier.FRONTIER, "fault", "C1")
    units = units_of([common] * 180 + [rare] * 20)
    draws = [draw(units, 20, twice=0, random=Random(seed)) for seed in range(2000)]
    counts = Counter(one.unit.question_id for drawn in draws for one in drawn)
    weights = {one.unit.question_id: one.weight for drawn in draws for one in drawn}
    assert len(weights) == 200
    for question_id, weight in weights.items():
        assert counts[question_id] / 2000 == pytest.approx(1 / weight, abs=0.05)
    assert counts["q199"] > 2 * counts["q0"], "the rare part is seen more often than by its number"


def test_the_weights_of_a_sample_stand_for_all_answers() -> None:
    strata = [Stratum(Random(number).choice(list(Tier)), "status", f"C{number % 7}") for number in range(1000)]
    totals = [sum(one.weight for one in draw(units_of(strata), 100, twice=0, random=Random(seed))) for seed in range(200)]
    assert sum(totals) / 200 == pytest.approx(1000, rel=0.01)
