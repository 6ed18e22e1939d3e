"""The recorded shapes of Slack's payloads, and who we are in them."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from adapters.fields import Fields
from adapters.slack.inbound import Identity
from adapters.slack.options import SlackOptions
from bot.types import Answered, Badge
from router.types import CostSource

FOLDER = Path(__file__).parents[1] / "payloads" / "slack"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))

ME = Identity("T0NETOPS1", "U0SWITCH1", "B0SWITCH1")
SECRET = "shh-signing"
OPTIONS = SlackOptions(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr(SECRET), pace_s=0)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

ANSWER = Answered(
    text="Restart the exporter.",
    badge=Badge.SMALL,
    model="simulated/small",
    seconds=0.94,
    usd=Decimal("0.0004"),
    cost_source=CostSource.REPORTED,
    reasons=("a look-up", "short"),
    can_escalate=True,
)


def payload(name: str) -> dict[str, object]:
    """Return a recorded payload, fresh each time."""
    value: dict[str, object] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return value


def event(name: str, **changes: object) -> Fields:
    """Return a recorded event with some of its event's fields changed; None takes a field away."""
    value = payload(name)
    inner = value["event"]
    assert isinstance(inner, dict)
    inner.update(changes)
    for field in [field for field, new in changes.items() if new is None]:
        del inner[field]
    return Fields(value)


def options(**changes: object) -> SlackOptions:
    """Return the options with some changed."""
    return replace(OPTIONS, **changes)  # type: ignore[arg-type]  # a test names what it changes


def signed(body: bytes, at: datetime, *, secret: str = SECRET) -> dict[str, str]:
    """Return the two headers that Slack signs a body with."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
