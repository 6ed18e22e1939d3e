"""Measures falling back: a provider that hangs, ours beside LiteLLM's Router, and what a gateway adds to a call."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.bench.latency import at
from bot.deployment import utc_now
from bot.routing import make_line
from router.breaker import Breakers
from router.chain import Chain
from router.policy import Policy, parse_policy
from router.portkey import Gateway, base_of
from router.simulated.faults import Fault
from router.simulated.server import SimulatedModels
from router.targets import GatewayPolicy
from router.types import Prompt, Tier

A, B, HEALTHY = "frontier-a", "frontier-b", "frontier-c"
LIMIT_S = 1.0
"""How long a silent model is waited for."""
ANSWER_S = 0.2
QUESTIONS = 8
"""One after another, of which the first three open the breaker: all within its first pause."""
OPENING = 3
CALLS = 30
FIRST_GRACE_S = 0.5
OPEN_GRACE_S = 0.1

POLICY = f"""
[tiers.small]
targets = [{{ model = "simulated/{HEALTHY}" }}]
[tiers.frontier]
targets = [
  {{ model = "simulated/{A}", first_byte_s = {LIMIT_S} }},
  {{ model = "simulated/{B}", first_byte_s = {LIMIT_S} }},
]
"""
PROMPT = Prompt("Be brief.", "what is rfc1918")

Ask = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Fell:
    """Seconds until an answer of the second model while the first hangs: each question's, ours and LiteLLM's Router's.

    `answer_s` is the second model's answer alone. `first_kept` and `open_kept` tell whether ours keep what is promised.
    """

    limit_s: float
    answer_s: float
    ours_s: tuple[float, ...]
    litellm_router_s: tuple[float, ...]
    first_kept: bool
    open_kept: bool


@dataclass(frozen=True, slots=True)
class Hop:
    """A call of a healthy model, directly and through the gateway: median milliseconds, and their ratio."""

    direct_ms: float
    gateway_ms: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Fallback:
    """Both parts; `gateway` is None where none was named."""

    hanging: Fell
    gateway: Hop | None


async def run_fallback(gateway_url: str, report: Callable[[str], None]) -> Fallback:
    """Measure; with a gateway's address that, too. Imports LiteLLM."""
    policy = parse_policy(POLICY, "bench")
    async with _models() as (models, base):
        report("a first model that hangs, ours")
        models.set_fault(A, Fault.HANG)
        ours, alone = await _ours(policy, base)
        report("the same with LiteLLM's Router")
        router = await _litellm_router(base)
        report("a call through the gateway")
        hop = await _hop(policy, base, gateway_url) if gateway_url else None
    answer_s = at(sorted(alone), 0.5)
    still_closed, opened = ours[0], max(ours[OPENING:])
    kept = (still_closed <= LIMIT_S + answer_s + FIRST_GRACE_S, opened <= answer_s + OPEN_GRACE_S)
    return Fallback(Fell(LIMIT_S, answer_s, ours, router, *kept), hop)


@asynccontextmanager
async def _models() -> AsyncIterator[tuple[SimulatedModels, str]]:
    from router.litellm_call import warm_up  # noqa: PLC0415 (LiteLLM takes seconds to import)
    from router.litellm_setup import close_clients  # noqa: PLC0415 (as above)

    models = SimulatedModels()
    base = await models.start()
    for name in (A, B, HEALTHY):
        models.set_latency(name, ANSWER_S)
    await warm_up()
    try:
        yield models, base
    finally:
        await close_clients()
        await models.stop()


async def _ours(policy: Policy, base: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the seconds of questions whose first model hangs, and those of the second model alone."""
    line, breakers = make_line(Tier.FRONTIER, policy, base, None), Breakers()
    second = [breakers.of(B)]
    both = Chain(Tier.FRONTIER, line, utc_now, [breakers.of(A), *second])
    await line.ask(PROMPT, [1], LIMIT_S)  # the first stream of a process loads what it needs
    alone = await _timed(lambda: line.ask(PROMPT, [1], LIMIT_S), QUESTIONS)
    return await _timed(lambda: both.ask(PROMPT), QUESTIONS), alone


async def _litellm_router(base: str) -> tuple[float, ...]:
    from bot.bench.fallback_peer import LiteLLMRouter  # noqa: PLC0415 (it imports LiteLLM)

    peer = LiteLLMRouter(base, A, B, LIMIT_S)
    return await _timed(lambda: peer.ask(PROMPT), QUESTIONS)


async def _hop(policy: Policy, base: str, url: str) -> Hop:
    gateway = Gateway(GatewayPolicy(), base_of(url), "", "bench")
    direct, through = (make_line(Tier.SMALL, policy, base, way) for way in (None, gateway))
    taken = []
    for line in (direct, through):
        ask = partial(line.ask, PROMPT, [0], 10.0)
        await ask()
        taken.append(at(sorted(await _timed(ask, CALLS)), 0.5) * 1000)
    return Hop(round(taken[0], 1), round(taken[1], 1), round(taken[1] / taken[0], 3))


async def _timed(ask: Ask, times: int) -> tuple[float, ...]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        taken.append(round(time.perf_counter() - began, 4))
    return tuple(taken)
