"""What every handler works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.models.views import View

from adapters.fields import Fields
from adapters.slack.channels import Channels
from adapters.slack.inbound import Identity
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import SlackMessage
from adapters.slack.speaker import Speaker
from bot.desk import Desk
from bot.reviewing import Reviewing
from router.types import Clock


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a submitted form: the block of the input, and what to say there."""

    block: str
    said: str


Handler = Callable[[Fields, Identity], Awaitable[SlackMessage | View | Mistake | None]]
"""Takes a payload and who we are. When it returns, all is committed.

A message goes into the answer to a command; a view takes the place of the dialog whose form was submitted, and a mistake keeps it.
"""


@dataclass(frozen=True, slots=True)
class Reception:
    """The bot's desk, and what an adapter adds to it."""

    options: SlackOptions
    desk: Desk
    clock: Clock
    new_id: Callable[[], str]
    channels: Channels
    speaker: Speaker
    reviewing: Reviewing | None = None
    """Where answers are reviewed, if anywhere in Slack."""
