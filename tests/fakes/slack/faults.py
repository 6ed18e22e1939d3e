"""Faults that a test asks for: which call suffers what, how often, or with which seeded probability."""

import math
import random
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tests.fakes.slack.json_values import JsonObject, text_at

EVERY = "*"
FOREVER = 1_000_000_000


class FaultKind(StrEnum):
    """What happens to a call."""

    RATE_LIMITED = "rate_limited"
    """429 with Retry-After; nothing is applied."""
    SERVER_ERROR = "server_error"
    """5xx with an HTML page; nothing is applied."""
    RESET = "reset"
    """The call is applied, then its connection is cut without an answer."""
    REFUSED_RESET = "refused_reset"
    """The connection is cut before anything is applied."""
    HANG = "hang"
    """Nothing is applied and no answer ever comes."""
    SLOW = "slow"
    """The call is applied, and answered late."""
    ERROR = "error"
    """`ok: false` with a given error; nothing is applied."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `method` may be `*`; `channel` narrows it to one channel; it ends after `times` calls that it hit.

    `seconds` is Retry-After for a rate limit and the delay of a slow answer. `status` is that of a server error.
    """

    kind: FaultKind
    method: str = EVERY
    times: int = FOREVER
    probability: float = 1.0
    seconds: float = 1.0
    status: int = 503
    error: str = "internal_error"
    channel: str = ""

    @classmethod
    def read(cls, body: JsonObject) -> "Fault":
        """Read a fault from JSON, whose keys are the fields. Raises ValueError when the kind or a number is wrong."""
        default = cls(FaultKind(text_at(body, "kind")))
        return replace(
            default,
            method=text_at(body, "method", default.method),
            times=int(str(body.get("times", default.times))),
            probability=float(str(body.get("probability", default.probability))),
            seconds=float(str(body.get("seconds", default.seconds))),
            status=int(str(body.get("status", default.status))),
            error=text_at(body, "error", default.error),
            channel=text_at(body, "channel"),
        )


def rate_limited(method: str, *, times: int = 1, retry_after_s: float = 1.0, channel: str = "") -> Fault:
    """Answer the next calls with 429."""
    return Fault(FaultKind.RATE_LIMITED, method, times, seconds=retry_after_s, channel=channel)


def server_error(method: str, *, times: int = 1, status: int = 503) -> Fault:
    """Answer the next calls with a 5xx page."""
    return Fault(FaultKind.SERVER_ERROR, method, times, status=status)


def accepted_then_reset(method: str, *, times: int = 1) -> Fault:
    """Apply the next calls, then cut their connections."""
    return Fault(FaultKind.RESET, method, times)


def reset_before(method: str, *, times: int = 1) -> Fault:
    """Cut the connections of the next calls before anything is applied."""
    return Fault(FaultKind.REFUSED_RESET, method, times)


def hang(method: str, *, times: int = 1) -> Fault:
    """Never answer the next calls."""
    return Fault(FaultKind.HANG, method, times)


def slow(method: str, seconds: float, *, times: int = 1) -> Fault:
    """Answer the next calls late."""
    return Fault(FaultKind.SLOW, method, times, seconds=seconds)


def refuse(method: str, error: str, *, times: int = 1, channel: str = "") -> Fault:
    """Answer the next calls with `ok: false` and this error."""
    return Fault(FaultKind.ERROR, method, times, error=error, channel=channel)


@dataclass(slots=True)
class ChannelPace:
    """Slack's own limit of posts into one channel: `per_s` a second after a burst. Off while `per_s` is 0."""

    per_s: float = 0.0
    burst: float = 5.0
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait_s(self, channel: str, now: float) -> float:
        """Return 0 when a post is within the limit, and count it; else the seconds until the next one may come."""
        if not self.per_s:
            return 0.0
        left, since = self._left.get(channel, (self.burst, now))
        left = min(self.burst, left + (now - since) * self.per_s)
        self._left[channel] = (left - 1 if left >= 1 else left, now)
        return 0.0 if left >= 1 else (1 - left) / self.per_s


@dataclass(slots=True)
class FaultPlan:
    """The faults that stand. The first that fits a call and wins its coin is played on it."""

    seed: int = 7
    pace: ChannelPace = field(default_factory=ChannelPace)
    _standing: list[Fault] = field(default_factory=list)
    _coin: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._coin = random.Random(self.seed)

    def add(self, *faults: Fault) -> None:
        """Let faults stand from now on, after those that stand already."""
        self._standing.extend(faults)

    def clear(self) -> None:
        """Take all faults away."""
        self._standing.clear()

    def draw(self, method: str, channel: str, now: float) -> Fault | None:
        """Return the fault to play on this call, and count it. Posts beyond the pace are rate limited."""
        if method == "chat.postMessage" and (wait := self.pace.wait_s(channel, now)):
            return rate_limited(method, retry_after_s=math.ceil(wait), channel=channel)
        for place, fault in enumerate(self._standing):
            fits = fault.method in {EVERY, method} and fault.channel in {"", channel}
            if fits and self._coin.random() < fault.probability:
                self._count(place, fault)
                return fault
        return None

    def _count(self, place: int, fault: Fault) -> None:
        if fault.times > 1:
            self._standing[place] = replace(fault, times=fault.times - 1)
        else:
            del self._standing[place]
