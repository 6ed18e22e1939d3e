"""One target of a tier, asked directly through LiteLLM."""

from router.answer_check import checked
from router.litellm_call import Request, Said, call, messages_of
from router.litellm_setup import litellm
from router.prices import Prices
from router.simulated.models import PROVIDER as SIMULATED
from router.targets import Target
from router.types import Completion, ModelFailure, Outcome, Prompt

DUMMY_KEY = "simulated"
"""Simulated models take any key; a real one must not be sent to them."""


class LiteLLMModel:
    """A `Model` that asks one target once; no retry is made, neither here nor in LiteLLM nor in a provider's client.

    `simulated/NAME` is asked as an OpenAI-compatible model at `api_base`, the simulated server's base URL. For other targets
    `api_base` stands in for the target's own, and a missing `api_key` is the provider's variable in the environment.
    """

    def __init__(self, target: Target, prices: Prices, *, api_base: str | None = None, api_key: str | None = None) -> None:
        self._target = target
        self._prices = prices
        self._api_base = api_base or target.api_base
        self._simulated = target.model.startswith(SIMULATED)
        self._api_key = DUMMY_KEY if self._simulated else api_key

    @property
    def name(self) -> str:
        """The target's model as the policy names it."""
        return self._target.model

    async def complete(self, prompt: Prompt) -> Completion:
        """Ask once within the target's limits and check the answer. Raises ModelFailure, nothing else."""
        messages = messages_of(prompt)
        said = await self._ask(messages)
        return await checked(said, messages, self.name, self._prices)

    async def _ask(self, messages: list[dict[str, str]]) -> Said:
        target = self._target
        if target.api_key_env and not self._api_key:
            raise ModelFailure(Outcome.UNAUTHORIZED, f"{target.api_key_env} is not set")
        try:
            return await call(
                Request(
                    model=f"openai/{self.name.removeprefix(SIMULATED)}" if self._simulated else self.name,
                    messages=messages,
                    timeout_s=target.timeout_s,
                    first_byte_s=target.first_byte_s,
                    max_tokens=target.max_output_tokens,
                    api_base=self._api_base,
                    api_key=self._api_key,
                )
            )
        except ModelFailure as failure:
            key_expected = self._api_key is None and self._api_base is None
            if failure.outcome is Outcome.UNAVAILABLE and key_expected and (missing := missing_key(self.name)):
                # LiteLLM reports a key that is not set as a server's error or a lost connection.
                raise ModelFailure(Outcome.UNAUTHORIZED, f"{missing} is not set") from failure
            raise


def missing_key(model: str) -> str | None:
    """Return the environment variable that a model needs for its API key and that is not set.

    None when it is set, and for providers that can sign in by other means than one key (a cloud's roles).
    """
    missing = litellm.validate_environment(model=model)["missing_keys"]
    return missing[0] if len(missing) == 1 and missing[0].endswith("_API_KEY") else None
