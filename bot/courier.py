"""The ports through which a platform is written to and read."""

from typing import Protocol

from bot.replies import Announcement
from bot.types import MessageRef, Question, Reply
from router.types import Turn


class Courier(Protocol):
    """Writes to one platform. Every method raises DeliveryFailure, nothing else."""

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show the first reply to a question and return where it stands.

        With `in_doubt` an earlier try may have arrived: it is looked for, and returned instead of posting again.
        """

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        """Replace what stands at `ref`. Safe to repeat. Raises MessageGone when nothing stands there."""

    async def say_privately(self, question: Question, reply: Reply) -> None:
        """Tell only the asker."""

    async def announce(self, channel: str, announcement: Announcement) -> None:
        """Say something in a channel, by the platform's id of it, that answers no question."""


class Threads(Protocol):
    """Reads what was said before in a conversation."""

    async def turns(self, question: Question, limit: int) -> tuple[Turn, ...]:
        """Return the messages before the question in its thread, oldest first; empty when they cannot be read."""
