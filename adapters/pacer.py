"""Keeps posts into one channel to the pace that its platform allows."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.types import DeliveryFailure

BURST = 10
"""Posts that one channel takes at once unless its platform wants fewer; Slack tolerates them (docs.slack.dev, Web API rate limits)."""

PATIENCE_S = 3.0
"""A post waits here for its turn at most so long; a worker that waits longer answers nobody else meanwhile."""

CHANNELS = 1_000
"""Channels remembered; the longest unused is forgotten first."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    closed_until: float = 0.0


class Pacer:
    """One token bucket per channel. Turns are given in order; whose turn is too far away is told when to come back."""

    def __init__(
        self,
        pace_s: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        burst: int = BURST,
    ) -> None:
        self._pace = pace_s
        self._burst = float(burst)
        self._now = now
        self._sleep = sleep
        self._buckets: dict[str, _Bucket] = {}

    async def take(self, channel: str) -> None:
        """Wait for one's turn to post. Raises DeliveryFailure with the seconds to wait when it is not near."""
        bucket = self._refilled(channel)
        turn = (1 - bucket.tokens) * self._pace if bucket.tokens < 1 else 0.0
        wait = max(turn, bucket.closed_until - self._now())
        if wait > PATIENCE_S:
            raise DeliveryFailure("paced", retry_after_s=wait)
        bucket.tokens -= 1
        if wait > 0:
            await self._sleep(wait)

    def close(self, channel: str, seconds: float) -> None:
        """Let nobody post into a channel for a while: the platform said so for one, and it holds for all."""
        self._refilled(channel).closed_until = self._now() + seconds

    def _refilled(self, channel: str) -> _Bucket:
        bucket = self._buckets.pop(channel, None) or _Bucket(self._burst, self._now())
        if self._pace > 0:
            bucket.tokens = min(self._burst, bucket.tokens + (self._now() - bucket.at) / self._pace)
        else:
            bucket.tokens = self._burst
        bucket.at = self._now()
        self._buckets[channel] = bucket
        while len(self._buckets) > CHANNELS:
            del self._buckets[next(iter(self._buckets))]
        return bucket
