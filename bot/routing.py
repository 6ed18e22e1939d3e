"""Puts the router together: a policy's models, their breakers, the chains over them. One breaker serves both tiers of a process."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.simulation import SIMULATED, Simulation
from router.breaker import Breakers
from router.cascade import Router
from router.chain import Chain
from router.line import Direct, Line
from router.policy import Policy
from router.prices import Prices
from router.shelf import Cache
from router.targets import Target
from router.types import Clock, Model, Tier


@asynccontextmanager
async def routing(policy: Policy, simulation: Simulation, clock: Clock, cache: Cache | None = None) -> AsyncIterator[Router]:
    """Yield the router over the policy's models. Imports LiteLLM, which takes seconds."""
    from router.litellm_setup import close_clients  # noqa: PLC0415 (as said above)

    simulated = await simulation.start(policy)
    breakers = Breakers()

    def chain(tier: Tier) -> Chain:
        targets = policy.tiers.of(tier).targets
        return Chain(tier, _direct(targets, policy, simulated), clock, [breakers.of(target.place) for target in targets])

    try:
        yield Router(policy, {tier: chain(tier) for tier in (Tier.SMALL, Tier.FRONTIER)}, cache)
    finally:
        await close_clients()
        await simulation.stop()


def _direct(targets: tuple[Target, ...], policy: Policy, simulated: str | None) -> Line:
    from router.litellm_model import LiteLLMModel  # noqa: PLC0415 (LiteLLM takes seconds to import)

    prices = Prices(policy.prices)

    def model(target: Target) -> Model:
        base = simulated if target.model.startswith(SIMULATED) else target.api_base
        return LiteLLMModel(target, prices, api_base=base, api_key=os.environ.get(target.api_key_env or "") or None)

    return Direct([model(target) for target in targets])
