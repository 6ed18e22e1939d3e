"""What a deployment tells the Slack adapter: secrets, addresses and decisions, as plain values."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import SecretStr

SLACK_API = "https://slack.com/api/"
"""Slack's own Web API, which `SLACK_API_URL` may replace."""

PATH = "/slack/events"
"""The one address for events, commands and interactions."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

FollowUps = Literal["mention", "asker", "anyone"]
"""Who is answered in a thread of ours without a mention."""


class SlackConfigError(ValueError):
    """The Slack adapter cannot run with these options; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class SlackOptions:
    """How to reach Slack and how to behave there.

    `app_token` is empty in HTTP mode and turns Socket Mode on. `teams` are team ids that may use the bot beside its own.
    `pace_s` is the time between two posts into one channel after a short burst, in seconds; 0 turns pacing off
    (Slack allows about one message a second and channel: docs.slack.dev, Web API rate limits).
    """

    bot_token: SecretStr
    signing_secret: SecretStr
    app_token: SecretStr = field(default_factory=lambda: SecretStr(""))
    api_url: str = SLACK_API
    follow_ups: str = "asker"
    flag_reactions: tuple[str, ...] = ("-1", "thumbsdown")
    other_bots: bool = False
    external_channels: bool = False
    teams: tuple[str, ...] = ()
    pace_s: float = 1.0

    @property
    def socket_mode(self) -> bool:
        """Whether events come over websockets that we open, and not over HTTP."""
        return bool(self.app_token.get_secret_value())
