"""The port to a model: what it is sent, and how it is asked."""

from dataclasses import dataclass
from typing import Protocol

from router.types.answers import Completion
from router.types.questions import Turn


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
