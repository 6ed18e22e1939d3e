"""One tier's targets, asked in order until one gives a usable answer."""

import time
from collections.abc import Sequence

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
        started_at, started = self._clock(), time.monotonic()
        try:
            completion = await model.complete(prompt)
        except ModelFailure as failure:
            attempt = Attempt(
                tier=self.tier,
                target=model.name,
                outcome=failure.outcome,
                latency_ms=elapsed_ms(started),
                started_at=started_at,
                usage=failure.usage,
                cost=failure.cost,
                detail=failure.detail,
            )
            return None, attempt
        attempt = Attempt(
            tier=self.tier,
            target=model.name,
            outcome=Outcome.ANSWERED,
            latency_ms=elapsed_ms(started),
            started_at=started_at,
            model=completion.model,
            usage=completion.usage,
            cost=completion.cost,
        )
        return completion, attempt


def elapsed_ms(started: float) -> int:
    """Return the milliseconds since a reading of `time.monotonic`."""
    return round((time.monotonic() - started) * 1000)
