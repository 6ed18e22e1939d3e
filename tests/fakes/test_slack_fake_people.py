"""People press, fill in and command as in Slack, and response_urls and modals follow Slack's rules."""

import urllib.parse
from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import Delivery, FakeSlack, Message
from tests.fakes.slack.json_values import JsonObject, as_object, object_at, objects_at, parsed, text_at
from tests.fakes.slack.recorder import Recorder
from tests.fakes.slack.workspace import ADA, BOB, OPS, SECRET

ACTIONS: list[JsonObject] = [
    {
        "type": "actions",
        "block_id": "act",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Why?"}, "action_id": "why", "value": "q1"}],
    },
    {
        "type": "context_actions",
        "block_id": "fb",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": {"type": "plain_text", "text": "Helpful"}, "value": "up:q1"},
                "negative_button": {"text": {"type": "plain_text", "text": "Flag"}, "value": "down:q1"},
            }
        ],
    },
]
MODAL: JsonObject = {
    "type": "modal",
    "callback_id": "flag",
    "private_metadata": "q1",
    "title": {"type": "plain_text", "text": "Flag"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {
                "type": "radio_buttons",
                "action_id": "reason",
                "options": [{"text": {"type": "plain_text", "text": "Wrong"}, "value": "wrong"}],
            },
        },
        {
            "type": "input",
            "block_id": "comment",
            "optional": True,
            "label": {"type": "plain_text", "text": "Comment"},
            "element": {"type": "plain_text_input", "action_id": "comment", "max_length": 5},
        },
    ],
}


@pytest.fixture
async def app() -> AsyncIterator[Recorder]:
    async with Recorder() as recorder:
        yield recorder


@pytest.fixture
async def slack(app: Recorder) -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        fake.deliver_to(app.url)
        fake.postman.subscriptions.clear()
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


async def answer(slack: FakeSlack, client: AsyncWebClient, channel: str = OPS) -> Message:
    await client.chat_postMessage(channel=channel, text="answer", blocks=ACTIONS)
    return slack.workspace.bot_messages(channel)[-1]


def trigger_of(delivery: Delivery) -> str:
    return text_at(delivery.outgoing.payload, "trigger_id")


async def respond(delivery: Delivery, body: JsonObject) -> tuple[int, str]:
    response = await AsyncWebhookClient(text_at(delivery.outgoing.payload, "response_url")).send_dict(body)
    return response.status_code, response.body


def last_payload(app: Recorder) -> JsonObject:
    return as_object(parsed(urllib.parse.parse_qs(app.received[-1].body.decode())["payload"][0]))


async def test_a_slash_command_is_a_form_without_a_thread(slack: FakeSlack, app: Recorder) -> None:
    await slack.user(ADA).slash(SECRET, "/ask", "what is ospf & bgp?")
    form = urllib.parse.parse_qs(app.received[0].body.decode())
    assert (form["command"], form["text"], form["channel_name"]) == (["/ask"], ["what is ospf & bgp?"], ["privategroup"])
    assert "thread_ts" not in form


async def test_the_body_of_an_ack_is_shown_to_the_person_alone(slack: FakeSlack, app: Recorder) -> None:
    app.answer = {"text": "Working on it."}
    await slack.user(ADA).slash(OPS, "/ask", "x")
    assert [(one.text, one.ephemeral_to) for one in slack.workspace.ephemerals] == [("Working on it.", ADA)]


async def test_a_pressed_button_carries_its_message_and_value(slack: FakeSlack, client: AsyncWebClient, app: Recorder) -> None:
    message = await answer(slack, client)
    await slack.user(ADA).press(message, "why")
    payload = last_payload(app)
    action = objects_at(payload, "actions")[0]
    assert (action["type"], action["block_id"], action["value"]) == ("button", "act", "q1")
    assert object_at(payload, "container")["message_ts"] == object_at(payload, "message")["ts"] == message.ts


async def test_a_thumb_is_a_feedback_buttons_action_with_the_value_of_its_half(
    slack: FakeSlack, client: AsyncWebClient, app: Recorder
) -> None:
    await slack.user(ADA).press(await answer(slack, client), "feedback", value="down:q1")
    action = objects_at(last_payload(app), "actions")[0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "down:q1")


async def test_a_button_that_is_not_there_cannot_be_pressed(slack: FakeSlack, client: AsyncWebClient) -> None:
    message = await answer(slack, client)
    await client.chat_update(channel=OPS, ts=message.ts, text="withdrawn", blocks=[])
    with pytest.raises(LookupError, match="no button why"):
        await slack.user(ADA).press(message, "why")


async def test_nobody_else_can_press_in_an_ephemeral_message(slack: FakeSlack, client: AsyncWebClient, app: Recorder) -> None:
    await client.chat_postEphemeral(channel=OPS, user=ADA, text="psst", blocks=ACTIONS)
    message = slack.workspace.ephemerals[0]
    with pytest.raises(LookupError):
        await slack.user(BOB).press(message, "why")
    await slack.user(ADA).press(message, "why")
    payload = last_payload(app)
    assert (object_at(payload, "container")["is_ephemeral"], "message" in payload) == (True, False)


async def test_a_response_url_answers_one_person_five_times(slack: FakeSlack) -> None:
    delivery = await slack.user(ADA).slash(OPS, "/ask", "x")
    answers = [await respond(delivery, {"text": str(number)}) for number in range(6)]
    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5][1]
    assert {one.ephemeral_to for one in slack.workspace.ephemerals} == {ADA}


