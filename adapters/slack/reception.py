"""What every handler works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.fields import Fields
from adapters.slack.channels import Channels
from adapters.slack.inbound import Identity
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import SlackMessage
from adapters.slack.speaker import Speaker
from bot.desk import Desk
from router.types import Clock

Handler = Callable[[Fields, Identity], Awaitable[SlackMessage | None]]
"""Takes a payload and who we are. When it returns, all is committed; a message goes into the answer to a command."""


@dataclass(frozen=True, slots=True)
class Reception:
    """The bot's desk, and what an adapter adds to it."""

    options: SlackOptions
    desk: Desk
    clock: Clock
    new_id: Callable[[], str]
    channels: Channels
    speaker: Speaker
