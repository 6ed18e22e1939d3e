"""A replay answers rows with the deployment's own router, cache and store, by the rows' clock."""

import asyncio
import time
from decimal import Decimal

import pytest

from bot.replay.judge import Replayed, Summary
from bot.replay.rows import Row
from bot.replay.run import replay
from bot.replay.stack import replayable
from router.policy import WORDLLAMA, Policy, parse_policy
from router.types import Mode, Tier, Volatility
from tests.fakes.policies import make_policy
from tests.fakes.replays import make_row

EASY = "what is the default administrative distance of ospf?"
SAME = "What's OSPF's default administrative distance"
HARD = "why do half of the sessions on edge-3 drop every night"
PAID = """
[tiers.small]
targets = [{ model = "openai/small-x" }]
[tiers.frontier]
targets = [{ model = "openai/frontier-x" }]
[prices."openai/small-x"]
input = 1000
output = 0
[prices."openai/frontier-x"]
input = 2000
output = 0
"""


async def play(*rows: Row, policy: Policy | None = None) -> tuple[tuple[Replayed, ...], Summary]:
    """Replay rows, for at most half a minute: a serial replay must not wait for itself."""
    async with asyncio.timeout(30):
        return await replay(rows, policy or make_policy(), lambda _: None)


async def test_a_question_that_is_asked_again_is_served_from_the_cache() -> None:
    (first, again, reworded), summary = await play(make_row(1, EASY), make_row(2, EASY, after_s=5), make_row(3, SAME, after_s=9))
    assert (first.tier, first.source, first.similarity) == (Tier.SMALL, None, None)
    assert (again.tier, again.source, again.similarity) == (Tier.CACHE, first.row, 1.0)
    assert (reworded.tier, reworded.source) == (Tier.CACHE, first.row)
    assert (again.usd, again.model) == (Decimal(0), "simulated/small")
    assert again.reasons[0] == "the same question, word for word"
    assert summary.served == {Tier.CACHE: 2, Tier.SMALL: 1, Tier.FRONTIER: 0}


async def test_an_answer_expires_by_the_rows_clock() -> None:
    policy = make_policy("[ttl]\nstable_s = 60\n")
    done, _ = await play(*(make_row(number, EASY, after_s=after) for number, after in enumerate((0, 59, 61, 120))), policy=policy)
    assert [one.tier for one in done] == [Tier.SMALL, Tier.CACHE, Tier.SMALL, Tier.CACHE]
    assert done[3].source == done[2].row


async def test_an_answer_does_not_leave_its_direct_messages() -> None:
    done, summary = await play(make_row(1, EASY, channel="D-anna", key="a"), make_row(2, EASY, key="a"))
    assert [one.tier for one in done] == [Tier.SMALL, Tier.SMALL]
    assert summary.missed_hits == 0


async def test_a_hit_for_another_key_is_told_as_false() -> None:
    _, summary = await play(make_row(1, EASY, key="a"), make_row(2, EASY, key="b"))
    assert (summary.served[Tier.CACHE], summary.false_hits, summary.missed_hits) == (1, 1, 0)


async def test_the_cost_is_the_ledgers_beside_that_of_the_frontier_model_alone() -> None:
    done, summary = await play(make_row(1, EASY), make_row(2, HARD), make_row(3, EASY))
    assert summary.cost_usd == sum(one.usd or 0 for one in done) > 0
    hard = done[1]
    assert (hard.tier, hard.usd) == (Tier.FRONTIER, hard.frontier_usd)
    assert done[0].frontier_usd == done[2].frontier_usd
    assert summary.all_frontier_cost_usd == sum(one.frontier_usd or 0 for one in done) > summary.cost_usd


async def test_the_models_natural_latency_is_counted_and_not_waited_for() -> None:
    begun = time.perf_counter()
    done, summary = await play(*(make_row(number, HARD + " " + "again " * number) for number in range(20)))
    assert time.perf_counter() - begun < sum(one.latency_ms for one in done) / 1000
    assert all(one.latency_ms >= 1050 for one in done)
    assert summary.latency_ms[Tier.FRONTIER].p50 == sorted(round(one.latency_ms, 3) for one in done)[9]


async def test_a_paid_policys_models_are_simulated_at_their_prices() -> None:
    done, _ = await play(make_row(1, EASY), make_row(2, HARD), policy=parse_policy(PAID, "paid"))
    assert [one.model for one in done] == ["simulated/small", "simulated/frontier"]
    assert done[0].usd is not None
    assert done[0].frontier_usd == 2 * done[0].usd


async def test_a_question_that_nobody_could_answer_does_not_hold_up_the_next() -> None:
    cut = PAID.replace('-x" }', '-x", max_output_tokens = 16 }')
    done, summary = await play(make_row(1, EASY), make_row(2, EASY), policy=parse_policy(cut, "cut"))
    assert [(one.tier, one.model) for one in done] == [(None, ""), (None, "")]
    assert [one.reasons[0].count("simulated/small") for one in done] == [1, 1]
    assert summary.served == dict.fromkeys(Tier, 0)
    assert summary.cost_usd > 0


async def test_a_declined_question_is_counted_and_costs_nothing_anywhere() -> None:
    (declined,), summary = await play(make_row(1, "x" * 9000))
    assert (declined.tier, declined.frontier_usd) == (None, Decimal(0))
    assert "too long" in declined.reasons[0]
    assert (summary.questions, summary.all_frontier_cost_usd) == (1, Decimal(0))


async def test_without_a_cache_in_the_policy_every_question_goes_to_a_model() -> None:
    done, _ = await play(make_row(1, EASY), make_row(2, EASY), policy=make_policy('[cache]\nmode = "off"\n'))
    assert [one.tier for one in done] == [Tier.SMALL, Tier.SMALL]


async def test_the_label_says_how_fast_an_answer_ages_where_there_is_one() -> None:
    done, _ = await play(make_row(1, EASY, volatility="live"), make_row(2, EASY))
    assert [one.volatility for one in done] == [Volatility.LIVE, Volatility.STABLE]


@pytest.mark.parametrize("shared", ["embedder", "judge"])
def test_nothing_beside_the_tiers_calls_a_model_of_the_policy(shared: str) -> None:
    cache = '[cache]\nembedder = "openai/e"\nembedder_size = 8\nsimilarity = 0.9\njudge = "frontier"\ndeadline_ms = 99\n'
    policy = replayable(make_policy(cache))
    assert {"embedder": policy.cache.embedder, "judge": policy.cache.judge}[shared] == {"embedder": WORDLLAMA, "judge": "off"}[shared]
    assert (policy.cache.similarity, policy.cache.deadline_ms, policy.cache.mode) == (None, 99, Mode.ON)


def test_a_similarity_for_the_embedder_in_use_is_kept() -> None:
    assert replayable(make_policy("[cache]\nsimilarity = 0.9\n")).cache.similarity == 0.9
