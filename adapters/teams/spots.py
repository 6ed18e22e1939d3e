"""Where our messages stand in Teams."""

from dataclasses import dataclass, replace

from adapters.teams.inbound import THREAD
from bot.store.addresses import Address, Setting


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a message: a conversation, or a thread of it. `message` is empty for one that is still to be posted.

    `to` is the one person who sees it; empty for everybody there. `about` is the private message that it replies to.
    """

    address: Address
    thread: str = ""
    message: str = ""
    to: str = ""
    about: str = ""

    @property
    def conversation(self) -> str:
        """The conversation's id as Teams takes it; in a channel a thread belongs to it."""
        threaded = self.thread and self.address.setting is Setting.CHANNEL
        return f"{self.address.channel}{THREAD}{self.thread}" if threaded else self.address.channel

    def at(self, message: str) -> "Spot":
        """Return the place of a message that stands here."""
        return replace(self, message=message)
