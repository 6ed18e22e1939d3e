"""What every platform must offer the contract tests: people who do things, and what they then see."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.courier import Courier
from bot.types import Platform

ADA, BOB = "ada", "bob"


class Button(StrEnum):
    """The buttons under replies, by the words on them."""

    ESCALATE = "Ask the frontier model"
    LIVE = "Ask again live"
    MISMATCH = "Not the same question"
    RETRY = "Try again"


@dataclass(frozen=True, slots=True)
class Said:
    """A person's message, by the ids that the platform gave it; `thread` is where it is answered."""

    person: str
    channel: str
    thread: str
    message: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply of the bot as people see it.

    `to` is empty, or the one person who sees it; `live` is markup in the text that takes effect where it should not.
    """

    channel: str
    thread: str
    message: str
    text: str
    buttons: frozenset[str]
    to: str = ""
    live: tuple[str, ...] = ()


class Stage(Protocol):
    """One platform with its real adapter. Each deed returns when the platform has its answer; nothing is worked on meanwhile."""

    @property
    def platform(self) -> Platform:
        """Which one it is."""

    @property
    def courier(self) -> Courier:
        """Return what writes to it."""

    async def mention(self, person: str, text: str, *, under: Said | None = None) -> Said:
        """Call the bot where everybody reads, anew or in the thread of a message."""

    async def direct(self, person: str, text: str) -> Said:
        """Write to the bot alone."""

    async def privately(self, person: str, text: str) -> Said:
        """Ask among others so that nobody else sees it."""

    async def follow_up(self, said: Said, text: str) -> Said:
        """Let who asked write on in the thread."""

    async def as_the_bot(self, said: Said, text: str) -> None:
        """Let the bot's own message in the thread be delivered to it, as platforms do."""

    async def redeliver(self, said: Said) -> None:
        """Let the platform deliver a message once more."""

    async def edit(self, said: Said, text: str) -> None:
        """Change a message."""

    async def delete(self, said: Said) -> None:
        """Take a message away."""

    async def thumbs_down(self, person: str, shown: Shown) -> None:
        """Say in every way that the platform has that an answer is not good."""

    async def press(self, person: str, shown: Shown, button: Button) -> None:
        """Press a button."""

    async def shown(self) -> list[Shown]:
        """Return all that the bot wrote and that still stands, oldest first."""
