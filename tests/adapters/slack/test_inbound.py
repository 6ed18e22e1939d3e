"""What Slack says about messages becomes the bot's questions, and silence is kept where it should be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.fields import Fields
from adapters.slack.inbound import Said, follows_up, heard, reaction, stated_visibility
from bot.types import Conversation, Kind, MessageRef, Platform
from router.types import Visibility
from tests.fakes.slack_payloads import ME, NAMES, NOON, OPTIONS, event, options, payload


def said(name: str, **changes: object) -> Said:
    found = heard(event(name, **changes), ME, OPTIONS)
    assert found is not None
    return found


def test_a_mention_becomes_a_question_in_plain_text() -> None:
    question = said("app_mention").question("q_1", NOON, Visibility.PUBLIC)
    assert question.text == "why does #noc flap on <et-0/0/1> & who owns cr1.example.net? ask @U0BOB0001"
    assert question.kind is Kind.ASK
    assert question.user == "U0ADA0001"
    assert question.source == MessageRef(Platform.SLACK, "T0NETOPS1", "C0OPS0001", "1795435200.000100")
    assert question.conversation == Conversation(Platform.SLACK, "T0NETOPS1", "C0OPS0001", "1795435200.000100", Visibility.PUBLIC)


def test_a_mention_and_the_message_event_about_it_say_the_same_in_two_deliveries() -> None:
    mention, message = (said(name).question("q", NOON, Visibility.PUBLIC) for name in ("app_mention", "message_channels_mention"))
    assert mention.logical_key == message.logical_key == "slack:T0NETOPS1/C0OPS0001/1795435200.000100"
    assert (mention.delivery_key, message.delivery_key) == ("slack:Ev0001", "slack:Ev0002")


def test_a_direct_message_needs_no_mention() -> None:
    direct = said("message_im")
    assert (direct.addressed, direct.text) == (True, "what is an MTU?")


def test_a_message_to_a_channel_is_not_addressed_to_us_by_itself() -> None:
    assert not said("message_channels_thread_reply").addressed


def test_a_reply_stands_in_its_thread() -> None:
    assert said("message_channels_thread_reply").thread == "1795435200.000100"


def test_a_message_with_a_file_is_a_question_by_its_text() -> None:
    assert said("message_file_share").text == "what is wrong here?"


def test_an_empty_mention_has_no_text() -> None:
    assert said("app_mention_empty").text == ""


@pytest.mark.parametrize(
    "name",
    [
        "message_bot",
        "message_bot_classic",
        "message_own",
        "message_slackbot",
        "message_channel_join",
        "message_changed_unfurl",
        "message_ext_shared",
        "message_foreign_user",
    ],
)
def test_nothing_is_heard_in(name: str) -> None:
    assert heard(event(name), ME, OPTIONS) is None


@pytest.mark.parametrize("name", ["message_bot", "message_bot_classic"])
def test_another_bot_is_heard_where_the_policy_says_so_and_it_mentions_us(name: str) -> None:
    found = heard(event(name), ME, options(other_bots=True))
    assert found is not None
    assert found.addressed


@pytest.mark.parametrize("name", ["message_bot", "message_bot_classic"])
def test_another_bot_that_does_not_mention_us_is_never_heard(name: str) -> None:
    assert heard(event(name, text="cr1 is down"), ME, options(other_bots=True)) is None


def test_our_own_message_is_never_heard() -> None:
    assert heard(event("message_own", text="<@U0SWITCH1> hello"), ME, options(other_bots=True)) is None


def test_a_channel_shared_with_another_organisation_is_heard_where_the_policy_says_so() -> None:
    found = heard(event("message_ext_shared"), ME, options(external_channels=True))
    assert found is not None
    assert found.external


def test_a_guest_organisation_needs_its_team_on_the_list() -> None:
    shared = options(external_channels=True)
    assert heard(event("message_foreign_user"), ME, shared) is None
    assert heard(event("message_foreign_user"), ME, options(external_channels=True, teams=("T0PARTNER",))) is not None


def test_an_installation_of_another_team_is_not_heard() -> None:
    stranger = payload("app_mention") | {"team_id": "T0OTHER01"}
    assert heard(Fields(stranger), ME, OPTIONS) is None


def test_an_edit_carries_the_new_text_and_a_key_of_its_own() -> None:
    question = said("message_changed").question("q", NOON, Visibility.PUBLIC)
    assert (question.kind, question.text) == (Kind.EDITED, "what is OSPF?")
    assert question.logical_key == "slack:T0NETOPS1/C0OPS0001/1795435200.000100/edit/1795435300.000000"
    assert question.source == MessageRef(Platform.SLACK, "T0NETOPS1", "C0OPS0001", "1795435200.000100")


def test_an_edit_of_a_bots_message_is_not_heard() -> None:
    edit = event("message_changed", message={"user": "U0GRAF001", "bot_id": "B0GRAF001", "text": "new", "ts": "1.0"})
    assert heard(edit, ME, options(other_bots=True)) is None


def test_an_edit_that_takes_the_mention_away_is_still_about_our_question() -> None:
    edit = event("message_changed", message={"user": "U0ADA0001", "text": "never mind", "ts": "1795435200.000100"})
    found = heard(edit, ME, OPTIONS)
    assert found is not None
    assert (found.addressed, found.text) == (True, "never mind")


@pytest.mark.parametrize("name", ["message_deleted", "message_changed_tombstone"])
def test_a_deletion_names_the_message_that_is_gone(name: str) -> None:
    question = said(name).question("q", NOON, Visibility.PUBLIC)
    assert (question.kind, question.text) == (Kind.DELETED, "")
    assert question.logical_key == "slack:T0NETOPS1/C0OPS0001/1795435200.000100/deleted"


def test_the_deletion_of_our_own_message_is_not_heard() -> None:
    gone = event("message_deleted", previous_message={"user": "U0SWITCH1", "bot_id": "B0SWITCH1", "text": "x", "ts": "1.0"})
    assert heard(gone, ME, OPTIONS) is None


def test_a_payload_without_an_event_id_is_known_by_what_it_says() -> None:
    body = payload("app_mention")
    del body["event_id"]
    found = heard(Fields(body), ME, OPTIONS)
    assert found is not None
    question = found.question("q", NOON, Visibility.PUBLIC)
    assert question.delivery_key == question.logical_key


@pytest.mark.parametrize(
    ("follow_ups", "user", "expected"),
    [("mention", "U0ADA0001", False), ("asker", "U0ADA0001", True), ("asker", "U0BOB0001", False), ("anyone", "U0BOB0001", True)],
)
def test_the_policy_says_whose_follow_ups_are_answered(follow_ups: str, user: str, expected: bool) -> None:  # noqa: FBT001 (a table)
    reply = said("message_channels_thread_reply", user=user)
    assert follows_up(reply, frozenset({"U0ADA0001"}), follow_ups) is expected


def test_nobody_follows_up_in_a_thread_that_is_not_ours() -> None:
    assert not follows_up(said("message_channels_thread_reply"), frozenset(), "anyone")


def test_a_reply_to_somebody_else_is_no_follow_up() -> None:
    reply = said("message_channels_thread_reply", text="<@U0BOB0001> what do you think?")
    assert not follows_up(reply, frozenset({"U0ADA0001"}), "anyone")


@pytest.mark.parametrize(
    ("channel", "channel_type", "external", "expected"),
    [
        ("D1", "", False, Visibility.DIRECT),
        ("C1", "im", False, Visibility.DIRECT),
        ("G1", "", False, Visibility.PRIVATE),
        ("C1", "group", False, Visibility.PRIVATE),
        ("C1", "mpim", False, Visibility.PRIVATE),
        ("C1", "channel", False, Visibility.PUBLIC),
        ("C1", "channel", True, Visibility.PRIVATE),
        ("C1", "", False, None),
    ],
)
def test_a_channel_is_public_only_when_slack_says_so(
    channel: str,
    channel_type: str,
    external: bool,  # noqa: FBT001 (a table's column)
    expected: Visibility | None,
) -> None:
    assert stated_visibility(channel, channel_type, external=external) is expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_payload_with_wrong_types_anywhere_is_never_an_error(name: str, data: st.DataObject) -> None:
    body = Fields(_broken(payload(name), data))
    for read in (heard, reaction):
        read(body, ME, options(other_bots=True, external_channels=True))


def _broken(value: dict[str, object], data: st.DataObject) -> dict[str, object]:
    """Replace one value, somewhere in the payload, by one of another type."""
    name = data.draw(st.sampled_from(sorted(value)))
    inner = value[name]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        return value | {name: _broken(inner, data)}
    return value | {name: data.draw(JSON)}
