"""Sends signed Slack events at a steady rate and measures how long each acknowledgement takes."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass

import aiohttp

from bot.bench.stub import TEAM

CHANNELS, USERS = 200, 100
TEXT = "<@U0BENCHBOT> what is the default administrative distance of OSPF on Cisco IOS? ({number})"


@dataclass(frozen=True, slots=True)
class Acks:
    """The milliseconds of each acknowledgement, sorted, and how many events were not acknowledged with 200."""

    milliseconds: tuple[float, ...]
    refused: int

    def at(self, share: float) -> float:
        """Return the latency that this share of the acknowledgements does not exceed."""
        return (
            self.milliseconds[min(int(share * len(self.milliseconds)), len(self.milliseconds) - 1)] if self.milliseconds else float("nan")
        )


def event(number: int) -> bytes:
    """Return the body of one mention."""
    ts = f"{1_700_000_000 + number}.000100"
    mention = {
        "type": "app_mention",
        "user": f"U{number % USERS:05d}",
        "text": TEXT.format(number=number),
        "ts": ts,
        "channel": f"C{number % CHANNELS:05d}",
        "event_ts": ts,
    }
    envelope = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0BENCH", "event_id": f"Ev{number:010d}", "event": mention}
    return json.dumps(envelope).encode()


def signed(body: bytes, secret: str) -> dict[str, str]:
    """Return the headers that Slack would send with a body."""
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


async def send(url: str, secret: str, *, rate: float, seconds: float, first: int = 0) -> Acks:
    """Send `rate` events a second for so long, each at its own time whether or not earlier ones are acknowledged."""
    taken: list[float] = []
    refused = 0

    async def one(client: aiohttp.ClientSession, number: int) -> None:
        nonlocal refused
        body = event(first + number)
        headers = signed(body, secret)
        begun = time.perf_counter()
        try:
            async with client.post(url, data=body, headers=headers) as response:
                await response.read()
                refused += response.status != 200  # noqa: PLR2004 (the only status that acknowledges)
        except aiohttp.ClientError:
            refused += 1
        taken.append((time.perf_counter() - begun) * 1000)

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client, asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(start + number / rate - time.perf_counter(), 0))
            group.create_task(one(client, number))
    return Acks(tuple(sorted(taken)), refused)
