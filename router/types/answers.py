"""What comes of a query: attempts, what the models and the cache gave, and the answer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from router.types.money import UNKNOWN_COST, Cost, Usage
from router.types.questions import Decision, Tier


class Outcome(StrEnum):
    """How one attempt at one target ended."""

    ANSWERED = "answered"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    BAD_ANSWER = "bad_answer"
    """The call succeeded but its answer is empty, cut off, filtered or not of the protocol's form."""
    TOO_LONG = "too_long"
    REFUSED = "refused"
    """The request itself was turned down: content policy, malformed."""
    UNAUTHORIZED = "unauthorized"
    """The provider does not accept our key: an administrator has to act."""
    SKIPPED = "skipped"
    """Not called at all: it failed a moment ago, and its breaker is open."""


class Purpose(StrEnum):
    """What an attempt was made for."""

    ANSWER = "answer"
    JUDGE = "judge"
    """To tell whether two questions are the same, where the rules cannot."""
    AUDIT = "audit"
    """To see, unseen by anybody, what a model says where the cache answered."""
    PROBE = "probe"
    """To learn whether a model that failed answers again."""
    EMBEDDING = "embedding"
    """To turn texts into vectors, by a model that is paid."""
    EVAL = "eval"
    """To grade or compare answers."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that an answer rests on: a web page, by its title and its http(s) address."""

    title: str
    url: str

    @property
    def host(self) -> str:
        """Whose page it is: no title stands without it."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True)
class Completion:
    """A checked answer of a model: complete, non-empty. `model` is the one that answered, which may not be the one asked for.

    `provider` and `trace_id` are a gateway's: who answered behind it, and its name for the call. `sources` are what a model that
    searches names.
    """

    text: str
    model: str
    usage: Usage
    cost: Cost
    provider: str = ""
    trace_id: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to one target of a tier, or that it was skipped: `target` is the model asked for, `model` the one that answered.

    `model` is empty and `usage` None when nothing usable came back. `cost` is what the call cost even so: an unusable answer is
    billed too. `detail` is for operators, never for a channel. `trace_id` is a gateway's name for the call. The cache's answer is
    an attempt of no cost, and `saved` is what the tier that it stood in for would have cost. `at_most` bounds in US dollars what a
    call of unknown cost may have been billed. `frontier_usd` of the one that answered is what the frontier model would have cost.
    """

    tier: Tier
    target: str
    outcome: Outcome
    latency_ms: int
    started_at: datetime
    model: str = ""
    usage: Usage | None = None
    cost: Cost = UNKNOWN_COST
    detail: str = ""
    purpose: Purpose = Purpose.ANSWER
    provider: str = ""
    trace_id: str = ""
    saved: Cost | None = None
    at_most: Decimal | None = None
    frontier_usd: Decimal | None = None

    @property
    def called(self) -> bool:
        """Whether the target was called: what was skipped costs nothing and counts for nothing."""
        return self.outcome is not Outcome.SKIPPED


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier answer that fits a query: of which question, how like its wording is (cosine, 1 for the same text), and why it fits."""

    question_id: str
    question: str
    answered_at: datetime
    similarity: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model said of an earlier question: whether its answer serves this one, too."""

    question_id: str
    same: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What the cache has to know of an answer to find it again.

    `scope` is the scope's key; `canonical` the digest of the question's exact form; `entities` the keys of what the question
    names, in canonical order, and `names` their values; `masked` the text that is embedded. The answer may be served
    for `ttl_s` seconds.
    """

    question_id: str
    scope: str
    canonical: str
    entities: tuple[str, ...]
    names: tuple[str, ...]
    masked: str
    ttl_s: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is served, by which tier, and all that led to it.

    `best_effort`: a lower tier than the one asked for answered because of failures. `latency_ms` covers the whole routing.
    `match` is the earlier answer that is served again, or in shadow mode would have been. `entry` is set when the answer may
    be remembered. `judgement` is what the small model said where the rules could not tell. `saved` is what the tier that the cache
    stood in for would have cost; `frontier_usd` is what the frontier model would have cost in place of whoever answered. Both are
    None where nobody can tell.
    """

    text: str
    tier: Tier
    model: str
    decision: Decision
    attempts: tuple[Attempt, ...]
    latency_ms: int
    best_effort: bool = False
    sources: tuple[Source, ...] = ()
    match: Match | None = None
    entry: Entry | None = None
    judgement: Judgement | None = None
    saved: Cost | None = None
    frontier_usd: Decimal | None = None
