"""Bolt runs our handlers before it answers, and whatever goes wrong is a 503 without a word of it."""

import asyncio
import itertools
import json
import logging
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.fields import Fields
from adapters.later import Later
from adapters.slack.bolt import Verdict, dispatch_http, make_bolt
from adapters.slack.channels import Channels
from adapters.slack.inbound import Identity
from adapters.slack.listeners import Listener, Trigger, listeners, unlistened
from adapters.slack.outbound import SlackMessage
from adapters.slack.payload import Shape, shape_of
from adapters.slack.reception import Reception
from adapters.slack.speaker import Speaker
from adapters.slack.whoami import Whoami
from bot.desk import Taken
from bot.types import Flag, FlagReason, FlagSource, MessageRef, Platform, Question
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.slack_payloads import ANSWER, ME, NAMES, OPTIONS, payload
from tests.fakes.slack_web import FakeSlackWeb

WE: dict[str, object] = {"ok": True, "team_id": ME.team, "user_id": ME.user, "bot_id": ME.bot}
ANSWERED = MessageRef(Platform.SLACK, ME.team, "C0OPS0001", "1795435210.000500")


@dataclass(frozen=True, slots=True)
class Hall:
    """A desk behind Bolt, without a network. `web` answers every call with who we are."""

    desk: FakeDesk
    web: FakeSlackWeb
    reception: Reception
    later: Later

    async def send(self, value: dict[str, object]) -> Verdict:
        """Hand a verified payload to Bolt and wait for what it sets going."""
        whoami = Whoami(self.web)
        bolt = make_bolt(OPTIONS, whoami, listeners(self.reception), unlistened(self.reception))
        try:
            return await dispatch_http(bolt, *as_http(value))
        finally:
            await self.later.drain(0.5)
            await whoami.stop()


def as_http(value: dict[str, object]) -> tuple[str, str]:
    """Return the body and content type in which Slack sends a payload."""
    shape = shape_of(value)
    if shape is Shape.EVENT:
        return json.dumps(value), "application/json"
    form = value if shape is Shape.COMMAND else {"payload": json.dumps(value)}
    return urlencode(form), "application/x-www-form-urlencoded"


def hall() -> Hall:
    desk, web, later, numbers = FakeDesk(), FakeSlackWeb(WE), Later(), itertools.count(1)
    clock = FakeClock()
    speaker = Speaker(web, OPTIONS, later)
    reception = Reception(OPTIONS, desk, clock, lambda: f"q_{next(numbers)}", Channels(web, clock), speaker)
    return Hall(desk, web, reception, later)


async def answered(place: Hall) -> Question:
    """Have the recorded mention answered as question q_1, where the recorded reactions and buttons are."""
    await place.send(payload("app_mention"))
    question = place.desk.taken[0]
    place.desk.records[question.id] = type(place.desk.records[question.id])(question, ANSWER)
    place.desk.places[ANSWERED] = question.id
    return question


@pytest.mark.parametrize("name", [name for name in NAMES if shape_of(payload(name)) not in (Shape.VERIFICATION, Shape.RATE_LIMITED)])
async def test_every_recorded_payload_is_acknowledged(name: str) -> None:
    assert (await hall().send(payload(name))).status == 200


async def test_a_mention_and_its_message_are_one_question() -> None:
    place = hall()
    for name in ("app_mention", "message_channels_mention", "app_mention"):
        await place.send(payload(name))
    assert [question.id for question in place.desk.taken] == ["q_1"]


async def test_a_reaction_flags_once_and_is_taken_back() -> None:
    place = hall()
    await answered(place)
    await place.send(payload("reaction_added_skin_tone"))
    assert place.desk.flags == {("q_1", "U0ADA0001"): Flag("q_1", "U0ADA0001", FlagSource.REACTION, None, "", FakeClock().now)}
    await place.send(payload("reaction_removed_skin_tone"))
    assert place.desk.flags == {}


async def test_a_form_gives_the_flag_its_reason() -> None:
    place = hall()
    await answered(place)
    await place.send(payload("block_actions_feedback_down"))
    assert place.desk.flags["q_1", "U0ADA0001"].source is FlagSource.BUTTON
    await place.send(payload("view_submission_flag"))
    flag = place.desk.flags["q_1", "U0ADA0001"]
    assert (flag.source, flag.reason, flag.comment) == (FlagSource.FORM, FlagReason.OUTDATED, "The peer moved in May.")


