"""Keeps posts into one channel to the pace that Slack allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.types import DeliveryFailure

BURST = 10
"""Posts that one channel takes at once; Slack tolerates short bursts (docs.slack.dev, Web API rate limits)."""

CHANNELS = 1_000
"""Channels remembered; the longest unused is forgotten first."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    closed_until: float = 0.0


class Pacer:
    """One token bucket per channel. It never sleeps: who may not post yet is told when, and the inbox keeps the question."""

    def __init__(self, pace_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace_s
        self._now = now
        self._buckets: dict[str, _Bucket] = {}

    def take(self, channel: str) -> None:
        """Take leave to post. Raises DeliveryFailure with the seconds to wait."""
        bucket = self._refilled(channel)
        wait = bucket.closed_until - self._now()
        if wait <= 0 and bucket.tokens < 1 and self._pace > 0:
            wait = (1 - bucket.tokens) * self._pace
        if wait > 0:
            raise DeliveryFailure("paced", retry_after_s=wait)
        bucket.tokens -= 1

    def close(self, channel: str, seconds: float) -> None:
        """Let nobody post into a channel for a while: Slack said so for one, and it holds for all."""
        self._refilled(channel).closed_until = self._now() + seconds

    def _refilled(self, channel: str) -> _Bucket:
        bucket = self._buckets.pop(channel, None) or _Bucket(float(BURST), self._now())
        if self._pace > 0:
            bucket.tokens = min(float(BURST), bucket.tokens + (self._now() - bucket.at) / self._pace)
        else:
            bucket.tokens = float(BURST)
        bucket.at = self._now()
        self._buckets[channel] = bucket
        while len(self._buckets) > CHANNELS:
            del self._buckets[next(iter(self._buckets))]
        return bucket
