"""The simulated models as a replay asks them: in this process, with their latency noted and not waited for."""

import hashlib
from collections.abc import Callable

from router.prices import Prices
from router.simulated.knowledge import Knowledge
from router.simulated.models import PROVIDER, simulated_model, simulated_price
from router.simulated.protocol import ChatRequest, Choice, complete_choice
from router.simulated.server import JITTER
from router.targets import Target
from router.types import Completion, Cost, ModelFailure, Outcome, Prompt, Tier, Usage

Wait = Callable[[float], None]
"""Told the seconds that an answer would have taken."""


class StandIn:
    """A `Model` that stands in for one target of a policy, so that no paid model is ever called.

    A simulated target is itself; any other is the simulated model of its tier at the target's own price, and its cost is an
    estimate: the price is right, the tokens are the simulated model's.

    It is asked without HTTP and LiteLLM, for three reasons: what has no client cannot reach a provider by mistake; the call
    takes microseconds where LiteLLM over loopback takes 3 to 8 ms and seconds to import; and a latency that is noted instead
    of slept needs the model's own number. Request, answer and token counts are those of the simulated server's protocol.
    """

    def __init__(self, tier: Tier, target: Target, prices: Prices, knowledge: Knowledge, wait: Wait) -> None:
        self._target = target
        self._prices = prices
        self._knowledge = knowledge
        self._wait = wait
        self._simulated = simulated_price(target.model) is not None
        self._model = simulated_model(target.model if self._simulated else tier.value)

    @property
    def name(self) -> str:
        """The simulated model's name, as a policy would write it."""
        return PROVIDER + self._model.name

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer at once. Raises ModelFailure when the answer exceeds the target's `max_output_tokens`."""
        self._wait(self._latency_s(prompt.text))
        choice = self._choice(prompt)
        usage, cost = choice.usage or Usage(0, 0), self._cost(choice)
        if choice.finish != "stop":
            raise ModelFailure(Outcome.BAD_ANSWER, f"finish_reason {choice.finish}", usage=usage, cost=cost)
        return Completion(choice.text or "", self.name, usage, cost)

    def price(self, prompt: Prompt) -> Cost:
        """Return what the answer to a prompt would cost, by its own tokens, without asking."""
        return self._cost(self._choice(prompt))

    def _choice(self, prompt: Prompt) -> Choice:
        turns = [{"role": "assistant" if turn.assistant else "user", "content": turn.text} for turn in prompt.context]
        messages = [{"role": "system", "content": prompt.instructions}, *turns, {"role": "user", "content": prompt.text}]
        body = {"model": self._model.name, "messages": messages, "max_tokens": self._target.max_output_tokens}
        request = ChatRequest.model_validate(body)
        return complete_choice(request, self._knowledge.answer(self._model, request.question, request.earlier))

    def _cost(self, choice: Choice) -> Cost:
        return self._prices.cost(self._target.model, self._target.model, choice.usage or Usage(0, 0), reported=self._simulated)

    def _latency_s(self, question: str) -> float:
        """Return the seconds that the simulated server lets this question take: a test holds the two together."""
        digest = hashlib.sha256(f"{self._model.name}\n{question}".encode()).digest()
        return self._model.latency_s * (1 + JITTER * (2 * digest[0] / 255 - 1))
