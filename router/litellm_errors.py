"""What LiteLLM raises, as outcomes: THE table, and what a failed call says of the time to wait."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from router.litellm_setup import litellm
from router.retry_after import retry_after_s
from router.types import ModelFailure, Outcome

raised = litellm.exceptions

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


def failure_of(error: Exception) -> ModelFailure:
    """Translate a failed call. The detail names classes and numbers, never a provider's text: it may quote the question."""
    status = _status(error)
    detail = type(error).__name__ if status is None else f"{type(error).__name__} {status}"
    return ModelFailure(outcome_of(error), detail, retry_after_s=retry_after_s(headers_of(error), datetime.now(UTC)))


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


def headers_of(error: BaseException | None) -> Mapping[str, str]:
    """Return the headers of the HTTP response that made a call fail, names in lower case; none where there was no response."""
    for cause in _causes(error):
        for holder in (getattr(cause, "litellm_response_headers", None), getattr(getattr(cause, "response", None), "headers", None)):
            if holder:
                return {str(name).lower(): str(value) for name, value in dict(holder).items()}
    return {}


def _status(error: Exception) -> int | None:
    """Return the HTTP status that an exception of LiteLLM carries."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what led to it."""
    cause = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
