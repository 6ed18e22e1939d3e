"""The bench measures a deployment that really answers, and a cache that really serves."""

import asyncio
import json
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bench.dashboard import run_dashboard
from bot.bench.fallback import QUESTIONS, run_fallback
from bot.bench.latency import timed
from bot.bench.lookup import questions, run_lookup
from bot.bench.questions import MOST, question
from bot.bench.report import NO_GATEWAY, render, to_json
from bot.bench.run import Measured, run_bench
from bot.bench.ticker import ticking
from bot.config import SettingsError
from router.sameness import compare, read
from tests.fakes.portkey_gateway import running_gateway


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_every_event_of_a_short_bench_is_taken_and_answered(platform: str) -> None:
    measured = await run_bench(rate=5, seconds=2, platform=platform)
    assert (measured.platform, measured.events, measured.refused) == (platform, 10, 0)
    assert measured.answered >= measured.events
    assert 0 < measured.ack_p50_ms <= measured.ack_p99_ms <= measured.ack_max_ms
    assert "peer that keeps nothing" in render(measured, None)
    assert Measured(**json.loads(to_json(measured, None))) == measured


async def test_a_small_cache_is_filled_and_looked_up_in_beside_its_peers() -> None:
    said: list[str] = []
    looked = await run_lookup(60, said.append, look_ups=40, settle_s=0)
    (size,) = looked.sizes
    assert (size.entries, size.ours.calls, size.cosine.calls, size.local_mode.calls) == (60, 40, 40, 40)
    assert 10 <= size.ours.found == size.local_mode.found <= 20
    assert 0 < size.ours.p50_ms <= size.ours.p99_ms <= size.ours.max_ms
    assert len(looked.stalls) == 6
    assert any("filling" in line for line in said)


async def test_the_report_shows_the_peers_beside_the_cache_and_the_stalls() -> None:
    looked = await run_lookup(10, lambda _: None, look_ups=4, settle_s=0)
    text = render(None, looked)
    assert "among 10 answers" in text
    assert text.count(" times ours") == 2
    assert "emptying and closing" in text
    found = json.loads(to_json(None, looked))
    assert found.keys() == {"sizes", "stalls"}
    assert found["sizes"][0]["ours"]["calls"] == 4


async def test_the_overview_is_timed_among_the_questions_of_a_month() -> None:
    said: list[str] = []
    pages = await run_dashboard(200, "", said.append)
    assert [page.days for page in pages.overview] == [7, 30, 90]
    assert all(page.taken.found == page.taken.calls for page in pages.overview), "every page was there"
    assert "filling: 200 of 200 questions" in said
    assert "among 200 questions of 30 days on SQLite" in render(None, None, pages=pages)
    assert json.loads(to_json(None, None, pages=pages))["dashboard"]["questions"] == 200


async def test_a_database_that_is_in_use_is_not_filled_with_made_up_questions(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'used.sqlite3'}"
    await run_dashboard(20, url, lambda _: None)
    with pytest.raises(SettingsError, match="name one that has none"):
        await run_dashboard(20, url, lambda _: None)


def test_the_questions_are_distinct() -> None:
    assert len({question(number).first for number in range(MOST)}) == MOST


@pytest.mark.parametrize("number", [0, 5, 1, 6, 2, 3, 4, 99_998])
def test_a_question_is_the_same_in_other_words_and_another_of_another_device(number: int) -> None:
    asked = question(number)
    first = read(asked.first)
    assert first.standalone
    assert compare(first, read(asked.again), 0.9, 0.25).same
    assert not compare(first, read(asked.other), 0.9, 0.25).same
    assert not compare(first, read(asked.new), 0.9, 0.25).same


def test_half_of_what_is_looked_up_is_remembered_in_other_words() -> None:
    remembered = {question(number).again for number in range(100)}
    drawn = questions(random.Random(1), 100, 40)
    assert sum(text in remembered for text in drawn) == 20


async def test_the_ticker_sees_how_long_the_loop_stood_still() -> None:
    async with ticking() as ticker:
        await asyncio.sleep(0.005)
        time.sleep(0.05)  # noqa: ASYNC251 (it is to block)
        await asyncio.sleep(0.005)
    assert 45 <= ticker.longest_ms < 500


async def test_calls_are_timed_until_the_time_is_up() -> None:
    async def even(number: int) -> bool:
        await asyncio.sleep(0.01)
        return number % 2 == 0

    all_of_them = await timed(even, range(4), within_s=5)
    assert (all_of_them.calls, all_of_them.found) == (4, 2)
    assert all_of_them.p50_ms >= 9
    assert (await timed(even, range(1000), within_s=0.0)).calls == 1


async def test_the_bench_of_falling_back_sets_ours_beside_litellms_router_and_the_gateway() -> None:
    said: list[str] = []
    async with running_gateway() as url:
        measured = await run_fallback(url, said.append)
    hanging = measured.hanging
    assert len(hanging.ours_s) == len(hanging.litellm_router_s) == QUESTIONS
    assert min(hanging.ours_s[:3]) >= hanging.limit_s
    assert max(hanging.ours_s[3:]) < hanging.limit_s <= min(hanging.litellm_router_s)
    assert measured.gateway
    assert measured.gateway.gateway_ms > hanging.answer_s * 1000 / 2
    text = render(None, None, measured)
    assert "LiteLLM's Router" in text
    assert "Through the gateway:" in text
    assert json.loads(to_json(None, None, measured))["fallback"]["hanging"]["limit_s"] == hanging.limit_s
    assert NO_GATEWAY in render(None, None, replace(measured, gateway=None))
