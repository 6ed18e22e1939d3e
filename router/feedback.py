"""The port through which a gateway hears what people think of its answers."""

from dataclasses import dataclass
from typing import Protocol

from router.types import RouterError


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's flag on an answer: `trace_id` is the gateway's name for the call, `reason` the flag's, empty without one."""

    trace_id: str
    tenant: str
    user: str
    tier: str
    reason: str


class FeedbackFailure(RouterError):  # noqa: N818 (as ModelFailure: it is expected and tried again)
    """A verdict was not taken. `lasting`: trying again cannot help."""

    def __init__(self, detail: str, *, lasting: bool) -> None:
        super().__init__(detail)
        self.lasting = lasting


class Feedback(Protocol):
    """Where verdicts go."""

    async def send(self, verdict: Verdict) -> None:
        """Send a verdict. Raises FeedbackFailure, nothing else."""
