"""What this package raises on purpose."""

from router.types.answers import Attempt, Outcome
from router.types.money import UNKNOWN_COST, Cost, Usage
from router.types.questions import Decision


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
        cost: Cost = UNKNOWN_COST,
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
