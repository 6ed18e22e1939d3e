import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from adapters.web.payloads import MAX_NAME, MAX_TEXT, Delete, Edit, FaultForm, FlagForm, Poll, Post, Press, Refused, parse, slug

FORMS: tuple[type[BaseModel], ...] = (Post, Edit, Delete, Press, FlagForm, FaultForm)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("user", "id", "channel", "thread", "text", "message", "question", "reason", "comment", "model", "fault")


def post(**changes: object) -> bytes:
    return json.dumps({"id": str(uuid4()), "user": "ana", "channel": "noc", "text": "hello"} | changes).encode()


@pytest.mark.parametrize(
    ("name", "user"), [("Ana", "ana"), ("Ana María", "ana-maría"), (" 李 雷 ", "李-雷"), ("a/b?c", "a-b-c"), ("x" * 60, "x" * MAX_NAME)]
)
def test_a_name_becomes_a_user_id(name: str, user: str) -> None:
    assert slug(name) == user


@pytest.mark.parametrize("name", ["", "  ", "!?", "SwitchBoard", "＠switchboard"])  # noqa: RUF001 (the wide sign is meant)
def test_nobody_can_be_nameless_or_the_bot(name: str) -> None:
    with pytest.raises(Refused):
        parse(Post, post(user=name))


@given(st.text(min_size=1, max_size=40))
def test_a_user_id_is_its_own_name(name: str) -> None:
    try:
        user = slug(name)
    except ValueError:
        return
    assert slug(user) == user
    assert len(user) <= MAX_NAME


def test_control_characters_are_taken_out_of_a_text() -> None:
    assert parse(Post, post(text=" a\x00b\r\nc\x1b[1m\t")).text == "ab\nc[1m"


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * (MAX_TEXT + 1)])
def test_an_empty_or_overlong_text_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(Post, post(text=text))
    assert refused.value.status == 400
    assert refused.value.text.startswith("text: ")


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(Refused, match="tenant"):
        parse(Post, post(tenant="T2"))


def test_a_message_id_must_be_a_uuid() -> None:
    with pytest.raises(Refused, match="id"):
        parse(Post, post(id="answer:q1"))


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(Refused):
        parse(Post, b'{"id":"5cc3cbd0-4f77-4b1f-8a0e-3e4a1f1f0b11","user":"ana","channel":"noc","text":"\\ud800"}')


def test_a_poll_reads_the_address() -> None:
    assert parse(Poll, {"user": "ana", "since": "12"}).since == 12


@given(raw=st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_form_or_refused(raw: bytes) -> None:
    for form in FORMS:
        try:
            parse(form, raw)
        except Refused as refused:
            assert refused.status == 400  # noqa: PT017 (either way is right)


@given(fields=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6))
def test_any_fields_are_a_form_or_refused(fields: dict[str, object]) -> None:
    raw = json.dumps(fields).encode()
    for form in FORMS:
        try:
            parse(form, raw)
        except Refused as refused:
            assert refused.status == 400  # noqa: PT017 (either way is right)
