"""Sends events at a steady rate and measures how long each acknowledgement takes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.bench.platform import Outgoing

ACKNOWLEDGED = (200, 202)


@dataclass(frozen=True, slots=True)
class Acks:
    """The milliseconds of each acknowledgement, sorted, and how many events were not acknowledged."""

    milliseconds: tuple[float, ...]
    refused: int

    def at(self, share: float) -> float:
        """Return the latency that this share of the acknowledgements does not exceed."""
        return (
            self.milliseconds[min(int(share * len(self.milliseconds)), len(self.milliseconds) - 1)] if self.milliseconds else float("nan")
        )


async def send(url: str, outgoing: Callable[[int], Outgoing], *, rate: float, seconds: float, first: int = 0) -> Acks:
    """Send `rate` events a second for so long, each at its own time whether or not earlier ones are acknowledged."""
    taken: list[float] = []
    refused = 0

    async def one(client: aiohttp.ClientSession, number: int) -> None:
        nonlocal refused
        event = outgoing(first + number)
        begun = time.perf_counter()
        try:
            async with client.post(url, data=event.body, headers=event.headers) as response:
                await response.read()
                refused += response.status not in ACKNOWLEDGED
        except aiohttp.ClientError:
            refused += 1
        taken.append((time.perf_counter() - begun) * 1000)

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client, asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(start + number / rate - time.perf_counter(), 0))
            group.create_task(one(client, number))
    return Acks(tuple(sorted(taken)), refused)
