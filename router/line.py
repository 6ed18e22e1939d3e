"""How a chain reaches its targets: one call at a time, or through a gateway that goes through several by itself."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from router.types import Completion, Model, ModelFailure, Prompt


@dataclass(frozen=True, slots=True)
class Reached:
    """What one target said, or how it failed, and the milliseconds that it took. `trace_id` is a gateway's name for the call."""

    result: Completion | ModelFailure
    latency_ms: int
    trace_id: str = ""


class Line(Protocol):
    """The way to a tier's targets."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets' names in the policy, in their order."""

    async def ask(self, prompt: Prompt, places: Sequence[int], seconds: float) -> tuple[Reached, ...]:
        """Ask the targets at these places in this order, within so many seconds; return one result for each that was asked.

        At least the first is asked; a completion is the last result, and the places after it were not asked. Never raises.
        """


class Direct:
    """Calls one target and leaves the rest to the chain."""

    def __init__(self, models: Sequence[Model]) -> None:
        self._models = models

    @property
    def targets(self) -> tuple[str, ...]:
        """The models' names."""
        return tuple(model.name for model in self._models)

    async def ask(self, prompt: Prompt, places: Sequence[int], seconds: float) -> tuple[Reached, ...]:  # noqa: ARG002 (the chain cuts it off)
        """Ask the first of the places."""
        started = time.monotonic()
        try:
            result: Completion | ModelFailure = await self._models[places[0]].complete(prompt)
        except ModelFailure as failure:
            result = failure
        return (Reached(result, elapsed_ms(started)),)


def elapsed_ms(started: float) -> int:
    """Return the milliseconds since a reading of `time.monotonic`."""
    return round((time.monotonic() - started) * 1000)
