"""The acknowledgement part of `switchboard bench`: a real deployment on this machine, beside a peer that keeps nothing."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.bench.load import Acks, send
from bot.bench.platform import BenchPlatform, Stub
from bot.bench.slack import SlackBench
from bot.bench.teams import TeamsBench
from bot.demo.stack import prepare, running
from bot.deployment import Deployment, open_store, read_deployment
from bot.store.inbox import State
from router.difficulty import decide
from router.policy import Routing

PLATFORMS: Mapping[str, Callable[[], BenchPlatform]] = {"slack": SlackBench, "teams": TeamsBench}
WARM_UP_S = 3.0
DRAIN_S = 300.0
QUESTIONS = (
    "what's the BGP peer status on router edge-1?",
    "why can an OSPF adjacency flap after a link-state database overflow?",
    "how do i clear the arp cache on junos",
    "compare route reflectors with a confederation for a 60-router backbone: which trade-offs matter?",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run measured. Latencies are milliseconds; the peer acknowledges the same events without keeping them."""

    platform: str
    events: int
    rate: float
    refused: int
    ack_p50_ms: float
    ack_p99_ms: float
    ack_max_ms: float
    peer_p50_ms: float
    peer_p99_ms: float
    ack_to_peer_p50: float
    ack_to_peer_p99: float
    answered: int
    answers_per_s: float
    decision_us: float


@dataclass(frozen=True, slots=True)
class Run:
    """How fast events were sent, how many were answered, and how many seconds that took."""

    rate: float
    answered: int
    elapsed_s: float


async def run_bench(rate: float, seconds: float, platform: str = "slack") -> Measured:
    """Run a deployment with one worker over simulated models, and load it from a platform. Loopback only."""
    bench = PLATFORMS[platform]()
    stub = Stub(bench)
    base = await stub.start()
    outgoing = partial(bench.outgoing, base=base)
    try:
        with tempfile.TemporaryDirectory(prefix="switchboard-bench-", ignore_cleanup_errors=True) as folder:
            deployment, environment = _prepared(Path(folder), bench, base)
            async with running(deployment, environment, asyncio.Event(), demo=False, quiet=True) as address:
                url = f"{address}{bench.path}"
                await send(url, outgoing, rate=rate, seconds=WARM_UP_S, first=10_000_000)
                peer = await send(f"{base}/peer", outgoing, rate=rate, seconds=seconds)
                begun = time.perf_counter()
                acks = await send(url, outgoing, rate=rate, seconds=seconds)
                answered = await _drained(deployment)
                elapsed = time.perf_counter() - begun
    finally:
        await stub.stop()
    return _measured(platform, acks, peer, Run(rate, answered, elapsed))


def _prepared(folder: Path, bench: BenchPlatform, base: str) -> tuple[Deployment, Mapping[str, str]]:
    """Write a policy of simulated models, and turn the platform on, at an address of ours."""
    _, environment = prepare(folder, 0)
    policy = Path(environment["SWITCHBOARD_POLICY"])
    policy.write_text(bench.policy(policy.read_text(encoding="utf-8"), base), encoding="utf-8")
    environment = {**environment, **bench.settings(base)}
    return read_deployment(environment), environment


async def _drained(deployment: Deployment) -> int:
    """Wait until every event is answered, and return how many are."""
    async with open_store(deployment.settings) as store, asyncio.timeout(DRAIN_S):
        while True:
            counts = await store.inbox.counts()
            if not counts.keys() & {State.WAITING, State.RECORDED}:
                return counts.get(State.DONE, 0)
            await asyncio.sleep(0.2)


def _measured(platform: str, acks: Acks, peer: Acks, run: Run) -> Measured:
    return Measured(
        platform=platform,
        events=len(acks.milliseconds),
        rate=run.rate,
        refused=acks.refused,
        ack_p50_ms=round(acks.at(0.5), 2),
        ack_p99_ms=round(acks.at(0.99), 2),
        ack_max_ms=round(acks.at(1), 2),
        peer_p50_ms=round(peer.at(0.5), 2),
        peer_p99_ms=round(peer.at(0.99), 2),
        ack_to_peer_p50=round(acks.at(0.5) / peer.at(0.5), 1),
        ack_to_peer_p99=round(acks.at(0.99) / peer.at(0.99), 1),
        answered=run.answered,
        answers_per_s=round(len(acks.milliseconds) / run.elapsed_s, 1),
        decision_us=round(_decision_us(), 1),
    )


def _decision_us() -> float:
    """Return the microseconds of one routing decision, on the average of a mix."""
    rounds, routing = 500, Routing()
    begun = time.perf_counter()
    for _ in range(rounds):
        for question in QUESTIONS:
            decide(question, routing)
    return (time.perf_counter() - begun) / (rounds * len(QUESTIONS)) * 1e6
