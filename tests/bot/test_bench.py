"""The bench measures a deployment that really answers."""

import json

from bot.bench.run import Measured, render, run_bench


async def test_every_event_of_a_short_bench_is_taken_and_answered() -> None:
    measured = await run_bench(rate=5, seconds=2)
    assert (measured.events, measured.refused) == (10, 0)
    assert measured.answered >= measured.events
    assert 0 < measured.ack_p50_ms <= measured.ack_p99_ms <= measured.ack_max_ms
    assert "peer that keeps nothing" in render(measured, as_json=False)
    assert Measured(**json.loads(render(measured, as_json=True))) == measured
