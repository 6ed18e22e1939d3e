"""What an adapter may ask of the bot on the ingress side: take a question, take a flag, show a record."""

from dataclasses import dataclass
from enum import StrEnum

from bot.types import Answered, Conversation, Failed, Flag, MessageRef, Platform, Question


class Taken(StrEnum):
    """What became of a question or flag that was handed in."""

    NEW = "new"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    """It refers to an answer that we do not have."""


@dataclass(frozen=True, slots=True)
class Record:
    """A question and what was replied; `reply` is None while it is being worked on."""

    question: Question
    reply: Answered | Failed | None


@dataclass(frozen=True, slots=True)
class Click:
    """A person's press of a button under an answer: who, where the reply may go, and the delivery's own key."""

    question_id: str
    user: str
    delivery_key: str
    private: bool = False
    reply_url: str = ""


class Desk:
    """The ingress side of the bot. Each method that changes something has committed when it returns.

    Every method raises `StoreUnavailable` (of `bot.store`) when the database cannot be reached: nothing was taken then,
    and the platform must be told so (HTTP 503) that it delivers again.
    """

    async def take(self, question: Question) -> Taken:
        """Commit a question to the inbox; DUPLICATE when its delivery or what it says is there already."""
        raise NotImplementedError

    async def escalate(self, click: Click) -> Taken:
        """Ask the frontier model the question of an earlier answer; DUPLICATE when that was asked before."""
        raise NotImplementedError

    async def again(self, click: Click) -> Taken:
        """Ask a question anew, as it reads now (it failed, or its text was edited after it was answered)."""
        raise NotImplementedError

    async def flag(self, flag: Flag) -> Taken:
        """Put a person's flag on an answer; a later one of the same person replaces it (DUPLICATE)."""
        raise NotImplementedError

    async def retract(self, question_id: str, user: str) -> Taken:
        """Take a person's flag back; UNKNOWN when there is none."""
        raise NotImplementedError

    async def helpful(self, question_id: str, user: str) -> Taken:
        """Note that a person found an answer helpful, which takes back their flag on it."""
        raise NotImplementedError

    async def question_at(self, ref: MessageRef) -> str | None:
        """Return the id of the question whose reply (or placeholder) stands at `ref`."""
        raise NotImplementedError

    async def record(self, question_id: str) -> Record | None:
        """Return a question and its reply."""
        raise NotImplementedError

    async def recent(self, platform: Platform, tenant: str, user: str, limit: int) -> tuple[Record, ...]:
        """Return a person's last questions, newest first."""
        raise NotImplementedError

    async def askers(self, conversation: Conversation) -> frozenset[str]:
        """Return who has asked us something in this thread; empty when it is not a thread of ours."""
        raise NotImplementedError

    async def switches(self, prefix: str) -> dict[str, str]:
        """Return the run-time switches whose names start with `prefix` (such as `simulated.`)."""
        raise NotImplementedError

    async def switch(self, name: str, value: str) -> None:
        """Set a run-time switch, which every worker reads before its next call; an empty value removes it."""
        raise NotImplementedError
