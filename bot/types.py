"""The words of the bot: questions, replies, flags, and what goes wrong when a platform is written to."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.replies import Caution, Failed, Notice, Offer
from router.types import CostSource, Outcome, Source, Tier, Visibility


class Platform(StrEnum):
    """Where a conversation takes place."""

    SLACK = "slack"
    TEAMS = "teams"
    WEB = "web"
    TERMINAL = "terminal"


class Kind(StrEnum):
    """What an inbox item asks for."""

    ASK = "ask"
    ESCALATE = "escalate"
    """Answer the question `parent` again with the frontier model, and keep both answers as a pair."""
    LIVE = "live"
    """Answer the question `parent` again, from a model, whatever was answered before."""
    SMALL = "small"
    """Answer with the small model: the asker takes that where the frontier model may not be asked."""
    WATCH = "watch"
    """Tell `user`, once, when the models that failed the question `parent` answer again."""
    AUDIT = "audit"
    """Answer the question `parent`, which the cache answered, from a model and show it to nobody: a sample of the hits."""
    CORRECTION = "correction"
    """A reviewer's answer to the question `parent`, kept to be served from the cache; never in the inbox."""
    ANNOUNCE = "announce"
    """Say in the conversation's channel what `text` holds; see bot.announcing."""
    FEEDBACK = "feedback"
    """Tell the gateway that `user` flagged the answer to the question `parent`."""
    UNINSTALLED = "uninstalled"
    """The workspace `conversation.tenant` took the bot out: everything of it is deleted."""
    EDITED = "edited"
    """The message `source` now reads `text`."""
    DELETED = "deleted"
    """The message `source` is gone."""


class Badge(StrEnum):
    """The fixed vocabulary by which every platform names the source of an answer."""

    CACHE = "Cache"
    SMALL = "Small model"
    FRONTIER = "Frontier model"
    BEST_EFFORT = "Best effort"

    @classmethod
    def of(cls, tier: Tier, *, best_effort: bool) -> "Badge":
        """Return the badge of an answer."""
        if best_effort:
            return cls.BEST_EFFORT
        return {Tier.CACHE: cls.CACHE, Tier.SMALL: cls.SMALL, Tier.FRONTIER: cls.FRONTIER}[tier]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A place where people talk. `thread` is empty outside a thread; `tenant` is a Slack team, a Teams tenant or `local`."""

    platform: Platform
    tenant: str
    channel: str
    thread: str
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class MessageRef:
    """One message, by the ids that its platform gave it (Slack: channel and ts)."""

    platform: Platform
    tenant: str
    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to do, as an adapter hands it to the inbox and a worker gets it back.

    `delivery_key` names the delivery and `logical_key` what was said, so that neither a repeated delivery nor a second
    event about the same message is answered twice. `private`: only the asker may see the answer. `reply_url` is where a
    private answer goes when the platform gives such an address. `source` is the asker's message, where there is one.
    """

    id: str
    kind: Kind
    delivery_key: str
    logical_key: str
    conversation: Conversation
    user: str
    text: str
    asked_at: datetime
    private: bool = False
    reply_url: str = ""
    source: MessageRef | None = None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Working:
    """The placeholder: the question is being worked on."""


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt, as a person may read it: no provider's error text."""

    tier: Tier
    target: str
    outcome: Outcome
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Matched:
    """The earlier answer that is served again: to which question, when it was given, and how like the wording is (cosine)."""

    question_id: str
    question: str
    answered_at: datetime
    similarity: float
    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to show. `usd` is None when the cost is unknown; `reasons` and `attempts` are for "Why this tier?".

    `parent` is the question whose answer this one was asked to better. `can_escalate`: a dearer tier is left to ask.
    """

    text: str
    badge: Badge
    model: str
    seconds: float
    usd: Decimal | None
    cost_source: CostSource
    reasons: tuple[str, ...]
    attempts: tuple[AttemptLine, ...] = ()
    parent: str = ""
    can_escalate: bool = False
    caution: Caution | None = None
    """Set when the answer is less than was asked for: shown above it."""
    match: Matched | None = None
    """Set when the cache answered."""
    sources: tuple[Source, ...] = ()
    """What it rests on, as the model named it; of a cached answer those of the earlier one. Marks such as `[1]` count them."""

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What may be asked for beside the answer, each once."""
        better = (Offer.ESCALATE,) if self.can_escalate else ()
        return tuple(dict.fromkeys((*better, *(self.caution.offers if self.caution else ()))))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The question is gone, so its answer is taken back."""


Reply = Working | Answered | Failed | Notice | Withdrawn


class FlagReason(StrEnum):
    """What is wrong with an answer, as the person who flags it puts it."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    WRONG_MATCH = "wrong_match"
    INCOMPLETE = "incomplete"
    UNSAFE = "unsafe"
    OTHER = "other"


class Resolution(StrEnum):
    """What whoever looked at a flag made of it."""

    UPHELD = "upheld"
    """The answer is bad."""
    DISMISSED = "dismissed"
    """The answer is fine."""


class FlagSource(StrEnum):
    """How a flag was raised."""

    REACTION = "reaction"
    BUTTON = "button"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Flag:
    """A person's thumbs-down on an answer. One person has at most one flag on an answer; a later one replaces it."""

    question_id: str
    user: str
    source: FlagSource
    reason: FlagReason | None
    comment: str
    at: datetime
    retracted_at: datetime | None = None


class DeliveryFailure(Exception):  # noqa: N818 (a failure is expected and retried)
    """A platform did not take a message.

    `retry_after_s` is None when trying again cannot help, such as a channel that is gone. `in_doubt`: it may have been
    taken all the same. `code` is the platform's own, for logs.
    """

    def __init__(self, code: str, *, retry_after_s: float | None, in_doubt: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s
        self.in_doubt = in_doubt


class MessageGone(DeliveryFailure):
    """The message to update is not there any more."""

    def __init__(self) -> None:
        super().__init__("message_gone", retry_after_s=None)
