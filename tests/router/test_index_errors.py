"""Every exception of the Qdrant client becomes an IndexFailure with the right reason and none of the server's words."""

import pytest
from aiohttp import web
from qdrant_client.common import client_exceptions
from qdrant_client.http import exceptions

from router.index import Reason
from router.index_errors import STATUS, failure_of


def subclasses(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(subclasses(below) for below in kind.__subclasses__()))


MAKERS: dict[type[Exception], Exception] = {
    exceptions.ApiException: exceptions.ApiException(),
    exceptions.UnexpectedResponse: exceptions.UnexpectedResponse(500, "", b"", web.Response().headers),  # type: ignore[arg-type]  # as good
    exceptions.ResponseHandlingException: exceptions.ResponseHandlingException(ConnectionRefusedError("10.0.0.1")),
    client_exceptions.QdrantException: client_exceptions.QdrantException("10.0.0.1"),
    client_exceptions.ResourceExhaustedResponse: client_exceptions.ResourceExhaustedResponse("10.0.0.1", 3),
}


def test_every_exception_of_the_client_is_translated_without_its_words() -> None:
    assert subclasses(exceptions.ApiException) | subclasses(client_exceptions.QdrantException) == MAKERS.keys()
    messages = [str(failure_of(error)) for error in MAKERS.values()]
    assert len(set(messages)) == len(messages)
    assert not any("10.0.0.1" in message or "cannot be used" in message for message in messages)


@pytest.mark.parametrize("status", STATUS)
def test_a_status_of_a_gateway_or_server_has_its_reason(status: int) -> None:
    error = exceptions.UnexpectedResponse(status, "", b"", web.Response().headers)  # type: ignore[arg-type]  # as good
    assert failure_of(error).reason is STATUS[status][0]  # type: ignore[index]  # an IntEnum's key


def test_a_timeout_of_the_transport_is_slow() -> None:
    class ReadTimeout(Exception):  # noqa: N818 (the transport's own name)
        pass

    assert failure_of(exceptions.ResponseHandlingException(ReadTimeout())).reason is Reason.SLOW
    assert failure_of(TimeoutError()).reason is Reason.SLOW


def test_an_unknown_exception_is_broken() -> None:
    assert failure_of(KeyError("result")).reason is Reason.BROKEN
