"""Flags count by who raises them, and change no share."""

import pytest

from bot.evals.flagging import cases_of, flaggers
from bot.evals.types import Why
from router.types import Tier
from tests.fakes.grades import make_grade


def test_a_person_s_flags_are_told_with_how_many_are_right() -> None:
    grades = [make_grade("n", flaggers=("ann", "bob")), make_grade("a", flaggers=("bob",)), make_grade("", flaggers=("bob",))]
    bob, ann = flaggers(grades)
    assert (bob.user, bob.flags, bob.right.count, bob.right.of) == ("bob", 3, 1, 2)
    assert (ann.user, ann.right.count, ann.right.of) == ("ann", 1, 1)
    assert bob.trust < ann.trust < 1


def test_a_flagged_answer_stands_for_itself_and_an_unflagged_one_for_its_weight() -> None:
    grades = [
        make_grade("a", weight=50.0),
        make_grade("n", weight=50.0, flaggers=("ann",)),
        make_grade("n", why=Why.FLAG, flaggers=("ann",)),
        make_grade("n", tier=Tier.CACHE, why=Why.AUDIT, audited=True),
    ]
    assert [case.weight for case in cases_of(grades, {})] == [50.0, 1.0, 1.0, 0.0]


def test_a_flag_that_nobody_reviewed_counts_by_how_far_its_flagger_is_trusted() -> None:
    grumbler = [make_grade("a", why=Why.FLAG, flaggers=("grumbler",)) for _ in range(20)]
    expert = [make_grade("n", why=Why.FLAG, flaggers=("expert",)) for _ in range(20)]
    open_ones = [make_grade("", why=Why.FLAG, flaggers=("grumbler",)), make_grade("", why=Why.FLAG, flaggers=("expert",))]
    *_, doubted, believed = cases_of([*grumbler, *expert, *open_ones], {})
    assert doubted.known[Tier.SMALL] == pytest.approx(1 - 2 / 24)
    assert believed.known[Tier.SMALL] == pytest.approx(1 - 22 / 24)


def test_who_flags_more_does_not_weigh_more() -> None:
    """Half the answers are bad; one of two equal groups flags each bad one. The rate of all stays a half."""
    quiet = [make_grade(said, weight=10.0) for said in "anananananananananan"]
    noisy = [make_grade("a", weight=10.0) for _ in range(10)]
    noisy += [make_grade("n", weight=10.0, flaggers=("ann",)) for _ in range(10)]
    noisy += [make_grade("n", why=Why.FLAG, flaggers=("ann",)) for _ in range(90)]
    cases = cases_of([*quiet, *noisy], {})
    total = sum(case.weight for case in cases)
    assert sum(case.weight * case.known[Tier.SMALL] for case in cases) / total == pytest.approx(0.5)


def test_what_is_known_of_another_tier_joins_the_case_and_a_channel_of_its_own_is_forced() -> None:
    grade = make_grade("n")
    (case,) = cases_of([grade], {grade.drawn.unit.question_id: {Tier.FRONTIER: 1.0}}, forced=("C1",))
    assert case.known == {Tier.SMALL: 0.0, Tier.FRONTIER: 1.0}
    assert case.forced
