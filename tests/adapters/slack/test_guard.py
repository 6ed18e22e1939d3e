"""Only what Slack signed, and what has a payload's form, gets through; everything else is 400, 401 or 413."""

import contextlib
import gzip
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.bodies import BadBodyError
from adapters.slack.guard import MAX_BYTES, Admitted, Guard, parse, verify
from adapters.slack.options import SlackConfigError
from adapters.slack.payload import Shape
from tests.fakes.slack_payloads import NOON, SECRET, payload, signed

BODY = b'{"type":"event_callback","event":{"type":"message"}}'
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"


def check(headers: dict[str, str], body: bytes = BODY, at: float = 0) -> bool:
    stamp, signature = headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]
    return verify(SECRET, stamp, signature, body, NOON + timedelta(seconds=at))


def test_a_signed_request_is_verified() -> None:
    assert check(signed(BODY, NOON))


@pytest.mark.parametrize(("age", "verified"), [(0, True), (300, True), (301, False), (-60, True), (-61, False)])
def test_the_window_is_five_minutes_back_and_one_ahead(age: int, verified: bool) -> None:  # noqa: FBT001 (a table's column)
    assert check(signed(BODY, NOON), at=age) is verified


def test_another_body_is_not_verified() -> None:
    assert not check(signed(BODY, NOON), BODY + b" ")


def test_another_secret_is_not_verified() -> None:
    assert not check(signed(BODY, NOON, secret="other"))


def test_an_empty_secret_verifies_nothing() -> None:
    headers = signed(BODY, NOON, secret="")
    assert not verify("", headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"], BODY, NOON)


@pytest.mark.parametrize("stamp", ["", "abc", "-1", "1.5", "١٢٣", "1" * 13, "1e9", " 1795435200", "nan"])
def test_a_timestamp_that_is_no_number_is_refused_and_not_an_error(stamp: str) -> None:
    assert not verify(SECRET, stamp, "v0=abc", BODY, NOON)


@settings(deadline=None)
@given(st.text(), st.text(), st.binary())
def test_whatever_the_headers_hold_the_answer_is_no(stamp: str, signature: str, body: bytes) -> None:
    assert not verify(SECRET, stamp, signature, body, NOON)


@settings(deadline=None)
@given(st.text())
def test_a_forged_signature_of_the_right_second_is_refused(signature: str) -> None:
    assert not verify(SECRET, str(int(NOON.timestamp())), signature, BODY, NOON)


def test_a_header_with_bytes_that_are_no_text_is_refused() -> None:
    assert not verify(SECRET, str(int(NOON.timestamp())), "v0=\udcff", BODY, NOON)


@pytest.mark.parametrize("secret", ["", "  "])
def test_a_guard_without_a_secret_is_refused_in_one_clear_line(secret: str) -> None:
    with pytest.raises(SlackConfigError, match=r"^the Slack signing secret is empty: set SLACK_SIGNING_SECRET .*$"):
        Guard(SecretStr(secret), lambda: NOON)


def test_an_event_is_read_from_json() -> None:
    admitted = parse(json.dumps(payload("app_mention")).encode(), JSON_TYPE)
    assert (admitted.shape, admitted.fields.text("event", "type")) == (Shape.EVENT, "app_mention")


def test_a_command_is_read_from_a_form() -> None:
    admitted = parse(b"command=%2Fask&text=what+is+BGP%3F", FORM_TYPE)
    assert (admitted.shape, admitted.fields.text("text")) == (Shape.COMMAND, "what is BGP?")


def test_an_interaction_is_read_from_its_field() -> None:
    admitted = parse(b"payload=%7B%22type%22%3A%22view_submission%22%2C%22view%22%3A%7B%22callback_id%22%3A%22x%22%7D%7D", FORM_TYPE)
    assert admitted.shape is Shape.FORM


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON_TYPE),
        (b"[]", JSON_TYPE),
        (b'"text"', JSON_TYPE),
        (b"{", JSON_TYPE),
        (b"\xff\xfe", JSON_TYPE),
        (b'{"a":NaN}', JSON_TYPE),
        (b'{"a":' + b"9" * 5000 + b"}", JSON_TYPE),
        (b"[" * 100_000, JSON_TYPE),
        (b'{"a":' * 100_000, JSON_TYPE),
        (b'{"a":' * 100 + b"1" + b"}" * 100, JSON_TYPE),
        (BODY, "text/plain"),
        (BODY, ""),
        (BODY, FORM_TYPE),
        (b"payload=7", FORM_TYPE),
        (b"payload=%7B", FORM_TYPE),
        (b"payload=%7B%7D&payload=%7B%7D", FORM_TYPE),
        (b"command=%2Fask&text=payload", FORM_TYPE),
        (b"a=1&" * 200, FORM_TYPE),
    ],
)
def test_what_is_no_payload_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(BadBodyError):
        parse(body, content_type)


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode), st.sampled_from([JSON_TYPE, FORM_TYPE]))
def test_any_bytes_are_admitted_or_refused_and_nothing_else(body: bytes, content_type: str) -> None:
    with contextlib.suppress(BadBodyError):
        assert isinstance(parse(body, content_type), Admitted)