@pytest.mark.parametrize(("name", "pressed"), [("escalate", "escalate"), ("retry", "again"), ("answer_again", "again")])
async def test_buttons_reach_the_desk(name: str, pressed: str) -> None:
    place = hall()
    await answered(place)
    await place.send(payload(f"block_actions_{name}"))
    ((what, click),) = place.desk.clicks
    assert (what, click.question_id, click.user) == (pressed, "q_1", "U0ADA0001")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("app_mention", {"response_urls": None}),
        ("view_submission_flag", {"view": {"callback_id": "flag_form", "private_metadata": "q_1"}}),
    ],
)
async def test_a_payload_that_bolt_stumbles_over_is_refused(name: str, changes: dict[str, object]) -> None:
    assert await hall().send(payload(name) | changes) == Verdict(400)


async def test_help_is_shown_to_its_asker_alone() -> None:
    verdict = await hall().send(payload("slash_command_help"))
    assert verdict.payload is not None
    assert verdict.payload["response_type"] == "ephemeral"
    assert verdict.payload["blocks"]


@pytest.mark.parametrize("name", ["app_mention", "slash_command", "block_actions_escalate", "view_submission_flag", "reaction_added"])
async def test_what_the_database_did_not_take_has_to_come_again(name: str) -> None:
    place = hall()
    place.desk.down = True
    assert await place.send(payload(name)) == Verdict(503)


async def test_what_slack_would_have_to_tell_us_first_has_to_come_again() -> None:
    place = hall()
    place.web.gate.clear()
    assert await place.send(payload("app_mention")) == Verdict(503)


async def test_an_unexpected_error_is_a_503_and_its_text_stays_here(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(body: Fields, me: Identity) -> SlackMessage | None:
        raise RuntimeError("secret text")

    bolt = make_bolt(OPTIONS, Whoami(FakeSlackWeb(WE)), (Listener(Trigger.EVENT, "app_mention", broken),), ())
    with caplog.at_level(logging.DEBUG):
        verdict = await dispatch_http(bolt, *as_http(payload("app_mention")))
    assert verdict == Verdict(503)
    assert "RuntimeError" in caplog.text
    assert "secret text" not in caplog.text


async def test_no_log_line_holds_what_people_wrote_or_a_token(caplog: pytest.LogCaptureFixture) -> None:
    place = hall()
    with caplog.at_level(logging.DEBUG):
        await answered(place)
        for name in NAMES:
            await place.send(payload(name))
    written = ("what is", "why does", "cr1", "The peer moved", "xoxb-1", "shh-signing", "hooks.slack.com")
    assert [word for word in written if word in caplog.text] == []
    assert "question=q_1" in caplog.text


async def test_a_tokens_end_is_an_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    await hall().send(payload("tokens_revoked"))
    assert [record.levelname for record in caplog.records if "revoked our access" in record.getMessage()] == ["ERROR"]


async def test_a_flag_on_a_forgotten_answer_is_no_error() -> None:
    place = hall()
    await place.send(payload("block_actions_feedback_down"))
    assert place.desk.flags == {}
    assert await place.desk.helpful("q_1", "U1") is Taken.UNKNOWN


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([name for name in NAMES if not name.startswith("slash")]), st.data())
def test_wrong_types_anywhere_are_refused_or_acknowledged_but_never_an_error(name: str, data: st.DataObject) -> None:
    value = _broken(payload(name), data)
    shape = shape_of(value)
    if shape in (Shape.EVENT, Shape.ACTIONS, Shape.FORM):
        assert asyncio.run(hall().send(value)).status in (200, 400)


def _broken(value: dict[str, object], data: st.DataObject) -> dict[str, object]:
    """Replace one value, somewhere in the payload, by one of another type."""
    name = data.draw(st.sampled_from(sorted(value)))
    inner = value[name]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        return value | {name: _broken(inner, data)}
    if isinstance(inner, list) and inner and isinstance(inner[0], dict) and data.draw(st.booleans()):
        return value | {name: [_broken(inner[0], data)]}
    return value | {name: data.draw(JSON)}
