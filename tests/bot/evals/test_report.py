"""The report's rates come from what chance drew; flags and audits have figures of their own."""

import json
from decimal import Decimal

import pytest

from bot.evals.estimate import Error
from bot.evals.render_report import NOTHING, digest, render, to_json
from bot.evals.report import make_report
from bot.evals.types import Fault, Why
from bot.plots import draw_report
from bot.store.grades import Volume
from router.types import Tier
from tests.fakes.grades import make_grade

VOLUMES = (Volume(Tier.CACHE, 100, 1, 100, Decimal(0)), Volume(Tier.SMALL, 300, 2, 290, Decimal("0.29")))


def test_rates_are_told_by_tier_kind_and_week() -> None:
    grades = [make_grade("a", weight=3.0), make_grade("n", tier=Tier.FRONTIER, kind="fault", week="2026-W47")]
    report = make_report(grades, VOLUMES)
    assert report.total.acceptable.share == pytest.approx(0.75)
    assert [(part.name, part.acceptable.share) for part in report.tiers] == [("small", 1.0), ("frontier", 0.0)]
    assert [(part.name, part.acceptable.of) for part in report.kinds] == [("fault", 1), ("status", 1)]
    assert [part.name for part in report.by_week] == ["2026-W47", "2026-W48"]
    assert [(cell.tier, cell.kind) for cell in report.cells] == [(Tier.FRONTIER, "fault"), (Tier.SMALL, "status")]


def test_what_flags_and_audits_added_does_not_touch_the_rates() -> None:
    grades = [make_grade("a"), make_grade("n", why=Why.FLAG, flaggers=("U9",)), make_grade("n", why=Why.AUDIT, audited=True)]
    report = make_report(grades, VOLUMES)
    assert (report.total.acceptable.share, report.total.acceptable.of) == (1.0, 1)
    assert (report.flags_right.count, report.flags_right.of) == (1, 1)
    assert (report.flagged.count, report.flagged.of) == (3, 400)


def test_a_false_hit_is_an_audited_one_that_answers_another_question() -> None:
    grades = [
        make_grade("n", tier=Tier.CACHE, why=Why.AUDIT, audited=True, fault=Fault.WRONG_MATCH),
        make_grade("n", tier=Tier.CACHE, why=Why.AUDIT, audited=True, fault=Fault.INCOMPLETE),
        make_grade("a", tier=Tier.CACHE, audited=True),
        make_grade("n", tier=Tier.CACHE, fault=Fault.WRONG_MATCH),
        make_grade(tier=Tier.CACHE, why=Why.AUDIT, audited=True),
    ]
    report = make_report(grades, VOLUMES)
    assert (report.false_hits.count, report.false_hits.of) == (1, 3)


def test_who_cannot_tell_counts_as_unsure_and_two_who_differ_as_half() -> None:
    report = make_report([make_grade("c"), make_grade("an")], VOLUMES)
    assert (report.total.acceptable.share, report.total.acceptable.of, report.total.unsure) == (0.5, 1, 1)
    assert report.agreement.of == 1


def test_the_reviewers_known_error_is_taken_out_of_every_rate() -> None:
    grades = [make_grade("a")] * 80 + [make_grade("n")] * 20
    assert make_report(grades, VOLUMES, Error(alarms=0.1)).tiers[0].acceptable.share == pytest.approx(0.8 / 0.9)


def test_an_acceptable_answer_costs_more_than_an_answer() -> None:
    report = make_report([make_grade("a"), make_grade("n")], VOLUMES)
    (cache, small) = report.prices
    assert (small.answer_usd, small.acceptable_usd) == (Decimal("0.001"), Decimal("0.002"))
    assert small.low_usd is not None
    assert small.low_usd < Decimal("0.002")
    assert (cache.answer_usd, cache.acceptable_usd) == (Decimal(0), None)


def test_where_no_answer_is_acceptable_none_has_a_price() -> None:
    report = make_report([make_grade("n")], VOLUMES)
    assert report.prices[1].acceptable_usd is None
    assert "unknown" in render(report)


def test_the_text_tells_rates_with_n_and_interval() -> None:
    report = make_report([make_grade("aa")] * 9 + [make_grade("nn", fault=Fault.WRONG)], VOLUMES)
    text = render(report)
    assert "90.0% [59.6%, 98.2%]" in text
    assert "agree in 100% of 10; Cohen's kappa 1.00" in text
    assert "wrong 2" in text


def test_before_any_review_the_report_says_what_to_do() -> None:
    assert render(make_report([make_grade()], VOLUMES)) == NOTHING


def test_the_digest_has_three_lines_that_say_the_same_as_the_report() -> None:
    lines = digest(make_report([make_grade("a")] * 9 + [make_grade("n")], VOLUMES))
    assert lines[0] == "2026-W48: 90% (60% to 98%) of the answers are acceptable (10 reviewed)."
    assert lines[1] == "By tier: Small model 90% (60% to 98%)."
    assert lines[2] == "Flagged: 3 of 400 answers; wrong cache hits: none audited."


def test_the_json_holds_every_figure_and_exact_dollars() -> None:
    told = json.loads(to_json(make_report([make_grade("a")], VOLUMES)))
    assert told["total"]["acceptable"]["of"] == 1
    assert told["prices"][1]["answer_usd"] == "0.001"


@pytest.mark.parametrize("said", ["", "a"])
def test_the_picture_can_be_drawn_with_and_without_reviews(said: str) -> None:
    assert draw_report(make_report([make_grade(said)], VOLUMES)).startswith(b"\x89PNG")
