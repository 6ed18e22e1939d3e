"""Advice weighs what routing and caching save against what they cost, and says when to look again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.evals.advise import Advice, Terms, Traffic, advise
from bot.evals.advising import advise_on, read_logs
from bot.evals.render_advice import advice_json, render_advice
from bot.evals.report import make_report
from bot.intervals import rate
from bot.replay.rows import Row
from bot.store.database import Database
from bot.store.store import make_store
from router.types import Tier, Visibility
from tests.fakes.answered import AT, keep_answered
from tests.fakes.clock import FakeClock
from tests.fakes.grades import make_grade
from tests.fakes.policies import make_policy

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
TERMS = Terms(Decimal("0.001175"), Decimal("0.0105"), 0.0, Decimal(100), (1500, 400), measured=False)
"""1,500 tokens in and 400 out, at 3 and 15 dollars a million for the frontier model, and 0.25 and 2 for the small one."""
NONE = rate(0, 0)


def traffic(per_day: int, *, small: float, cached: float, days: int = 20) -> Traffic:
    count = per_day * days
    routed = [Tier.SMALL] * round(count * small) + [Tier.FRONTIER] * (count - round(count * small))
    served = [Tier.CACHE] * round(count * cached) + routed[round(count * cached) :]
    return Traffic(
        at=tuple(BEGIN + timedelta(days=number % days) for number in range(count)),
        leanings=tuple(5 if tier is Tier.SMALL else -5 for tier in routed),
        routed=tuple(routed),
        served=tuple(served),
        false_hits=NONE,
        under_routed=NONE,
    )


def test_fifty_questions_a_day_are_not_worth_it() -> None:
    advised = advise(traffic(50, small=0.65, cached=0.22), TERMS, None, NONE)
    routing, caching = advised.options
    assert advised.frontier_usd == pytest.approx(15.75)
    assert routing.saving_usd.value == pytest.approx(9.09, abs=0.01)
    assert caching.saving_usd.value == pytest.approx(3.465, abs=0.01)
    assert (routing.advice, caching.advice) == (Advice.NOT_YET, Advice.NOT_YET)
    assert routing.look_again == 550


def test_two_thousand_a_day_are() -> None:
    routing, caching = advise(traffic(2000, small=0.65, cached=0.22, days=10), TERMS, None, NONE).options
    assert routing.saving_usd.value == pytest.approx(363.7, abs=0.1)
    assert caching.saving_usd.value == pytest.approx(138.6, abs=0.1)
    assert (routing.advice, caching.advice) == (Advice.YES, Advice.YES)


def test_at_the_volume_named_it_is_worth_it_on_average() -> None:
    routing, _ = advise(traffic(550, small=0.65, cached=0.0, days=10), TERMS, None, NONE).options
    assert routing.saving_usd.value == pytest.approx(100, rel=0.01)
    assert routing.advice is Advice.UNCLEAR


def test_what_nothing_repeats_is_never_worth_caching() -> None:
    _, caching = advise(traffic(50, small=0.65, cached=0.0), TERMS, None, NONE).options
    assert (caching.advice, caching.look_again) == (Advice.NOT_YET, None)


def test_escalations_and_audits_are_taken_off() -> None:
    some = traffic(2000, small=0.65, cached=0.22, days=10)
    free = advise(some, TERMS, None, NONE).options
    paid = advise(some, replace(TERMS, audited=0.1), None, rate(10, 100)).options
    for before, after in zip(free, paid, strict=True):
        assert after.saving_usd.value == pytest.approx(before.saving_usd.value - after.overhead_usd)
        assert after.overhead_usd > 0


def test_wrong_answers_come_from_reviews_of_both_tiers() -> None:
    grades = [make_grade("a")] * 80 + [make_grade("n")] * 20 + [make_grade("a", tier=Tier.FRONTIER)] * 90
    grades += [make_grade("n", tier=Tier.FRONTIER)] * 10
    routing, caching = advise(traffic(50, small=0.5, cached=0.0), TERMS, make_report(grades, ()), NONE).options
    assert routing.wrong
    assert routing.wrong.value == pytest.approx(75)
    assert caching.wrong is None


def test_without_reviews_nobody_knows_how_many_are_wrong() -> None:
    advised = advise(traffic(50, small=0.5, cached=0.1), TERMS, None, NONE)
    assert advised.options[0].wrong is None
    assert "not known before answers are reviewed; each percent of them is 8 a month" in render_advice(advised)


def test_labels_of_an_export_count_where_there_are_no_reviews() -> None:
    some = replace(traffic(50, small=0.5, cached=0.1), under_routed=rate(5, 100), false_hits=rate(1, 50))
    routing, caching = advise(some, TERMS, None, NONE).options
    assert routing.wrong
    assert caching.wrong
    assert routing.wrong.value == pytest.approx(37.5)
    assert caching.wrong.value == pytest.approx(3)


def test_a_few_questions_are_little_to_go_by() -> None:
    advised = advise(traffic(10, small=0.5, cached=0.0, days=2), TERMS, None, NONE)
    assert not advised.enough
    assert "This is little to go by: 20 questions on 2 days" in render_advice(advised)


def test_the_text_says_what_to_do_and_when_to_look_again() -> None:
    text = render_advice(advise(traffic(50, small=0.65, cached=0.22), TERMS, None, NONE))
    assert text.startswith("Do not route yet: it would save $9.09")
    assert "Look again at 550 questions a day (now 50)." in text
    assert "frontier alone    $15.75 a month" in text


def rows(texts: Sequence[str]) -> list[Row]:
    return [Row(id=number, at=BEGIN + timedelta(hours=number), user="U1", channel="C1", text=text) for number, text in enumerate(texts)]


async def test_an_export_is_run_through_routing_and_cache_before_anything_is_installed() -> None:
    asked = rows(["what is the default port of bgp?", "What's the default port of BGP", "why does bgp on edge1 flap every night?"] * 2)
    told: list[int] = []
    advised = await advise_on(asked, make_policy('mode = "off"\n'), Decimal(100), told.append)
    routing, caching = advised.options
    assert (routing.share.count, caching.share.count) == (4, 3)
    assert (advised.routine.count, advised.hard.count) == (4, 2)
    assert told[-1] == 6
    assert json.loads(advice_json(advised))["options"][0]["advice"] == "not yet"


async def test_the_logs_are_read_also_of_what_the_frontier_model_answered_in_shadow_mode(database: Database, clock: FakeClock) -> None:
    for number in range(31):
        await keep_answered(database, "what is the default port of bgp?", tier=Tier.FRONTIER, at=AT + timedelta(minutes=number))
    await keep_answered(database, "what is a vlan?", channel="D1", visibility=Visibility.DIRECT, at=AT + timedelta(hours=1))
    clock.now = AT + timedelta(days=1)
    logs = await read_logs(make_store(database, clock), make_policy(), clock, 1000)
    assert logs.rows[-1].visibility is Visibility.DIRECT
    advised = await advise_on(logs.rows, make_policy('mode = "shadow"\n'), Decimal(100), lambda done: None, logs)
    assert advised.terms.measured
    assert advised.terms.tokens == (900, 200)
    assert advised.options[1].share.count == 30
