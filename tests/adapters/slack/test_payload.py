"""A payload's shape is told, and what is none is refused."""

import pytest

from adapters.bodies import MAX_DEPTH
from adapters.slack.payload import Shape, shape_of
from tests.fakes.slack_payloads import NAMES, payload


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_payload_has_a_shape_that_is_handled(name: str) -> None:
    assert shape_of(payload(name)) not in (None, Shape.OTHER)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("app_mention", Shape.EVENT),
        ("slash_command", Shape.COMMAND),
        ("block_actions_escalate", Shape.ACTIONS),
        ("view_submission_flag", Shape.FORM),
        ("url_verification", Shape.VERIFICATION),
        ("app_rate_limited", Shape.RATE_LIMITED),
    ],
)
def test_a_payload_says_what_it_is(name: str, shape: Shape) -> None:
    assert shape_of(payload(name)) is shape


def test_an_unknown_kind_of_payload_is_well_formed_all_the_same() -> None:
    assert shape_of({"type": "message_action", "callback_id": "x"}) is Shape.OTHER


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {"type": 7},
        {"type": "event_callback"},
        {"type": "event_callback", "event": None},
        {"type": "event_callback", "event": []},
        {"type": "event_callback", "event": {"type": 7}},
        {"type": "event_callback", "event": {"type": "message"}, "authorizations": {}},
        {"type": "event_callback", "event": {"type": "message"}, "authorizations": ["x"]},
        {"type": "event_callback", "event": {"type": "message", "user": 7}},
        {"type": "event_callback", "event": {"type": "message", "message": "x"}},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [7]},
        {"type": "block_actions", "actions": [{"action_id": None}]},
        {"type": "block_actions", "actions": [{"action_id": "x"}], "user": {"id": 7}},
        {"type": "view_submission", "view": None},
        {"type": "view_submission", "view": {"callback_id": 7}},
        {"command": 7},
    ],
)
def test_wrong_types_where_the_routing_reads_are_refused(value: object) -> None:
    assert shape_of(value) is None


def test_nesting_without_end_is_refused() -> None:
    value: dict[str, object] = {}
    for _ in range(MAX_DEPTH + 1):
        value = {"a": [value]}
    assert shape_of({"type": "x", "deep": value}) is None


def test_the_nesting_of_rich_text_is_allowed() -> None:
    value: dict[str, object] = {}
    for _ in range(12):
        value = {"elements": [value]}
    assert shape_of({"type": "x", "blocks": [value]}) is Shape.OTHER
