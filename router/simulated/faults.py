"""What can go wrong at a provider, each as a switch of a simulated model."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum


class Fault(StrEnum):
    """One way in which a provider fails. The values are stable: the control endpoint and saved scripts use them."""

    RATE_LIMITED = "rate_limited"
    """429 with Retry-After."""
    SERVER_ERROR = "server_error"
    """500 with an error body."""
    HTML_503 = "html_503"
    """503 with a proxy's HTML page instead of JSON."""
    UNAUTHORIZED = "unauthorized"
    """401: the key is not accepted."""
    TOO_LONG = "too_long"
    """400 `context_length_exceeded`."""
    CONTENT_POLICY = "content_policy"
    """400 `content_policy_violation`: the question itself is refused."""
    HANG = "hang"
    """The connection is taken and nothing ever comes."""
    RESET = "reset"
    """The connection is dropped without an answer."""
    DRIP = "drip"
    """A good answer, a few bytes at a time, never fast enough."""
    STALL = "stall"
    """Half an answer, then silence."""
    CUT = "cut"
    """The connection ends in the middle of the answer."""
    TRUNCATED = "truncated"
    """Half an answer with `finish_reason: length`; a stream just ends, without a finish reason."""
    CONTENT_FILTER = "content_filter"
    """Half an answer with `finish_reason: content_filter`."""
    EMPTY = "empty"
    """Content of blanks alone."""
    NULL_CONTENT = "null_content"
    """Content null."""
    NO_CHOICES = "no_choices"
    """`choices: []`."""
    GARBAGE = "garbage"
    """200 with text that is no JSON."""
    MISSING_USAGE = "missing_usage"
    """A good answer without token counts."""
    ABSURD_USAGE = "absurd_usage"
    """A good answer with impossible token counts."""


RETRY_AFTER = "30"
"""What a rate-limited model asks to wait, in seconds; many providers send a minute or less."""


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """An HTTP answer that is an error: what the simulated provider sends instead of a completion."""

    status: int
    body: str
    content_type: str = "application/json"
    retry_after: str = ""


def error_reply(status: int, kind: str, code: str, message: str) -> ErrorReply:
    """Return an error in the form of OpenAI-compatible servers; `kind` is their `type`."""
    return ErrorReply(status, json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}))


ERROR_REPLIES: dict[Fault, ErrorReply] = {
    Fault.RATE_LIMITED: replace(
        error_reply(429, "requests", "rate_limit_exceeded", "Simulated: rate limit reached, try again later."),
        retry_after=RETRY_AFTER,
    ),
    Fault.SERVER_ERROR: error_reply(500, "server_error", "internal_error", "Simulated: the server had an error."),
    Fault.HTML_503: ErrorReply(503, "<html><body><h1>503 Service Unavailable</h1></body></html>", "text/html"),
    Fault.UNAUTHORIZED: error_reply(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: simulated."),
    Fault.TOO_LONG: error_reply(
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "Simulated: this model's maximum context length is 8192 tokens, however you requested more. Please reduce the length.",
    ),
    Fault.CONTENT_POLICY: error_reply(
        400,
        "invalid_request_error",
        "content_policy_violation",
        "Simulated: your request was rejected as a result of our safety system.",
    ),
}
"""The faults that answer with an HTTP error."""
