"""One tier's targets, asked in order until one gives a usable answer: limits, breakers, and a record of every attempt."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from router.breaker import Breaker, Breakers
from router.line import Line, Reached, elapsed_ms
from router.targets import ChainPolicy
from router.types import Attempt, Clock, Completion, ModelFailure, Outcome, Prompt, Tier, Unfinished

FINAL = frozenset({Outcome.REFUSED, Outcome.TOO_LONG})
"""Outcomes that another model would share: the request itself is the trouble."""
DEADLINE = "total deadline"
WAIT_JITTER_S = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """What a tier may use: calls, and seconds for all of them together."""

    calls: int = ChainPolicy().max_calls
    seconds: float = ChainPolicy().total_s
    wait_s: float = 0.0
    """The longest wait for a rate limit to end, where there is no other target."""


class Chain:
    """A tier that calls models. `breakers` guard its targets, in their order; without them each has one of its own."""

    def __init__(self, tier: Tier, line: Line, clock: Clock, breakers: Sequence[Breaker] | None = None) -> None:
        self.tier = tier
        self._line = line
        self._clock = clock
        self._breakers = breakers or [Breakers().of(name) for name in line.targets]

    async def ask(self, prompt: Prompt, limits: Limits | None = None) -> tuple[Completion | None, tuple[Attempt, ...]]:
        """Return the first usable answer, if any, and every attempt, in order: at least one."""
        limits = limits or Limits()
        turn = _Turn(prompt, limits, time.monotonic() + limits.seconds)
        completion = await self._go_through(turn, list(range(len(self._line.targets))))
        if completion is None and (place := self._worth_waiting(turn)) is not None:
            await asyncio.sleep(self._breakers[place].wait_s + WAIT_JITTER_S * random.random())  # noqa: S311 (no secret)
            completion = await self._go_through(turn, [place])
        return completion, tuple(turn.attempts)

    async def _go_through(self, turn: "_Turn", places: list[int]) -> Completion | None:
        """Ask the targets at these places until one answers or the limits are reached."""
        while places and turn.may_go_on():
            if not self._breakers[places[0]].admits():
                turn.attempts.append(self._skipped(places.pop(0)))
                continue
            open_ones = {place for place in places[1:] if self._breakers[place].wait_s > 0}
            asked = [place for place in places if place not in open_ones][: turn.calls_left]
            for place, reached in zip(asked, await self._ask(turn, asked), strict=False):
                places.remove(place)
                if isinstance(reached.result, Completion):
                    return reached.result
        return None

    async def _ask(self, turn: "_Turn", places: list[int]) -> tuple[Reached, ...]:
        """Make one call, note its attempts, and tell the breakers."""
        at, started, seconds = self._clock(), time.monotonic(), turn.seconds_left
        reached: tuple[Reached, ...] = ()
        try:
            async with asyncio.timeout(seconds):
                reached = await self._line.ask(turn.prompt, places, seconds)
        except TimeoutError:
            reached = (Reached(ModelFailure(Outcome.TIMEOUT, DEADLINE), elapsed_ms(started)),)
        finally:
            if not reached:
                self._breakers[places[0]].left()
        for place, one in zip(places, reached, strict=False):
            turn.attempts.append(self._attempt(place, one, at))
            _tell(self._breakers[place], one.result)
        return reached

    def _attempt(self, place: int, reached: Reached, at: datetime) -> Attempt:
        result, target = reached.result, self._line.targets[place]
        attempt = Attempt(self.tier, target, Outcome.ANSWERED, reached.latency_ms, at, usage=result.usage, cost=result.cost)
        attempt = replace(attempt, provider=provider_of(target), trace_id=reached.trace_id)
        if isinstance(result, ModelFailure):
            return replace(attempt, outcome=result.outcome, detail=result.detail)
        return replace(
            attempt, model=result.model, provider=result.provider or attempt.provider, trace_id=result.trace_id or reached.trace_id
        )

    def _skipped(self, place: int) -> Attempt:
        target = self._line.targets[place]
        return Attempt(self.tier, target, Outcome.SKIPPED, 0, self._clock(), provider=provider_of(target))

    def _worth_waiting(self, turn: "_Turn") -> int | None:
        """Return the place of the tier's only target where it is rate limited for a moment, and there is time for that."""
        if len(self._line.targets) > 1 or turn.attempts[-1].outcome is not Outcome.RATE_LIMITED or turn.calls_left < 1:
            return None
        wait_s = self._breakers[0].wait_s
        return 0 if 0 < wait_s <= min(turn.limits.wait_s, turn.seconds_left / 2) else None


class _Turn:
    """One question on its way through a chain."""

    def __init__(self, prompt: Prompt, limits: Limits, ends: float) -> None:
        self.prompt = prompt
        self.limits = limits
        self.attempts: list[Attempt] = []
        self._ends = ends

    @property
    def calls_left(self) -> int:
        return self.limits.calls - sum(attempt.called for attempt in self.attempts)

    @property
    def seconds_left(self) -> float:
        return self._ends - time.monotonic()

    def may_go_on(self) -> bool:
        """Whether another call may be made: neither calls nor seconds are used up, nor would every model fail alike."""
        final = bool(self.attempts) and self.attempts[-1].outcome in FINAL
        return not final and self.calls_left > 0 and self.seconds_left > 0


def _tell(breaker: Breaker, result: Completion | ModelFailure) -> None:
    """Tell a breaker how a call ended. A target that answered is sound, even if it turned the request down or stopped half-way."""
    if isinstance(result, ModelFailure) and result.outcome not in FINAL and not isinstance(result, Unfinished):
        breaker.failed(result.retry_after_s)
    else:
        breaker.succeeded()


def provider_of(target: str) -> str:
    """Return the provider that a target's name starts with: LiteLLM calls those without one OpenAI's."""
    return target.partition("/")[0] if "/" in target else "openai"
