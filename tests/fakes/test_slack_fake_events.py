"""The fake delivers over HTTP as Slack does: signed, twice for a mention, again after a failure."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FORGED, FUTURE, OLD, UNSIGNED, FakeSlack, Message, Signature, Signing
from tests.fakes.slack.events import CHALLENGE
from tests.fakes.slack.json_values import JsonObject, object_at, objects_at
from tests.fakes.slack.recorder import Recorder
from tests.fakes.slack.workspace import ADA, BOT, BOT_USER, ELSEWHERE, OPS, PARTNER, PARTNER_TEAM, SHARED, TEAM


@pytest.fixture
async def app() -> AsyncIterator[Recorder]:
    async with Recorder() as recorder:
        yield recorder


@pytest.fixture
async def slack(app: Recorder) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(limit_s=0.5) as fake:
        fake.deliver_to(app.url)
        yield fake


def events(app: Recorder) -> list[JsonObject]:
    return [object_at(one.json, "event") for one in app.received]


def kinds(app: Recorder) -> list[str]:
    return sorted(f"{one['type']}/{one.get('subtype', '')}" for one in events(app))


def verifies(slack: FakeSlack, app: Recorder) -> list[bool]:
    verifier = SignatureVerifier(slack.signing_secret)
    return [verifier.is_valid_request(one.body, one.headers) for one in app.received]


async def test_a_mention_arrives_as_two_events_about_one_message(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).mention(OPS, "is core1 up?")
    assert kinds(app) == ["app_mention/", "message/"]
    assert {one["ts"] for one in events(app)} == {said.message.ts}
    assert len({one.json["event_id"] for one in app.received}) == 2
    assert [one.ok for one in said.deliveries] == [True, True]


async def test_a_direct_message_arrives_once(slack: FakeSlack, app: Recorder) -> None:
    await slack.user(ADA).dm(f"<@{BOT_USER}> hello")
    assert [(one["type"], one["channel_type"]) for one in events(app)] == [("message", "im")]


async def test_requests_carry_a_signature_that_the_sdk_verifies(slack: FakeSlack, app: Recorder) -> None:
    await slack.user(ADA).dm("hello — ü")
    await slack.user(ADA).slash(OPS, "/ask", "what & why?")
    assert verifies(slack, app) == [True, True]


@pytest.mark.parametrize("signature", [OLD, FUTURE, UNSIGNED, FORGED])
async def test_forged_requests_do_not_verify(slack: FakeSlack, app: Recorder, signature: Signature) -> None:
    said = await slack.user(ADA).dm("hello")
    app.received.clear()
    await slack.forge(said.deliveries[0].outgoing, signature)
    assert verifies(slack, app) == [False]


@pytest.mark.parametrize(
    ("how", "header", "value"),
    [
        (Signing.NOT_ASCII, "X-Slack-Signature", "v0=é"),
        (Signing.NO_NUMBER, "X-Slack-Request-Timestamp", "yesterday"),
    ],
)
async def test_headers_can_be_nonsense(slack: FakeSlack, app: Recorder, how: Signing, header: str, value: str) -> None:
    said = await slack.user(ADA).dm("hello")
    await slack.forge(said.deliveries[0].outgoing, Signature(how))
    assert app.received[1].headers[header] == value


async def test_an_event_that_fails_is_delivered_four_times_with_its_event_id(slack: FakeSlack, app: Recorder) -> None:
    app.statuses = [500, 503, 404, 500]
    said = await slack.user(ADA).dm("hello")
    assert [one.headers.get("X-Slack-Retry-Num") for one in app.received] == [None, "1", "2", "3"]
    assert [one.headers.get("X-Slack-Retry-Reason") for one in app.received[1:]] == ["http_error"] * 3
    assert len({one.json["event_id"] for one in app.received}) == 1
    assert not said.deliveries[0].ok


async def test_retries_stop_when_one_is_taken(slack: FakeSlack, app: Recorder) -> None:
    app.statuses = [503]
    said = await slack.user(ADA).dm("hello")
    assert [one.status for one in said.deliveries[0].tries] == [503, 200]


async def test_retries_stop_when_the_app_asks_for_it(slack: FakeSlack, app: Recorder) -> None:
    app.statuses, app.answer_headers = [500], {"X-Slack-No-Retry": "1"}
    said = await slack.user(ADA).dm("hello")
    assert len(said.deliveries[0].tries) == 1


async def test_an_app_that_is_away_is_a_failed_connection(slack: FakeSlack) -> None:
    slack.deliver_to("http://127.0.0.1:9/slack/events")
    said = await slack.user(ADA).dm("hello")
    assert [one.error for one in said.deliveries[0].tries] == ["connection_failed"] * 4


async def test_an_app_that_is_too_slow_is_a_timeout(slack: FakeSlack, app: Recorder) -> None:
    app.delay_s = 0.7
    slack.postman.pauses_s = ()
    said = await slack.user(ADA).dm("hello")
    assert (said.deliveries[0].last.error, said.deliveries[0].last.latency_ms >= 500) == ("http_timeout", True)


async def test_a_redelivery_repeats_the_payload(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).dm("hello")
    again = await slack.postman.redeliver(said.deliveries[0])
    assert (again.ok, app.received[0].body == app.received[1].body) == (True, True)
    assert app.received[1].headers["X-Slack-Retry-Num"] == "1"


async def test_raw_bytes_can_be_sent_rightly_signed(slack: FakeSlack, app: Recorder) -> None:
    await slack.postman.http.raw(b"{broken", slack.postman.http.signed(b"{broken"))
    assert (app.received[0].body, verifies(slack, app)) == (b"{broken", [True])


async def test_an_edit_carries_both_texts_and_no_user(slack: FakeSlack, app: Recorder) -> None:
    ada = slack.user(ADA)
    said = await ada.mention(OPS, "is core1 up?")
    app.received.clear()
    await ada.edit(said.message, "is core2 up?")
    event = events(app)[0]
    assert (event["subtype"], "user" in event) == ("message_changed", False)
    assert [object_at(event, key)["text"] for key in ("message", "previous_message")] == ["is core2 up?", said.message.text]


async def test_a_preview_changes_a_message_without_changing_its_text(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).dm("see https://a.example")
    await slack.user(ADA).unfurl(said.message)
    event = events(app)[1]
    assert object_at(event, "message")["text"] == object_at(event, "previous_message")["text"]


async def test_a_deletion_names_what_is_gone(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).say(OPS, "oops")
    await slack.user(ADA).delete(said.message)
    event = events(app)[1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", said.message.ts)
    assert slack.workspace.messages(OPS) == []


async def test_the_root_of_a_thread_with_replies_becomes_a_tombstone(slack: FakeSlack, app: Recorder) -> None:
    ada = slack.user(ADA)
    said = await ada.say(OPS, "oops")
    await ada.thread_reply(said.message, "more")
    await ada.delete(said.message)
    event = events(app)[2]
    assert (event["subtype"], object_at(event, "message")["subtype"]) == ("message_changed", "tombstone")
    assert object_at(event, "previous_message")["user"] == ADA


async def test_reactions_name_the_message_and_its_author(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).say(OPS, "x")
    app.received.clear()
    await slack.user(ADA).react(said.message, "-1::skin-tone-3")
    await slack.user(ADA).unreact(said.message, "-1::skin-tone-3")
    assert [(one["type"], one["reaction"], one["item_user"]) for one in events(app)] == [
        ("reaction_added", "-1::skin-tone-3", ADA),
        ("reaction_removed", "-1::skin-tone-3", ADA),
    ]


async def test_the_bots_own_posts_come_back_as_events(slack: FakeSlack, app: Recorder) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    posted = await client.chat_postMessage(channel=OPS, text="answer")
    await client.chat_update(channel=OPS, ts=str(posted["ts"]), text="better answer")
    await slack.settle()
    assert kinds(app) == ["message/", "message/message_changed"]
    first = next(one for one in events(app) if "subtype" not in one)
    assert (first["bot_id"], first["user"]) == (BOT, BOT_USER)


@pytest.mark.parametrize("classic", [False, True])
async def test_other_bots_are_marked_as_such(slack: FakeSlack, app: Recorder, *, classic: bool) -> None:
    await slack.bot_message(OPS, f"<@{BOT_USER}> alert", classic=classic)
    assert all(one["bot_id"] for one in events(app))
    assert kinds(app) == (["message/bot_message"] if classic else ["app_mention/", "message/"])


async def test_a_shared_channel_shows_where_a_person_comes_from(slack: FakeSlack, app: Recorder) -> None:
    await slack.user(PARTNER).mention(SHARED, "hello")
    assert [(one.json["is_ext_shared_channel"], one.json["team_id"]) for one in app.received] == [(True, TEAM)] * 2
    assert {str(one["user_team"]) for one in events(app)} == {PARTNER_TEAM}


async def test_nothing_is_heard_from_channels_without_the_bot(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).say(ELSEWHERE, f"<@{BOT_USER}> hello")
    assert (said.deliveries, app.received) == ((), [])


async def test_only_subscribed_events_are_delivered(slack: FakeSlack, app: Recorder) -> None:
    slack.postman.subscriptions.discard("message.channels")
    await slack.user(ADA).mention(OPS, "hello")
    assert kinds(app) == ["app_mention/"]


async def test_notices_without_a_message_can_be_sent(slack: FakeSlack, app: Recorder) -> None:
    await slack.app_rate_limited()
    await slack.app_uninstalled()
    await slack.tokens_revoked()
    await slack.user(ADA).open_home()
    app.answer = {"challenge": CHALLENGE}
    verified = await slack.url_verification()
    assert [one.json["type"] for one in app.received] == ["app_rate_limited", *["event_callback"] * 3, "url_verification"]
    assert verified.json["challenge"] == CHALLENGE


async def test_a_thread_reply_names_the_threads_root(slack: FakeSlack, app: Recorder) -> None:
    said = await slack.user(ADA).say(OPS, "root")
    await slack.user(ADA).thread_reply(said.message, "reply")
    assert events(app)[1]["thread_ts"] == said.message.ts
    root = slack.workspace.find(OPS, said.message.ts)
    assert isinstance(root, Message)
    assert objects_at(events(app)[1], "blocks")[0]["type"] == "rich_text"
