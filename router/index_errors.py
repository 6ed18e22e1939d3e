"""The table from what the Qdrant client raises to IndexFailure."""

from collections.abc import Callable
from http import HTTPStatus

from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from router.index import IndexFailure, Reason

STATUS = {
    HTTPStatus.UNAUTHORIZED: (Reason.BROKEN, "the server does not accept the API key"),
    HTTPStatus.FORBIDDEN: (Reason.BROKEN, "the server does not accept the API key"),
    HTTPStatus.REQUEST_TIMEOUT: (Reason.SLOW, "the server gave up waiting"),
    HTTPStatus.TOO_MANY_REQUESTS: (Reason.SLOW, "the server asks to wait"),
    HTTPStatus.BAD_GATEWAY: (Reason.DOWN, "no server behind the gateway"),
    HTTPStatus.SERVICE_UNAVAILABLE: (Reason.DOWN, "the server is not available"),
    HTTPStatus.GATEWAY_TIMEOUT: (Reason.SLOW, "the gateway gave up waiting"),
    HTTPStatus.INSUFFICIENT_STORAGE: (Reason.FULL, "the server's disk is full"),
}

WRONG_SIZE = b"imension error"
NO_SPACE = b"No space left"
"""What a server of version 1.x writes in the body of a 400 or 500 that has no status of its own."""


def failure_of(error: Exception) -> IndexFailure:
    """Translate an exception. Neither the address nor the server's own words go into the message."""
    if isinstance(error, IndexFailure):
        return error
    for kind, failure in _BY_TYPE.items():
        if isinstance(error, kind):
            return failure(error)
    return IndexFailure(Reason.BROKEN, f"the answer cannot be used ({type(error).__name__})")


def _by_status(error: Exception) -> IndexFailure:
    status = getattr(error, "status_code", None) or 0
    body = getattr(error, "content", b"")
    if status in STATUS:
        return IndexFailure(*STATUS[HTTPStatus(status)])
    if WRONG_SIZE in body:
        return IndexFailure(Reason.WRONG_SIZE, "the server refuses vectors of this size")
    if NO_SPACE in body:
        return IndexFailure(*STATUS[HTTPStatus.INSUFFICIENT_STORAGE])
    return IndexFailure(Reason.BROKEN, f"the server answers with HTTP status {status}")


def _by_source(error: Exception) -> IndexFailure:
    """Judge what the transport raised by its name: the transport is the client's own choice."""
    source = getattr(error, "source", error)
    name = type(source).__name__
    if isinstance(source, ValueError):  # of which the errors of its JSON reader and of its checks are kinds
        return IndexFailure(Reason.BROKEN, f"the answer cannot be read ({name})")
    return IndexFailure(Reason.SLOW if name.endswith(("Timeout", "TimeoutError")) else Reason.DOWN, name)


_BY_TYPE: dict[type[Exception], Callable[[Exception], IndexFailure]] = {
    UnexpectedResponse: _by_status,
    ResponseHandlingException: _by_source,
    ResourceExhaustedResponse: lambda _: IndexFailure(*STATUS[HTTPStatus.TOO_MANY_REQUESTS]),
    ApiException: lambda _: IndexFailure(Reason.BROKEN, "the server answers with an error"),
    QdrantException: lambda _: IndexFailure(Reason.BROKEN, "the server's answer cannot be read"),
    OSError: _by_source,  # asyncio's TimeoutError is one
}
