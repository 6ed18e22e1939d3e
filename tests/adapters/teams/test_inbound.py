"""What Teams says becomes the bot's own types, and nothing that is not for us does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from adapters.fields import Fields
from adapters.teams.inbound import Place, heard, is_admitted, is_flag, place_of, reactions
from adapters.teams.options import TeamsOptions
from bot.store.addresses import Setting
from bot.types import Kind
from router.types import Visibility
from tests.fakes.slack.json_values import JsonObject, object_at
from tests.fakes.teams import ADA, APP_ID, BOT, BOT_NAME, GROUP, OPS, TENANT, Frame, personal
from tests.fakes.teams.activities import mention_text

OPTIONS = TeamsOptions(APP_ID, SecretStr("secret"), TENANT)
IN_2026 = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://smba.trafficmanager.net/emea/"
IN_OPS = Frame(URL, ADA, OPS, thread="1600000000001")
ALONE = Frame(URL, ADA, personal(ADA))
TOGETHER = Frame(URL, ADA, GROUP)


def placed(activity: JsonObject, options: TeamsOptions = OPTIONS) -> Place:
    place = place_of(Fields(activity), options)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("frame", "setting", "thread", "visibility"),
    [
        (IN_OPS, Setting.CHANNEL, "1600000000001", Visibility.PRIVATE),
        (TOGETHER, Setting.GROUP, "", Visibility.PRIVATE),
        (ALONE, Setting.PERSONAL, "", Visibility.DIRECT),
    ],
)
def test_a_place_is_known_with_its_thread_and_its_readers(frame: Frame, setting: Setting, thread: str, visibility: Visibility) -> None:
    place = placed(frame.message("1", "hello"))
    assert (place.address.setting, place.thread) == (setting, thread)
    assert place.address.channel == frame.place.conversation
    assert place.conversation("t").visibility is visibility


@pytest.mark.parametrize("frame", [IN_OPS, TOGETHER, ALONE])
def test_a_conversation_that_does_not_say_its_kind_is_known_by_its_id(frame: Frame) -> None:
    activity = frame.message("1", "hello")
    del object_at(activity, "conversation")["conversationType"]
    assert placed(activity).address.setting.value == frame.place.kind


@pytest.mark.parametrize("team", ["*", "19:team@thread.tacv2"])
def test_a_standard_channel_of_a_public_team_is_open_to_the_tenant(team: str) -> None:
    options = replace(OPTIONS, public_teams=(team,))
    activity = IN_OPS.message("1", "hello")
    assert placed(activity, options).conversation("t").visibility is Visibility.PUBLIC
    object_at(object_at(activity, "channelData"), "channel")["type"] = "private"
    assert placed(activity, options).conversation("t").visibility is Visibility.PRIVATE


def test_a_public_team_opens_no_chat() -> None:
    options = replace(OPTIONS, public_teams=("*",))
    assert placed(TOGETHER.message("1", "hello"), options).conversation("t").visibility is Visibility.PRIVATE


@pytest.mark.parametrize(
    ("broken", "value"),
    [
        ("from", {}),
        ("from", {"id": BOT}),
        ("from", {"id": "2" * 129}),
        ("recipient", None),
        ("conversation", {"id": "", "tenantId": TENANT}),
        ("conversation", {"id": "a" * 256, "tenantId": TENANT}),
        ("serviceUrl", 7),
    ],
)
def test_an_activity_without_a_usable_place_has_none(broken: str, value: object) -> None:
    assert place_of(Fields(ALONE.message("1", "hello") | {broken: value}), OPTIONS) is None


def test_only_people_of_our_own_tenant_and_of_the_listed_ones_are_let_in() -> None:
    ours, theirs = ALONE.message("1", "hello"), replace(ALONE, tenant="other").message("1", "hello")
    assert is_admitted(Fields(ours), OPTIONS)
    assert not is_admitted(Fields(theirs), OPTIONS)
    assert is_admitted(Fields(theirs), replace(OPTIONS, tenants=("other",)))


def test_a_guest_of_another_tenant_is_not_let_in() -> None:
    activity = TOGETHER.message("1", "hello")
    activity["from"] = object_at(activity, "from") | {"tenantId": "other"}
    assert not is_admitted(Fields(activity), OPTIONS)


@pytest.mark.parametrize("changed", [{"channelId": "webchat"}, {"channelData": {}, "conversation": {"id": "a:1"}}])
def test_what_is_not_from_teams_or_of_no_tenant_is_not_let_in(changed: JsonObject) -> None:
    assert not is_admitted(Fields(ALONE.message("1", "hello") | changed), OPTIONS)


def test_without_authentication_any_tenant_may_try_the_bot() -> None:
    assert is_admitted(Fields(replace(ALONE, tenant="playground").message("1", "hello")), TeamsOptions("", verify=False))


def test_a_message_in_a_channel_is_addressed_by_our_mention_alone() -> None:
    for text, addressed in ((f"{mention_text(BOT_NAME)} hello", True), ("hello", False)):
        activity = IN_OPS.message("1", text)
        said = heard(Fields(activity), placed(activity))
        assert said is not None
        assert (said.addressed, said.text, said.kind) == (addressed, "hello", Kind.ASK)


@pytest.mark.parametrize("role", ["bot"])
def test_a_message_of_a_bot_is_not_heard(role: str) -> None:
    activity = TOGETHER.message("1", "hello")
    activity["from"] = object_at(activity, "from") | {"role": role}
    assert heard(Fields(activity), placed(activity)) is None


def test_a_restored_message_is_asked_anew_under_a_key_of_its_own() -> None:
    asked, restored = ALONE.message("1", "hello"), ALONE.changed("1", "undeleteMessage", "hello")
    keys = []
    for activity in (asked, restored):
        said = heard(Fields(activity), placed(activity))
        assert said is not None
        question = said.question("q", IN_2026, "1")
        assert question.kind is Kind.ASK
        keys.append(question.logical_key)
    assert len(set(keys)) == 2


def test_two_edits_of_one_message_have_two_keys_and_one_source() -> None:
    questions = []
    for at in ("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"):
        activity = ALONE.changed("1", "editMessage", "hello") | {"timestamp": at}
        said = heard(Fields(activity), placed(activity))
        assert said is not None
        questions.append(said.question("q", IN_2026, "1"))
    assert questions[0].logical_key != questions[1].logical_key
    assert questions[0].source == questions[1].source


@pytest.mark.parametrize(
    "quoting",
    [
        {
            "attachments": [
                {
                    "contentType": "text/html",
                    "content": '<blockquote itemtype="http://schema.skype.com/Reply" itemid="17"><p>old</p></blockquote>new',
                }
            ]
        },
        {"entities": [{"type": "quotedReply", "quotedReply": {"messageId": "17"}}]},
    ],
)
def test_a_quoted_message_is_known(quoting: JsonObject) -> None:
    activity = ALONE.message("18", "and IPv6?") | quoting
    said = heard(Fields(activity), placed(activity))
    assert said is not None
    assert said.quoted == "17"


@pytest.mark.parametrize(
    ("name", "flag"),
    [("1f44e_thumbsdown", True), ("1f44e-tone2", True), ("angry", True), ("sad", True), ("1f44", False), ("angryface", False), ("", False)],
)
def test_the_thumbs_down_and_its_like_are_flags(name: str, flag: bool) -> None:  # noqa: FBT001 (a table's column)
    assert is_flag(name, OPTIONS.flag_reactions) is flag


def test_several_flag_reactions_at_once_are_one() -> None:
    activity = IN_OPS.reaction("1", "99") | {"reactionsAdded": [{"type": "angry"}, {"type": "sad"}, {"type": "like"}]}
    (reaction,) = reactions(Fields(activity), placed(activity), OPTIONS)
    assert (reaction.added, reaction.at.message, reaction.user) == (True, "99", ADA)
