"""Commands, presses and forms become the bot's types."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.fields import Fields
from adapters.slack.interactions import Command, Form, Press, command, form, press
from adapters.slack.reply_url import Manner
from bot.types import FlagReason, FlagSource
from router.types import Visibility
from tests.fakes.slack_payloads import ME, NAMES, NOON, OPTIONS, options, payload


def asked(name: str = "slash_command", **changes: object) -> Command:
    found = command(Fields(payload(name) | changes), ME, OPTIONS)
    assert found is not None
    return found


def pressed(name: str, **changes: object) -> Press:
    found = press(Fields(payload(name) | changes), ME, OPTIONS)
    assert found is not None
    return found


def sent(**changes: object) -> Form:
    found = form(Fields(payload("view_submission_flag") | changes), ME, OPTIONS)
    assert found is not None
    return found


def test_a_command_is_private_by_default() -> None:
    question = asked().question("q_1", NOON, Visibility.PUBLIC)
    assert (question.private, question.text, question.source, question.conversation.thread) == (True, "what is BGP?", None, "")
    assert question.reply_url == "https://hooks.slack.com/commands/T0NETOPS1/1/abc"


def test_a_command_is_known_by_its_trigger() -> None:
    question = asked().question("q_1", NOON, Visibility.PUBLIC)
    assert question.delivery_key == question.logical_key == "slack:11.22.aa"


@pytest.mark.parametrize(
    ("text", "question", "private"),
    [
        ("--public what is BGP?", "what is BGP?", False),
        ("what is BGP? --public", "what is BGP?", False),
        ("--private what is BGP?", "what is BGP?", True),
        ("--public --private what?", "what?", True),
        ("what does `ip --public` do in VRF red?", "what does `ip --public` do in VRF red?", True),
        ("--publicly what?", "--publicly what?", True),
        ("a &lt;b&gt; <#C1|noc>", "a <b> #noc", True),
    ],
)
def test_switches_stand_at_either_end(text: str, question: str, private: bool) -> None:  # noqa: FBT001 (a table's column)
    found = asked(text=text)
    assert (found.text, found.private) == (question, private)


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP", "--public", "--public help"])
def test_help_is_asked_for_with_no_question(text: str) -> None:
    assert asked(text=text).text == ""


@pytest.mark.parametrize(
    ("name", "channel_type"),
    [("privategroup", "group"), ("directmessage", "im"), ("mpdm-ada--bob-1", "mpim"), ("netops", "")],
)
def test_a_command_tells_the_kind_of_an_unnamed_channel(name: str, channel_type: str) -> None:
    assert asked(channel_name=name).channel_type == channel_type


def test_a_foreign_reply_address_is_dropped() -> None:
    assert asked(response_url="https://evil.example/1").reply_url == ""


def test_a_command_of_another_team_is_not_taken() -> None:
    assert command(Fields(payload("slash_command") | {"team_id": "T0OTHER01"}), ME, OPTIONS) is None
    assert command(Fields(payload("slash_command") | {"team_id": "T0OTHER01"}), ME, options(teams=("T0OTHER01",))) is not None


def test_the_thumbs_up_and_the_flag_are_told_apart() -> None:
    up, down = pressed("block_actions_feedback_up"), pressed("block_actions_feedback_down")
    assert (up.up, up.down, up.question_id) == (True, False, "q_1")
    assert (down.up, down.down, down.question_id) == (False, True, "q_1")


def test_the_flag_button_of_the_older_layout_is_the_same() -> None:
    older = pressed("block_actions_feedback_down_older_layout")
    assert (older.action, older.down, older.question_id) == ("answer_feedback", True, "q_1")


def test_a_pressed_flag_needs_no_reason() -> None:
    flag = pressed("block_actions_feedback_down").flag(NOON)
    assert (flag.question_id, flag.user, flag.source, flag.reason) == ("q_1", "U0ADA0001", FlagSource.BUTTON, None)


def test_a_press_under_a_shared_answer_asks_for_a_shared_one() -> None:
    click = pressed("block_actions_escalate").click(Manner.REPLACE)
    assert click.delivery_key == "slack:12.34.aa"
    assert click.reply_url == "https://hooks.slack.com/actions/T0NETOPS1/1/def#append"


def test_a_press_under_a_private_answer_names_the_address_that_replaces_it() -> None:
    click = pressed("block_actions_ephemeral").click(Manner.REPLACE)
    assert click.reply_url == "https://hooks.slack.com/actions/T0NETOPS1/1/def#replace"


def test_a_press_is_in_its_messages_thread() -> None:
    assert pressed("block_actions_why_tier").thread == "1795435200.000100"


def test_a_press_of_another_team_is_not_taken() -> None:
    body = payload("block_actions_escalate") | {"user": {"id": "U9", "team_id": "T0OTHER01"}}
    assert press(Fields(body), ME, OPTIONS) is None


def test_a_press_without_a_question_is_not_taken() -> None:
    body = payload("block_actions_escalate") | {"actions": [{"action_id": "escalate", "value": ""}]}
    assert press(Fields(body), ME, OPTIONS) is None


def test_a_form_says_the_reason_and_a_comment() -> None:
    flag = sent().flag(NOON)
    assert (flag.question_id, flag.source, flag.reason) == ("q_1", FlagSource.FORM, FlagReason.OUTDATED)
    assert flag.comment == "The peer moved in May."


def test_a_reason_that_is_none_of_ours_is_none() -> None:
    view = {"private_metadata": "q_1", "state": {"values": {"reason": {"reason": {"selected_option": {"value": "boring"}}}}}}
    assert sent(view=view).reason is None


def test_a_form_of_another_team_is_not_taken() -> None:
    body = payload("view_submission_flag") | {"user": {"id": "U9", "team_id": "T0OTHER01"}}
    assert form(Fields(body), ME, OPTIONS) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_payload_with_wrong_types_anywhere_is_never_an_error(name: str, data: st.DataObject) -> None:
    value = payload(name)
    body = Fields(value | {data.draw(st.sampled_from(sorted(value))): data.draw(JSON)})
    command(body, ME, OPTIONS)
    press(body, ME, OPTIONS)
    form(body, ME, OPTIONS)
