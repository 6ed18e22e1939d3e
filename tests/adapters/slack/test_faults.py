"""Every error of Slack and its SDK becomes a delivery failure that says what to do."""

import inspect

import aiohttp
import pytest
import slack_sdk.errors
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import faults
from adapters.slack.faults import by_code, by_status, code_of, translate
from bot.types import DeliveryFailure, MessageGone

SDK_ERRORS = [error for _, error in inspect.getmembers(slack_sdk.errors, inspect.isclass) if issubclass(error, SlackClientError)]


def answered(data: object, status: int = 200, **headers: str) -> SlackApiError:
    """Make the error that the SDK raises for an answer."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,  # type: ignore[arg-type]  # whatever a broken peer sends
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )
    return SlackApiError("secret text", response)  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


@pytest.mark.parametrize("kind", SDK_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_class_of_the_sdk_is_translated(kind: type[SlackClientError]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "secret text")
    error.response = {"ok": False}  # type: ignore[attr-defined]  # what some of them carry
    failure = translate(error)
    assert failure.in_doubt
    assert failure.retry_after_s is not None
    assert "secret" not in str(failure)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionResetError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientPayloadError("secret text"),
        aiohttp.ClientOSError(104, "secret text"),
        ValueError("secret text"),
        AttributeError("secret text"),
    ],
)
def test_whatever_else_goes_wrong_may_have_arrived(error: Exception) -> None:
    failure = translate(error)
    assert (failure.in_doubt, failure.retry_after_s) == (True, faults.SOON_S)
    assert "secret" not in str(failure)


def test_what_never_connected_did_not_arrive() -> None:
    key = aiohttp.client_reqrep.ConnectionKey("slack.com", 443, True, True, None, None, None)  # noqa: FBT003 (aiohttp's own)
    failure = translate(aiohttp.ClientConnectorError(key, OSError(111, "refused")))
    assert (failure.code, failure.in_doubt) == ("unreachable", False)


@pytest.mark.parametrize("code", sorted(faults.PERMANENT))
def test_what_cannot_help_is_not_tried_again(code: str) -> None:
    assert translate(answered({"ok": False, "error": code})).retry_after_s is None


@pytest.mark.parametrize("code", sorted(faults.ADMIN))
def test_what_an_administrator_has_to_mend_waits(code: str) -> None:
    failure = by_code(code)
    assert (failure.retry_after_s, failure.in_doubt, failure.code) == (60.0, False, code)


@pytest.mark.parametrize("code", sorted(faults.TRANSIENT))
def test_slacks_own_trouble_leaves_doubt(code: str) -> None:
    failure = by_code(code)
    assert (failure.retry_after_s, failure.in_doubt) == (2.0, True)


@pytest.mark.parametrize("code", sorted(faults.GONE))
def test_what_cannot_be_replaced_is_gone(code: str) -> None:
    assert isinstance(translate(answered({"ok": False, "error": code})), MessageGone)


def test_no_code_stands_in_two_lists() -> None:
    lists = (faults.PERMANENT, faults.ADMIN, faults.TRANSIENT, faults.RATE_LIMITED, faults.GONE)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))


def test_an_unknown_code_is_tried_again_after_a_while() -> None:
    failure = by_code("brand_new_error")
    assert (failure.retry_after_s, failure.in_doubt) == (30.0, False)


@pytest.mark.parametrize(("header", "seconds"), [("30", 30.0), ("0", 1.0), ("99999999", 3600.0), ("soon", 30.0), ("", 30.0), ("-5", 30.0)])
def test_a_rate_limit_says_when_to_come_back(header: str, seconds: float) -> None:
    failure = translate(answered({"ok": False, "error": "ratelimited"}, 429, Retry_After=header))
    assert (failure.retry_after_s, failure.in_doubt) == (seconds, False)


@pytest.mark.parametrize(
    ("data", "status", "in_doubt", "retry"),
    [({}, 503, True, True), ("<html>", 502, True, True), (None, 200, True, True), ({}, 404, False, False), ({}, 429, False, True)],
)
def test_an_answer_without_a_code_is_told_by_its_status(data: object, status: int, *, in_doubt: bool, retry: bool) -> None:
    failure = translate(answered(data, status))
    assert (failure.in_doubt, failure.retry_after_s is not None) == (in_doubt, retry)


def test_a_failure_stays_what_it_is() -> None:
    failure = DeliveryFailure("paced", retry_after_s=1.0)
    assert translate(failure) is failure


@pytest.mark.parametrize("error", [answered({"error": 7}), answered("text"), ValueError()])
def test_an_answer_that_names_no_code_has_none(error: Exception) -> None:
    assert code_of(error) == ""


@settings(deadline=None)
@given(st.integers(min_value=100, max_value=599), st.text())
def test_any_status_and_header_is_read(status: int, header: str) -> None:
    wait = by_status(status, header).retry_after_s
    assert wait is None or 1.0 <= wait <= faults.LONGEST_WAIT_S
