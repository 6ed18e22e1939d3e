"""What stands around a reply: the caution above an answer, the cause of a failure, and what a person may do next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Offer(StrEnum):
    """A button under a reply. The values are stable: stores and older messages hold them."""

    ESCALATE = "escalate"
    """Ask the frontier model the same question; under a best-effort answer, ask it again."""
    TRY_AGAIN = "try_again"
    """Try a question that failed at once; its message becomes the answer."""
    ANSWER_AGAIN = "answer_again"
    """Answer a question that was edited anew, in a message of its own."""
    ASK_SMALL = "ask_small"
    """Answer with the small model what the frontier model's budget does not allow."""
    REQUEST_BUDGET = "request_budget"
    """Ask the operators for more."""
    TELL_ME = "tell_me"
    """One notice when the models answer again."""


class Concern(StrEnum):
    """Why an answer is less than was asked for."""

    BEST_EFFORT = "best_effort"
    """The tier that should have answered failed, and a lesser one did."""
    BUDGET = "budget"
    PAUSED = "paused"
    """An operator has paused the frontier tier."""
    REDACTED = "redacted"
    """The question held what looks like a secret, and was answered without it."""


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader has to know before reading an answer; shown above it. `until` is when the reason ends by itself (UTC)."""

    concern: Concern
    text: str
    until: datetime | None = None
    offers: tuple[Offer, ...] = ()


class Cause(StrEnum):
    """Why there is no answer."""

    ALL_DOWN = "all_down"
    """No model could be reached, or none gave a usable answer. The question is kept and tried again for a while."""
    BUDGET = "budget"
    RATE_LIMIT = "rate_limit"
    """This person asks faster than the policy allows."""
    PAUSED = "paused"
    REFUSED = "refused"
    """The model turned the question itself down."""
    TOO_LONG = "too_long"
    TURNED_OFF = "turned_off"
    """The bot is off in this channel."""
    GAVE_UP = "gave_up"
    """Our own fault, more than once."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer, in plain words.

    `until`: with ALL_DOWN the question is tried again by itself until then (None: not any more); with BUDGET and
    RATE_LIMIT that is when it can be asked again. Times are UTC.
    """

    text: str
    cause: Cause
    until: datetime | None = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark to one person."""

    text: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG; `alt` is what it shows, in words."""

    name: str
    png: bytes
    alt: str


class Urgency(StrEnum):
    """How an announcement is dressed."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something said in a channel that answers no question: an alert, a digest. `text` is a few plain lines."""

    title: str
    text: str
    urgency: Urgency = Urgency.INFO
    picture: Picture | None = None