@pytest.fixture
async def door() -> AsyncIterator[tuple[TestClient[web.Request, web.Application], list[Admitted]]]:
    """A server behind the guard, and what the guard let through."""
    through: list[Admitted] = []
    guard = Guard(SecretStr(SECRET), lambda: NOON)

    async def handle(request: web.Request) -> web.Response:
        admitted = await guard.admit(request)
        if isinstance(admitted, web.Response):
            return admitted
        through.append(admitted)
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handle)
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        yield client, through


type_of_json = {"Content-Type": JSON_TYPE}


async def test_a_signed_event_gets_through(door: tuple[TestClient[web.Request, web.Application], list[Admitted]]) -> None:
    client, through = door
    response = await client.post("/", data=BODY, headers=type_of_json | signed(BODY, NOON))
    assert (response.status, [one.body for one in through]) == (200, [BODY.decode()])


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (BODY, {}, 401),
        (BODY, signed(BODY, NOON, secret="other"), 401),
        (BODY, signed(BODY, NOON - timedelta(seconds=301)), 401),
        (BODY, signed(BODY, NOON + timedelta(seconds=61)), 401),
        (BODY, {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}, 401),
        (BODY, {"X-Slack-Request-Timestamp": str(int(NOON.timestamp())), "X-Slack-Signature": "v0=ü"}, 401),
        (b"[]", signed(b"[]", NOON), 400),
        (b"{" * 5000, signed(b"{" * 5000, NOON), 400),
        (b"x" * (MAX_BYTES + 1), {}, 413),
    ],
)
async def test_every_refusal_has_its_status(
    door: tuple[TestClient[web.Request, web.Application], list[Admitted]],
    body: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    client, through = door
    response = await client.post("/", data=io.BytesIO(body), headers=type_of_json | headers)
    assert (response.status, await response.read(), through) == (status, b"", [])


async def test_a_body_that_grows_while_it_is_read_is_cut_off(
    door: tuple[TestClient[web.Request, web.Application], list[Admitted]],
) -> None:
    client, through = door

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 65_536

    response = await client.post("/", data=drip(), headers=type_of_json)
    assert (response.status, through) == (413, [])


async def test_a_compressed_body_is_refused_before_it_unfolds(
    door: tuple[TestClient[web.Request, web.Application], list[Admitted]],
) -> None:
    client, through = door
    bomb = gzip.compress(b"{" + b" " * 5_000_000)
    async with ClientSession(auto_decompress=False) as session:
        address = client.make_url("/")
        response = await session.post(address, data=bomb, headers=type_of_json | {"Content-Encoding": "gzip"} | signed(bomb, NOON))
        assert (response.status, through) == (400, [])
