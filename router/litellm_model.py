"""One target of a tier, asked through LiteLLM: deadline, answer check, cost, and the table from its exceptions to outcomes."""

import asyncio
import json
import logging
import os
import warnings
from collections.abc import Iterator

from router.policy import Target
from router.prices import Prices, plausible
from router.simulated.models import PROVIDER as SIMULATED
from router.types import Completion, Cost, ModelFailure, Outcome, Prompt, Usage

LOOPBACK = "127.0.0.1,localhost"


def _prepare_environment() -> None:
    """Set what LiteLLM reads at its import: no price list from the internet, no `.env` file behind our back.

    Its HTTP client follows HTTP_PROXY, which must never apply to the simulated models on loopback.
    """
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    for name in ("NO_PROXY", "no_proxy"):
        if LOOPBACK not in os.environ.get(name, ""):
            os.environ[name] = ",".join(filter(None, (os.environ.get(name), LOOPBACK)))


_prepare_environment()

import litellm  # noqa: E402 (reads the environment that the lines above prepare)
from litellm import exceptions as raised  # noqa: E402 (as above)
from litellm.litellm_core_utils.logging_worker import GLOBAL_LOGGING_WORKER  # noqa: E402 (as above)
from litellm.llms.custom_httpx.async_client_cleanup import close_litellm_async_clients  # noqa: E402 (as above)

QUIET_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")
"""Loggers that write requests, and so people's questions, at DEBUG."""

DUMMY_KEY = "simulated"
"""Simulated models take any key; a real one must not be sent to them."""

COUNTING_MODEL = "gpt-4o"
"""Estimates are counted with this model's tokenizer, which LiteLLM bundles; others would be downloaded."""

OUTCOMES: dict[type[Exception], Outcome] = {
    raised.Timeout: Outcome.TIMEOUT,
    raised.RateLimitError: Outcome.RATE_LIMITED,
    raised.BudgetExceededError: Outcome.RATE_LIMITED,
    raised.ContextWindowExceededError: Outcome.TOO_LONG,
    raised.AuthenticationError: Outcome.UNAUTHORIZED,
    raised.PermissionDeniedError: Outcome.UNAUTHORIZED,
    raised.PaymentRequiredError: Outcome.UNAUTHORIZED,
    raised.ContentPolicyViolationError: Outcome.REFUSED,
    raised.BadRequestError: Outcome.REFUSED,
    raised.InvalidRequestError: Outcome.REFUSED,
    raised.UnprocessableEntityError: Outcome.REFUSED,
    raised.UnsupportedParamsError: Outcome.REFUSED,
    raised.RejectedRequestError: Outcome.REFUSED,
    raised.ImageFetchError: Outcome.REFUSED,
    raised.VectorStoreSearchError: Outcome.REFUSED,
    raised.GuardrailRaisedException: Outcome.REFUSED,
    raised.BlockedPiiEntityError: Outcome.REFUSED,
    raised.ModifyResponseException: Outcome.REFUSED,
    raised.SensitiveDataRouteException: Outcome.REFUSED,
    raised.APIResponseValidationError: Outcome.BAD_ANSWER,
    raised.JSONSchemaValidationError: Outcome.BAD_ANSWER,
    # A model that this provider does not have says nothing about the next target.
    raised.NotFoundError: Outcome.UNAVAILABLE,
    raised.LiteLLMUnknownProvider: Outcome.UNAVAILABLE,
    raised.ModelNotMappedError: Outcome.UNAVAILABLE,
    raised.ServiceUnavailableError: Outcome.UNAVAILABLE,
    raised.MidStreamFallbackError: Outcome.UNAVAILABLE,
    raised.BadGatewayError: Outcome.UNAVAILABLE,
    raised.InternalServerError: Outcome.UNAVAILABLE,
    raised.APIConnectionError: Outcome.UNAVAILABLE,
    raised.APIError: Outcome.UNAVAILABLE,
    raised.MockException: Outcome.UNAVAILABLE,
    raised.OpenAIError: Outcome.UNAVAILABLE,
}
"""Every exception class of LiteLLM; a subclass that is not named has its nearest named ancestor's outcome."""

