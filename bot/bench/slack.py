"""Slack for the bench: signed mentions, and a stand-in for the Web API that accepts everything."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping

from aiohttp import web

from bot.bench.platform import Outgoing

TEAM, BOT_USER, BOT = "T0BENCH", "U0BENCHBOT", "B0BENCHBOT"
SECRET = "bench-signing-secret"  # noqa: S105 (of a deployment that lives for one measurement)
CHANNELS, USERS = 200, 100
TEXT = "<@U0BENCHBOT> what is the default administrative distance of OSPF on Cisco IOS? ({number})"


class SlackBench:
    """One workspace of 200 channels and 100 people."""

    path = "/slack/events"

    def __init__(self) -> None:
        self._ts = itertools.count(1)

    def routes(self) -> tuple[web.RouteDef, ...]:
        """Return the Web API."""
        return (web.post("/api/{method}", self._call), web.get("/api/{method}", self._call))

    def settings(self, base: str) -> Mapping[str, str]:
        """Return a bot token, the signing secret and the stand-in's address."""
        return {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{base}/api/"}

    def policy(self, policy: str, base: str) -> str:
        """Return the policy as it is."""
        del base
        return policy

    def outgoing(self, number: int, base: str) -> Outgoing:
        """Return one mention, with the headers that Slack would send."""
        del base
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
        body = json.dumps(envelope).encode()
        return Outgoing(body, _signed(body))

    async def _call(self, request: web.Request) -> web.Response:
        del request
        identity = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "url": "https://bench.slack.test/", "team": "bench", "user": "bot"}
        return web.json_response({"ok": True, "ts": f"{next(self._ts)}.000100", "channel": "C0BENCH", **identity})


def _signed(body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
