"""What a worker works with, and the port for what follows an answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.assistant import Assistant
from bot.courier import Courier
from bot.doorman import Doorman
from bot.store.inbox import Claim, Inbox
from bot.store.records import Records
from bot.store.retries import Retries
from bot.types import Platform, Question
from bot.wiping import Wiping
from router.policy import Retry, Ttl
from router.types import Answer, Clock


class Aftermath(Protocol):
    """What follows an answer. Both methods raise StoreUnavailable."""

    async def landed(self, question: Question) -> None:
        """Take note that the model call for a question is over, however it ended."""

    async def delivered(self, question: Question, answer: Answer) -> None:
        """Take note that an answer is in the store and was shown."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a worker works with."""

    inbox: Inbox
    records: Records
    assistant: Assistant
    couriers: Mapping[Platform, Courier]
    clock: Clock
    ttl: Ttl
    retries: Retries
    retry: Retry
    aftermath: Aftermath | None = None
    doorman: Doorman | None = None
    tell_gateway: Callable[[Claim], Awaitable[None]] | None = None
    """Works on a FEEDBACK item; without it there is nobody to tell."""
    wiping: Wiping | None = None