_FORBIDDEN = frozenset({401, 403})


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
        """Ask once within `target.timeout_s` and check the answer. Raises ModelFailure, nothing else."""
        messages = _messages(prompt)
        response = await self._ask(messages)
        choice = response.choices[0] if response.choices else None
        text = (choice.message.content if choice else None) or ""
        usage, reported = _reported_usage(response, text)
        if not reported:
            usage = await asyncio.to_thread(_estimated_usage, messages, text)
        cost = self._prices.cost(response.model or "", self.name, usage, reported=reported)
        if choice is None:
            raise _unusable("no choices", usage, cost)
        if choice.finish_reason != "stop":
            raise _unusable(f"finish_reason {choice.finish_reason}", usage, cost)
        if not text.strip():
            raise _unusable("empty", usage, cost)
        return Completion(text=text, model=response.model or self.name, usage=usage, cost=cost)

    async def _ask(self, messages: list[dict[str, str]]) -> litellm.ModelResponse:
        """Make the call. LiteLLM's own timeout ends a silent connection but not a dripping one: ours is the deadline."""
        try:
            async with asyncio.timeout(self._target.timeout_s):
                response = await litellm.acompletion(
                    model=self._called(),
                    messages=messages,
                    max_tokens=self._target.max_output_tokens,
                    api_base=self._api_base,
                    api_key=self._api_key,
                    timeout=self._target.timeout_s,
                    num_retries=0,
                    max_retries=0,
                )
        except TimeoutError as error:
            raise ModelFailure(Outcome.TIMEOUT, "deadline") from error
        except Exception as error:
            raise self._failure(error) from error
        if not isinstance(response, litellm.ModelResponse):
            raise ModelFailure(Outcome.BAD_ANSWER, type(response).__name__)
        return response

    def _called(self) -> str:
        """Return the name that LiteLLM is given."""
        return f"openai/{self.name.removeprefix(SIMULATED)}" if self._simulated else self.name

    def _failure(self, error: Exception) -> ModelFailure:
        """Translate a failed call. The detail names classes and numbers, never a provider's text: it may quote the question."""
        outcome = outcome_of(error)
        key_expected = self._api_key is None and self._api_base is None
        if outcome is Outcome.UNAVAILABLE and key_expected and (missing := missing_key(self.name)):
            # LiteLLM reports a key that is not set as a server's error or a lost connection.
            return ModelFailure(Outcome.UNAUTHORIZED, f"{missing} is not set")
        status = _status(error)
        return ModelFailure(outcome, type(error).__name__ if status is None else f"{type(error).__name__} {status}")


def outcome_of(error: Exception) -> Outcome:
    """Return the outcome of a call that raised: by the table, after two facts that LiteLLM's classes hide.

    A refused key comes as BadRequestError when the provider words it in its own way, so the HTTP status decides; an answer that
    is no JSON comes as a server's error. An exception that is not LiteLLM's is UNAVAILABLE: the next target is asked.
    """
    if _status(error) in _FORBIDDEN:
        return Outcome.UNAUTHORIZED
    if any(isinstance(cause, json.JSONDecodeError) for cause in _causes(error)):
        return Outcome.BAD_ANSWER
    return next((OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES), Outcome.UNAVAILABLE)


def missing_key(model: str) -> str | None:
    """Return the environment variable that a model needs for its API key and that is not set.

    None when it is set, and for providers that can sign in by other means than one key (a cloud's roles).
    """
    missing = litellm.validate_environment(model=model)["missing_keys"]
    return missing[0] if len(missing) == 1 and missing[0].endswith("_API_KEY") else None


def quieten() -> None:
    """Turn off whatever LiteLLM and its clients print, log or send about a call. Made once, when this module is imported.

    LiteLLM finishes the types of an answer in the first call, where pydantic warns about one of them: that is done here, quietly.
    """
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.disable_hf_tokenizer_download = True
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Item 'summary' on TypedDict class", category=UserWarning)
        litellm.ModelResponse(choices=[litellm.Choices(message=litellm.Message())])


async def close_clients() -> None:
    """Close the HTTP clients that LiteLLM keeps for this event loop, and its logging task. The next call makes new ones."""
    await GLOBAL_LOGGING_WORKER.stop()
    await close_litellm_async_clients()  # type: ignore[no-untyped-call]  # LiteLLM leaves these two without annotations
    litellm.in_memory_llm_clients_cache.flush_cache()  # type: ignore[no-untyped-call]


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    """Return the prompt in the protocol's form: instructions, earlier turns, question."""
    turns = [{"role": "assistant" if turn.assistant else "user", "content": turn.text} for turn in prompt.context]
    return [{"role": "system", "content": prompt.instructions}, *turns, {"role": "user", "content": prompt.text}]


def _reported_usage(response: litellm.ModelResponse, text: str) -> tuple[Usage, bool]:
    """Return the provider's token counts and whether they can be true; LiteLLM fills in zeros where there were none."""
    usage = getattr(response, "usage", None)
    if usage is None:
        return Usage(0, 0), False
    cached = getattr(usage.prompt_tokens_details, "cached_tokens", None) or 0
    reasoning = getattr(usage.completion_tokens_details, "reasoning_tokens", None) or 0
    counts = Usage(usage.prompt_tokens or 0, usage.completion_tokens or 0, cached, reasoning)
    return counts, plausible(counts, text)


def _estimated_usage(messages: list[dict[str, str]], text: str) -> Usage:
    """Count the tokens ourselves. The tokenizer's first load takes half a second, hence off the event loop."""
    prompt = litellm.token_counter(model=COUNTING_MODEL, messages=messages)
    completion = litellm.token_counter(model=COUNTING_MODEL, text=text) if text else 0
    return Usage(prompt, completion)


def _unusable(detail: str, usage: Usage, cost: Cost) -> ModelFailure:
    return ModelFailure(Outcome.BAD_ANSWER, detail, usage=usage, cost=cost)


def _status(error: Exception) -> int | None:
    """Return the HTTP status that an exception of LiteLLM carries."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what led to it."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


quieten()
