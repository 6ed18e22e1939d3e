"""What a change does is told from the questions that it moves, with how sure that is."""

from decimal import Decimal

import pytest

from bot.evals.choosing import Bounds, Candidate, Finding, best, judge_all, missing_of
from bot.evals.estimate import NO_ERROR
from bot.evals.evidence import Case, Yardstick, effect
from router.types import Tier

USD = {Tier.CACHE: Decimal(0), Tier.SMALL: Decimal("0.001"), Tier.FRONTIER: Decimal("0.01")}
BY = Yardstick(NO_ERROR, USD)
BOUNDS = Bounds(tolerance=0.02, min_reviews=10)
S, F = Tier.SMALL, Tier.FRONTIER


def cases_of(tier: Tier, good: int, bad: int, *, kind: str = "status", weight: float = 1.0, golden: bool = False) -> list[Case]:
    return [Case(f"{tier}{kind}{number}", kind, weight, {tier: float(number < good)}, golden=golden) for number in range(good + bad)]


def test_what_moves_nothing_does_nothing() -> None:
    cases = cases_of(S, 5, 5)
    does = effect(cases, [S] * 10, [S] * 10, BY)
    assert not does.moves
    assert (does.gain, does.low, does.high, does.usd) == (0.0, 0.0, 0.0, Decimal(0))


def test_a_dearer_tier_that_nobody_graded_on_them_is_taken_at_its_usual_rate() -> None:
    cases = [*cases_of(S, 40, 60), *cases_of(F, 90, 10)]
    does = effect(cases, [S] * 100 + [F] * 100, [F] * 200, BY)
    (move,) = does.moves
    assert move.assumed
    assert (move.share.share, move.was.share, move.will.share) == (0.5, 0.4, 0.9)
    assert does.gain == pytest.approx(0.25)
    assert 0 < does.low < 0.25 < does.high
    assert does.usd == Decimal("0.0045")


def test_the_usual_rate_goes_by_the_kinds_that_are_moved() -> None:
    cases = [*cases_of(S, 5, 5), *cases_of(F, 10, 0), *cases_of(F, 0, 30, kind="fault")]
    does = effect(cases, [S] * 10 + [F] * 40, [F] * 50, BY)
    assert does.moves[0].will.share == 1.0


def test_a_lesser_tier_is_not_trusted_unseen() -> None:
    cases = [*cases_of(F, 50, 0), *cases_of(S, 50, 0, kind="look-up")]
    does = effect(cases, [F] * 50 + [S] * 50, [S] * 100, BY)
    (move,) = does.moves
    assert (move.will.of, move.assumed) == (0, False)
    assert does.gain == 0
    assert does.low < -0.4


def test_what_is_known_of_the_lesser_tier_counts() -> None:
    both = [Case(f"q{number}", "status", 1.0, {F: 1.0, S: 1.0}) for number in range(100)]
    does = effect(both, [F] * 100, [S] * 100, BY)
    assert does.gain == 0
    assert -0.06 < does.low < 0
    assert does.usd == Decimal("-0.009")


def test_a_forced_answer_tells_how_its_tier_fares_and_nothing_of_the_share() -> None:
    free = cases_of(F, 20, 0)
    forced = [Case(f"f{number}", "status", 1.0, {S: 0.0}, forced=True) for number in range(20)]
    does = effect([*free, *forced], [F] * 40, [S] * 40, BY)
    (move,) = does.moves
    assert (move.share.share, move.will.share, move.will.of) == (1.0, 0.0, 20)


def test_a_golden_question_that_gets_worse_is_named() -> None:
    golden = [Case("golden 1", "fault", 0.0, {S: 0.0, F: 1.0}, golden=True)]
    assert effect(golden, [F], [S], BY).worse == ("golden 1",)
    assert effect(golden, [S], [F], BY).worse == ()


def test_a_gate_that_trusts_dearer_tiers_expects_no_drop_from_one() -> None:
    cases = [*cases_of(S, 100, 0), *cases_of(F, 9, 1)]
    before, after = [S] * 100 + [F] * 10, [F] * 110
    assert effect(cases, before, after, BY).low < -0.1
    assert effect(cases, before, after, Yardstick(NO_ERROR, USD, trusting=True)).low >= 0


def judged(cases: list[Case], before: list[Tier], *after: list[Tier]) -> list[Finding]:
    candidates = [Candidate("key", place, tuple(tiers)) for place, tiers in enumerate(after)]
    return [one.finding for one in judge_all(cases, before, candidates, BY, BOUNDS)]


def test_a_change_is_better_only_where_the_interval_says_so() -> None:
    before, after = [S] * 100 + [F] * 100, [F] * 200
    assert judged([*cases_of(S, 40, 60), *cases_of(F, 90, 10)], before, after) == [Finding.BETTER]
    assert judged([*cases_of(S, 85, 15), *cases_of(F, 90, 10)], before, after) == [Finding.THIN]
    assert judged([*cases_of(S, 95, 5), *cases_of(F, 90, 10)], before, after) == [Finding.NO]


def test_a_saving_needs_enough_answers_of_the_lesser_tier() -> None:
    many = [Case(f"q{number}", "status", 1.0, {F: 1.0, S: 1.0}) for number in range(2000)]
    assert judged(many, [F] * 2000, [S] * 2000) == [Finding.CHEAPER]
    few = [Case(f"q{number}", "status", 1.0, {F: 1.0} | ({S: 1.0} if number < 9 else {})) for number in range(2000)]
    (found,) = judge_all(few, [F] * 2000, [Candidate("key", 0, (S,) * 2000)], BY, BOUNDS)
    assert (found.finding, found.kind, found.missing) == (Finding.THIN, "status", 1)


def test_one_change_is_proposed_and_quality_goes_before_cost() -> None:
    worse, fine = cases_of(S, 40, 60), [Case(f"q{number}", "fault", 1.0, {F: 1.0, S: 1.0}) for number in range(2000)]
    before = [S] * 100 + [F] * 2000
    up, down = Candidate("up", 1, (F,) * 2100), Candidate("down", 1, (S,) * 2100)
    found = judge_all([*worse, *fine], before, [up, down], BY, BOUNDS)
    assert [one.finding for one in found] == [Finding.BETTER, Finding.CHEAPER]
    assert best(found) is found[0]
    assert best([]) is None


def test_a_golden_question_vetoes_a_saving() -> None:
    many = [Case(f"q{number}", "status", 1.0, {F: 1.0, S: 1.0}) for number in range(2000)]
    veto = Case("golden", "status", 0.0, {F: 1.0, S: 0.0}, golden=True)
    assert judged([*many, veto], [F] * 2001, [S] * 2001) == [Finding.NO]


def test_fewer_reviews_are_missing_the_closer_the_evidence_is() -> None:
    before, after = [S] * 100 + [F] * 100, [F] * 200
    close = effect([*cases_of(S, 80, 20), *cases_of(F, 90, 10)], before, after, BY)
    far = effect([*cases_of(S, 88, 12), *cases_of(F, 90, 10)], before, after, BY)
    strict = Bounds(0.0, 10)
    assert 0 < missing_of(close, strict)[1] < missing_of(far, strict)[1]
