"""One tier's targets, asked in order until one gives a usable answer."""

import time
from collections.abc import Sequence
from dataclasses import replace

from router.types import Attempt, Clock, Completion, Model, ModelFailure, Outcome, Prompt, Tier

FINAL = frozenset({Outcome.REFUSED, Outcome.TOO_LONG})
"""Outcomes that another model would share: the request itself is the trouble."""


class Chain:
    """A tier that calls models."""

    def __init__(self, tier: Tier, models: Sequence[Model], clock: Clock) -> None:
        self.tier = tier
        self._models = models
        self._clock = clock

    async def ask(self, prompt: Prompt) -> tuple[Completion | None, tuple[Attempt, ...]]:
        """Return the first usable answer, if any, and every attempt, in order."""
        attempts: list[Attempt] = []
        for model in self._models:
            completion, attempt = await self._attempt(model, prompt)
            attempts.append(attempt)
            if completion or attempt.outcome in FINAL:
                return completion, tuple(attempts)
        return None, tuple(attempts)

    async def _attempt(self, model: Model, prompt: Prompt) -> tuple[Completion | None, Attempt]:
        attempt, started = Attempt(self.tier, model.name, Outcome.ANSWERED, 0, self._clock()), time.monotonic()
        attempt = replace(attempt, provider=provider_of(model.name))
        try:
            said = await model.complete(prompt)
        except ModelFailure as failed:
            attempt = replace(attempt, outcome=failed.outcome, usage=failed.usage, cost=failed.cost, detail=failed.detail)
            return None, replace(attempt, latency_ms=elapsed_ms(started))
        attempt = replace(attempt, latency_ms=elapsed_ms(started), model=said.model, usage=said.usage, cost=said.cost)
        return said, replace(attempt, provider=said.provider or attempt.provider, trace_id=said.trace_id)


def provider_of(target: str) -> str:
    """Return the provider that a target's name starts with: LiteLLM calls those without one OpenAI's."""
    return target.partition("/")[0] if "/" in target else "openai"


def elapsed_ms(started: float) -> int:
    """Return the milliseconds since a reading of `time.monotonic`."""
    return round((time.monotonic() - started) * 1000)
