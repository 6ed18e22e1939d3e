"""The simulated models of a policy: their server, and the switches that break them."""

import contextlib

from bot.store.switches import Switches
from bot.wording import TIERS
from router.policy import Policy
from router.simulated.faults import Fault
from router.simulated.models import PROVIDER as SIMULATED
from router.simulated.server import SimulatedModels
from router.types import Tier

__all__ = ["PREFIX", "SIMULATED", "Simulation", "simulated_roles"]

TURNS = ("first", "second", "third")
PREFIX = "simulated."
"""Switches of this prefix break the model that the rest names; the value is the fault."""


def simulated_roles(policy: Policy) -> dict[str, str]:
    """Return a policy's simulated models, the frontier model's first, each with what it does: `Frontier model, second`."""
    roles: dict[str, str] = {}
    for tier in (Tier.FRONTIER, Tier.SMALL):
        models = [target.model.removeprefix(SIMULATED) for target in policy.tiers.of(tier).targets if target.model.startswith(SIMULATED)]
        for turn, model in zip(TURNS, models, strict=False):
            roles.setdefault(model, f"{TIERS[tier]}, {turn}" if len(models) > 1 else TIERS[tier])
    return roles


class Simulation:
    """Runs the simulated models where a policy names any, broken as the switches say."""

    def __init__(self, switches: Switches, *, latency_scale: float = 1.0) -> None:
        self._switches = switches
        self._models = SimulatedModels(latency_scale=latency_scale)
        self._running = False
        self._broken: frozenset[str] = frozenset()

    async def start(self, policy: Policy) -> str | None:
        """Start the server if the policy names a simulated model; return its base URL."""
        if not any(target.model.startswith(SIMULATED) for target in policy.targets()):
            return None
        self._running = True
        return await self._models.start()

    async def follow(self) -> None:
        """Break and mend models as the switches say now. Raises StoreUnavailable."""
        if not self._running:
            return
        wanted = {name.removeprefix(PREFIX): value for name, value in (await self._switches.all(PREFIX)).items()}
        for model in self._broken - wanted.keys():
            self._models.set_fault(model, None)
        broken = set()
        for model, value in wanted.items():
            # A switch that another version wrote must not stop an answer.
            with contextlib.suppress(ValueError):
                self._models.set_fault(model, Fault(value))
                broken.add(model)
        self._broken = frozenset(broken)

    async def stop(self) -> None:
        """Stop the server."""
        await self._models.stop()