async def test_a_response_url_dies_after_thirty_minutes(slack: FakeSlack) -> None:
    delivery = await slack.user(ADA).slash(OPS, "/ask", "x")
    slack.workspace.clock.advance(1801)
    status, body = await respond(delivery, {"text": "late"})
    assert (status, "expired_url" in body, slack.workspace.ephemerals) == (404, True, [])


async def test_a_response_url_replaces_what_it_said_before(slack: FakeSlack) -> None:
    delivery = await slack.user(ADA).slash(OPS, "/ask", "x")
    await respond(delivery, {"text": "working"})
    await respond(delivery, {"text": "done", "replace_original": True})
    assert [one.text for one in slack.workspace.ephemerals] == ["done"]


async def test_a_response_url_can_speak_to_all_and_replace_or_delete_the_message(slack: FakeSlack, client: AsyncWebClient) -> None:
    message = await answer(slack, client)
    delivery = await slack.user(ADA).press(message, "why")
    await respond(delivery, {"text": "for all", "response_type": "in_channel"})
    await respond(delivery, {"text": "changed", "replace_original": True})
    assert [one.text for one in slack.workspace.bot_messages()] == ["changed", "for all"]
    await respond(delivery, {"delete_original": True})
    assert [one.text for one in slack.workspace.bot_messages()] == ["for all"]


async def test_a_response_url_refuses_bad_blocks(slack: FakeSlack) -> None:
    delivery = await slack.user(ADA).slash(OPS, "/ask", "x")
    assert await respond(delivery, {"text": "x", "blocks": [{"type": "marquee"}]}) == (400, "invalid_blocks")


async def test_a_modal_opens_once_with_a_fresh_trigger(slack: FakeSlack, client: AsyncWebClient) -> None:
    trigger = trigger_of(await slack.user(ADA).slash(OPS, "/ask", "x"))
    await client.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=MODAL)
    late = trigger_of(await slack.user(ADA).slash(OPS, "/ask", "x"))
    slack.workspace.clock.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=late, view=MODAL)


@pytest.mark.parametrize(
    "change", [{"title": {"type": "plain_text", "text": "x" * 25}}, {"submit": None}, {"type": "home"}, {"private_metadata": "x" * 3001}]
)
async def test_a_modal_beyond_slacks_limits_is_refused(slack: FakeSlack, client: AsyncWebClient, change: JsonObject) -> None:
    trigger = trigger_of(await slack.user(ADA).slash(OPS, "/ask", "x"))
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=MODAL | change)


async def test_a_submitted_form_carries_its_values_and_closes(slack: FakeSlack, client: AsyncWebClient, app: Recorder) -> None:
    trigger = trigger_of(await slack.user(ADA).slash(OPS, "/ask", "x"))
    await client.views_open(trigger_id=trigger, view=MODAL)
    view = next(iter(slack.workspace.views.values()))
    await slack.user(ADA).submit(view, {"reason": "wrong"})
    values = object_at(object_at(object_at(last_payload(app), "view"), "state"), "values")
    chosen = object_at(object_at(object_at(values, "reason"), "reason"), "selected_option")
    assert (chosen["value"], object_at(object_at(values, "comment"), "comment")["value"]) == ("wrong", None)
    assert not slack.workspace.views[view.id].is_open


async def test_a_form_with_errors_stays_open(slack: FakeSlack, client: AsyncWebClient, app: Recorder) -> None:
    trigger = trigger_of(await slack.user(ADA).slash(OPS, "/ask", "x"))
    await client.views_open(trigger_id=trigger, view=MODAL)
    view = next(iter(slack.workspace.views.values()))
    app.answer = {"response_action": "errors", "errors": {"reason": "No."}}
    submitted = await slack.user(ADA).submit(view, {"reason": "wrong"})
    assert (submitted.errors, slack.workspace.views[view.id].is_open) == ({"reason": "No."}, True)


@pytest.mark.parametrize("values", [{}, {"reason": "lazy"}, {"reason": "wrong", "comment": "toolong"}, {"reason": "wrong", "mood": "good"}])
async def test_a_form_that_slack_would_not_send_is_an_error(slack: FakeSlack, client: AsyncWebClient, values: dict[str, str]) -> None:
    trigger = trigger_of(await slack.user(ADA).slash(OPS, "/ask", "x"))
    await client.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(LookupError):
        await slack.user(ADA).submit(next(iter(slack.workspace.views.values())), values)


async def test_a_home_tab_is_published_per_person_and_its_buttons_work(slack: FakeSlack, client: AsyncWebClient, app: Recorder) -> None:
    home: JsonObject = {"type": "home", "blocks": [ACTIONS[0]]}
    published = await client.views_publish(user_id=ADA, view=home)
    await client.views_publish(user_id=ADA, view=home, hash=published["view"]["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ADA, view=home, hash=published["view"]["hash"])
    await slack.user(ADA).press_in_view(slack.workspace.homes[ADA], "why")
    assert object_at(last_payload(app), "container")["type"] == "view"


async def test_a_shortcut_carries_the_message(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).say(OPS, "why is core1 down?")
    await slack.user(BOB).shortcut(said.message, "ask_about_message")
    payload = last_payload(app)
    assert (payload["type"], object_at(payload, "message")["text"]) == ("message_action", "why is core1 down?")
