"""The kill switch: a tier that is paused is not called by any worker, until it is resumed."""

import json
from dataclasses import dataclass
from datetime import datetime

from bot.store.switches import Switches
from router.types import Clock, Tier

PREFIX = "paused."
"""A switch for each tier that is paused."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when a tier is paused, and the operator's reason, which people are told."""

    tier: Tier
    since: datetime
    reason: str


async def pause(switches: Switches, tier: Tier, reason: str, clock: Clock) -> Pause:
    """Pause a tier. Raises StoreUnavailable."""
    made = Pause(tier, clock(), reason)
    await switches.set(PREFIX + tier.value, json.dumps({"since": made.since.isoformat(), "reason": reason}))
    return made


async def resume(switches: Switches, tier: Tier) -> bool:
    """Let a tier be called again; False when it was not paused. Raises StoreUnavailable."""
    paused = await pause_of(switches, tier) is not None
    await switches.set(PREFIX + tier.value, "")
    return paused


async def pause_of(switches: Switches, tier: Tier) -> Pause | None:
    """Return how a tier is paused; None when it is not. Raises StoreUnavailable."""
    value = (await switches.all(PREFIX + tier.value)).get(PREFIX + tier.value)
    if not value:
        return None
    said = json.loads(value)
    return Pause(tier, datetime.fromisoformat(said["since"]), said["reason"])
