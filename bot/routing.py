"""Puts the router together: a policy's models, their breakers, the chains over them. One breaker serves both tiers of a process."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.feedback import Telling
from bot.simulation import SIMULATED, Simulation
from bot.store.inbox import Claim
from bot.store.store import Store
from router.breaker import Breakers
from router.cascade import Router
from router.chain import Chain
from router.line import Direct, Line
from router.policy import Policy
from router.portkey import Gateway
from router.prices import Prices
from router.shelf import Cache
from router.targets import Target
from router.types import Clock, Model, Tier


@asynccontextmanager
async def routing(
    policy: Policy, simulation: Simulation, clock: Clock, cache: Cache | None = None, gateway: Gateway | None = None
) -> AsyncIterator[Router]:
    """Yield the router over the policy's models, called directly or through the gateway. Imports LiteLLM, which takes seconds."""
    from router.litellm_call import warm_up  # noqa: PLC0415 (as said above)
    from router.litellm_setup import close_clients  # noqa: PLC0415 (as said above)

    await warm_up()
    simulated = await simulation.start(policy)
    breakers = Breakers()

    def chain(tier: Tier) -> Chain:
        targets = policy.tiers.of(tier).targets
        line = make_line(tier, policy, simulated or "", gateway)
        return Chain(tier, line, clock, [breakers.of(target.place) for target in targets])

    try:
        yield Router(policy, {tier: chain(tier) for tier in (Tier.SMALL, Tier.FRONTIER)}, cache)
    finally:
        await close_clients()
        await simulation.stop()


def make_line(tier: Tier, policy: Policy, simulated: str, gateway: Gateway | None) -> Line:
    """Return the way to a tier's targets. `simulated` is the address of the simulated models. Imports LiteLLM."""
    targets, prices = policy.tiers.of(tier).targets, Prices(policy.prices)
    if gateway:
        from router.portkey_line import PortkeyLine  # noqa: PLC0415 (Portkey's SDK takes seconds to import, too)

        return PortkeyLine(tier, targets, gateway, prices, simulated)
    from router.litellm_model import LiteLLMModel  # noqa: PLC0415 (LiteLLM takes seconds to import)

    def model(target: Target) -> Model:
        base = simulated if target.model.startswith(SIMULATED) else target.api_base
        return LiteLLMModel(target, prices, api_base=base, api_key=os.environ.get(target.api_key_env or "") or None)

    return Direct([model(target) for target in targets])


@asynccontextmanager
async def telling(store: Store, gateway: Gateway | None) -> AsyncIterator[Callable[[Claim], Awaitable[None]] | None]:
    """Yield what tells the gateway of flags, where it hears of them."""
    if gateway is None or not gateway.policy.feedback or not gateway.api_key:
        yield None
        return
    from router.portkey_feedback import PortkeyFeedback  # noqa: PLC0415 (Portkey's SDK takes seconds to import)

    feedback = PortkeyFeedback(gateway)
    try:
        yield Telling(store.inbox, store.flags, feedback).tell
    finally:
        await feedback.close()
