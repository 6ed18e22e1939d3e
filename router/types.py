"""The words of routing: tiers, outcomes, queries, attempts and answers.

Errors:

    RouterError
    ├── PolicyError      the policy file cannot be used; the message is one line that names the key
    ├── ModelFailure     one call to one target gave no usable answer; carries the Outcome
    └── NoAnswer         every target of every permitted tier failed; carries the attempts

Money is `Decimal` US dollars, times are aware UTC datetimes, durations are milliseconds unless the name says otherwise.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime; injected so that tests own the time."""


class Tier(StrEnum):
    """Where an answer comes from, cheapest first."""

    CACHE = "cache"
    SMALL = "small"
    FRONTIER = "frontier"


class Volatility(StrEnum):
    """How fast an answer ages: state of the network now, configuration, or general knowledge."""

    LIVE = "live"
    CONFIG = "config"
    STABLE = "stable"


class Mode(StrEnum):
    """Whether routing decides (`on`), only records what it would have done (`shadow`), or is not asked (`off`)."""

    ON = "on"
    SHADOW = "shadow"
    OFF = "off"


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


class CostSource(StrEnum):
    """Where a cost comes from. `reported`: the provider's own token counts; `estimated`: counts or price are ours."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Visibility(StrEnum):
    """Who can see the conversation that a query was asked in."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who may be served an answer: everybody of a tenant, the members of one private channel, or one person.

    `owner` is empty for public, the channel's id for private, and the user's id for direct.
    """

    tenant: str
    visibility: Visibility
    owner: str = ""

    @property
    def key(self) -> str:
        """The scope as one string; different scopes have different keys, whatever their ids hold."""
        return json.dumps((self.tenant, self.visibility.value, self.owner))


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation, oldest first; `assistant` is true for our own answers."""

    text: str
    assistant: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What the router is asked: the text, its scope, and the bounds that the caller sets.

    `id` is the question's, which an answer to it is remembered by. `forced` is a tier that a person or a channel's policy
    asked for, and with `strict` no other tier will do; `ceiling` is the dearest tier that may be used. `fresh`: no earlier
    answer will do.
    """

    text: str
    scope: Scope
    context: tuple[Turn, ...] = ()
    mode: Mode = Mode.ON
    forced: Tier | None = None
    strict: bool = False
    ceiling: Tier = Tier.FRONTIER
    fresh: bool = False
    id: str = ""
    user: str = ""

    @property
    def least(self) -> Tier:
        """Return the tier below which no earlier answer will do: a channel that asks for the frontier model means its answers, too."""
        return Tier.FRONTIER if self.forced is self.ceiling is Tier.FRONTIER else Tier.SMALL


@dataclass(frozen=True, slots=True)
class Decision:
    """The cheapest tier expected to answer well (`small` or `frontier`), how fast the answer ages, and why, in words."""

    tier: Tier
    volatility: Volatility
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `cached` are the prompt tokens that the provider read from its own cache."""

    prompt: int
    completion: int
    cached: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A model's price: US dollars a million tokens.

    `cached` is for prompt tokens that the provider had in its own cache. `source` is `policy`, `simulated` or the name and version
    of the table that states the price; `as_of` is the day that the policy names, or that the table came onto this machine.
    """

    input: Decimal
    output: Decimal
    cached: Decimal
    source: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars of one call, where the figure comes from, and the price behind it.

    `usd` is None exactly when the source is `unknown`.
    """

    usd: Decimal | None
    source: CostSource
    quote: Quote | None = None


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
    cost: Cost = Cost(None, CostSource.UNKNOWN)
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


class RouterError(Exception):
    """The root of what this package raises on purpose."""


class PolicyError(RouterError):
    """The policy cannot be used; the message is one clear line."""


class ModelFailure(RouterError):  # noqa: N818 (a failure is the field's term: it is expected, recorded and answered by the next target)
    """One call to one target gave no usable answer.

    `usage` and `cost` are what the provider billed for it all the same, where it said so. `retry_after_s` is how long it asks
    to be left alone.
    """

    def __init__(
        self,
        outcome: Outcome,
        detail: str = "",
        *,
        usage: Usage | None = None,
        cost: Cost = Cost(None, CostSource.UNKNOWN),
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.detail = detail
        self.usage = usage
        self.cost = cost
        self.retry_after_s = retry_after_s


class Unfinished(ModelFailure):
    """An answer that the provider itself says it cut off, by a limit or a filter: it works, and another question may do better."""


class NoAnswer(RouterError):  # noqa: N818 (see ModelFailure)
    """No permitted tier answered."""

    def __init__(self, decision: Decision, attempts: tuple[Attempt, ...], latency_ms: int) -> None:
        super().__init__("no tier answered")
        self.decision = decision
        self.attempts = attempts
        self.latency_ms = latency_ms


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose question a prompt is: for a gateway's records, never for a model.

    `trace_id` is the question's id, `scope` the key of who may be served the answer. `fresh`: no earlier answer will do.
    """

    trace_id: str
    tenant: str
    user: str
    scope: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is sent: the instructions, the earlier turns, and the question."""

    instructions: str
    text: str
    context: tuple[Turn, ...] = ()
    origin: Origin | None = None


class Model(Protocol):
    """One target that can be asked. `name` is the target's name in the policy."""

    @property
    def name(self) -> str:
        """The model's name in the policy, such as `openai/gpt-5-mini`."""

    async def complete(self, prompt: Prompt) -> Completion:
        """Ask once, within the target's own deadline. Raises ModelFailure, nothing else."""
