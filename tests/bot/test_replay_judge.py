"""How replayed answers are judged by their labels."""

from decimal import Decimal

import pytest

from bot.replay.judge import Latency, Replayed, judge
from router.policy import Ttl
from router.types import Tier
from tests.fakes.replays import make_replayed, make_row

TTL = Ttl(live_s=0, config_s=100, stable_s=1000)
SPENT = Decimal("0.5")


def missed_hits(*done: Replayed) -> int | None:
    return judge(done, TTL, SPENT).missed_hits


def test_a_hit_on_another_keys_answer_is_false() -> None:
    first, second = make_row(1, key="a"), make_row(2, key="b")
    summary = judge([make_replayed(first, Tier.SMALL), make_replayed(second, Tier.CACHE, source=first)], TTL, SPENT)
    assert (summary.false_hits, summary.missed_hits) == (1, 0)


def test_a_hit_on_its_own_keys_answer_is_neither_false_nor_missed() -> None:
    first, second = make_row(1, key="a"), make_row(2, key="a")
    summary = judge([make_replayed(first, Tier.SMALL), make_replayed(second, Tier.CACHE, source=first)], TTL, SPENT)
    assert (summary.false_hits, summary.missed_hits) == (0, 0)


def test_a_hit_on_an_unlabelled_rows_answer_is_not_called_false() -> None:
    first, second = make_row(1), make_row(2, key="a")
    assert judge([make_replayed(first, Tier.SMALL), make_replayed(second, Tier.CACHE, source=first)], TTL, SPENT).false_hits == 0


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.FRONTIER])
def test_a_model_that_answers_a_key_again_is_a_missed_hit(tier: Tier) -> None:
    assert missed_hits(make_replayed(make_row(1, key="a"), Tier.SMALL), make_replayed(make_row(2, key="a", after_s=99), tier)) == 1


def test_an_answer_whose_time_is_over_is_not_missed() -> None:
    assert missed_hits(make_replayed(make_row(1, key="a"), Tier.SMALL), make_replayed(make_row(2, key="a", after_s=100), Tier.SMALL)) == 0


def test_the_earlier_rows_volatility_says_how_long_its_answer_may_be_served() -> None:
    first, second = make_row(1, key="a", volatility="stable"), make_row(2, key="a", volatility="live", after_s=999)
    assert missed_hits(make_replayed(first, Tier.SMALL), make_replayed(second, Tier.SMALL)) == 1
    assert missed_hits(make_replayed(second, Tier.SMALL), make_replayed(make_row(3, key="a", after_s=999), Tier.SMALL)) == 0


def test_a_hit_does_not_renew_what_an_ideal_cache_would_serve() -> None:
    first, hit, late = make_row(1, key="a"), make_row(2, key="a", after_s=90), make_row(3, key="a", after_s=110)
    done = (make_replayed(first, Tier.SMALL), make_replayed(hit, Tier.CACHE, source=first), make_replayed(late, Tier.SMALL))
    assert missed_hits(*done) == 0


def test_a_second_answer_of_a_model_can_be_missed_in_its_turn() -> None:
    rows = [make_row(number, key="a", after_s=90 * number) for number in range(3)]
    assert missed_hits(*(make_replayed(row, Tier.SMALL) for row in rows)) == 2


def test_an_answer_of_another_scope_is_not_missed() -> None:
    first, second = make_row(1, key="a"), make_row(2, key="a")
    assert missed_hits(make_replayed(first, Tier.SMALL, scope="anna"), make_replayed(second, Tier.SMALL, scope="ben")) == 0


def test_a_row_that_nobody_answered_is_no_missed_hit_and_no_source_of_one() -> None:
    rows = [make_row(number, key="a") for number in range(3)]
    assert missed_hits(make_replayed(rows[0], None), make_replayed(rows[1], Tier.SMALL), make_replayed(rows[2], None)) == 0


def test_routing_is_judged_where_a_model_answered() -> None:
    easy, hard = make_row(1, tier="small"), make_row(2, tier="frontier")
    done = [
        make_replayed(easy, Tier.FRONTIER),
        make_replayed(easy, Tier.SMALL),
        make_replayed(hard, Tier.SMALL),
        make_replayed(hard, Tier.SMALL),
        make_replayed(hard, Tier.CACHE, source=easy),
        make_replayed(make_row(3), Tier.SMALL),
    ]
    summary = judge(done, TTL, SPENT)
    assert (summary.under_routed, summary.over_routed) == (2, 1)
    assert summary.served == {Tier.CACHE: 1, Tier.SMALL: 4, Tier.FRONTIER: 1}


def test_without_labels_nothing_is_said_of_what_they_judge() -> None:
    summary = judge([make_replayed(make_row(1), Tier.SMALL)], TTL, SPENT)
    assert (summary.false_hits, summary.missed_hits, summary.under_routed, summary.over_routed) == (None,) * 4


def test_percentiles_are_by_nearest_rank_and_none_where_nobody_answered() -> None:
    done = [make_replayed(make_row(number), Tier.SMALL, ms=float(number)) for number in range(20, 0, -1)]
    summary = judge(done, TTL, SPENT)
    assert summary.latency_ms[Tier.SMALL] == Latency(p50=10.0, p95=19.0)
    assert summary.latency_ms[Tier.CACHE] == Latency(None, None)


def test_the_frontier_models_cost_counts_every_question() -> None:
    first = make_row(1)
    summary = judge([make_replayed(first, Tier.SMALL), make_replayed(make_row(2), Tier.CACHE, source=first)], TTL, SPENT)
    assert (str(summary.all_frontier_cost_usd), summary.cost_usd) == ("0.008", SPENT)
