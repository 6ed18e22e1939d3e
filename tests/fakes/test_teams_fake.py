"""The fake of Teams behaves as Teams is documented to."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import jwt
import pytest
from aiohttp import web

from tests.fakes.slack.faults import accepted_then_reset, rate_limited, server_error
from tests.fakes.slack.json_values import JsonObject, as_object, object_at, objects_at, parsed, text_at
from tests.fakes.teams import ADA, APP_ID, GROUP, OPS, FakeTeams, Trouble, personal
from tests.fakes.teams.issuer import ISSUER

CARD: JsonObject = {
    "type": "AdaptiveCard",
    "body": [{"type": "TextBlock", "text": "an answer"}],
    "actions": [{"type": "Action.Execute", "title": "Again", "verb": "again", "data": {"q": "1"}, "fallback": {"data": {"q": "2"}}}],
}


@dataclass
class Bot:
    """A bot that keeps what it is sent, answers `answer`, and writes by the connector."""

    teams: FakeTeams
    session: aiohttp.ClientSession
    received: list[tuple[str, JsonObject]] = field(default_factory=list)
    answer: JsonObject = field(default_factory=dict)
    token: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.received.append((request.headers["Authorization"], as_object(parsed(await request.read()))))
        return web.json_response(self.answer)

    async def call(self, method: str, conversation: str, body: JsonObject, activity: str = "", query: str = "") -> tuple[int, JsonObject]:
        if not self.token:
            async with self.session.post(self.teams.connector.token_url) as response:
                self.token = text_at(as_object(parsed(await response.read())), "access_token")
        url = f"{self.teams.connector.service_url}v3/conversations/{conversation}/activities{activity}{query}"
        async with self.session.request(method, url, json=body, headers={"Authorization": f"Bearer {self.token}"}) as response:
            raw = await response.read()
        return response.status, as_object(parsed(raw)) if raw.startswith(b"{") else {}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        made = Bot(teams, session)
        app = web.Application()
        app.router.add_post("/api/messages", made.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
        yield made
        await runner.cleanup()


async def post(bot: Bot, conversation: str = OPS.conversation, **more: object) -> str:
    status, answer = await bot.call("POST", conversation, {"type": "message", "text": "hello", **more})
    assert status == 201
    return text_at(answer, "id")


async def test_what_is_delivered_is_signed_by_the_key_that_is_published(bot: Bot) -> None:
    await bot.teams.user(ADA).mention("what is bgp?")
    header, activity = bot.received[0]
    async with bot.session.get(bot.teams.issuer.metadata_url) as response:
        address = text_at(as_object(parsed(await response.read())), "jwks_uri")
    async with bot.session.get(address) as response:
        (key,) = objects_at(as_object(parsed(await response.read())), "keys")
    claims = jwt.decode(header.removeprefix("Bearer "), jwt.PyJWK(key), algorithms=["RS256"], audience=APP_ID, issuer=ISSUER)
    assert claims["serviceurl"] == activity["serviceUrl"]


async def test_a_mention_names_the_bot_in_text_and_entities(bot: Bot) -> None:
    said = await bot.teams.user(ADA).mention("what is bgp?")
    _, activity = bot.received[0]
    assert text_at(activity, "text") == "<at>Switchboard</at> what is bgp?"
    assert text_at(objects_at(activity, "entities")[0], "type") == "mention"
    assert text_at(object_at(activity, "conversation"), "id") == f"{OPS.conversation};messageid={said.id}"


async def test_a_targeted_message_says_so(bot: Bot) -> None:
    await bot.teams.user(ADA).privately("what is bgp?")
    assert object_at(bot.received[0][1], "recipient")["isTargeted"] is True


async def test_a_message_is_posted_updated_and_deleted(bot: Bot) -> None:
    posted = await post(bot, f"{OPS.conversation};messageid=7")
    (shown,) = bot.teams.connector.posted(OPS.conversation)
    assert (shown.id, shown.thread) == (posted, "7")
    assert (await bot.call("PUT", OPS.conversation, {"type": "message", "text": "changed"}, f"/{posted}"))[0] == 200
    assert [one.text for one in bot.teams.connector.posted()] == ["changed"]
    assert (await bot.call("DELETE", OPS.conversation, {}, f"/{posted}"))[0] == 200
    assert (await bot.call("PUT", OPS.conversation, {"type": "message", "text": "gone"}, f"/{posted}"))[0] == 404


async def test_text_and_a_card_in_one_activity_bring_no_id(bot: Bot) -> None:
    attachments = [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}]
    assert await post(bot, attachments=attachments) == ""


async def test_a_targeted_answer_is_for_one_person(bot: Bot) -> None:
    await bot.call(
        "POST", GROUP.conversation, {"type": "message", "text": "psst", "recipient": {"id": ADA}}, query="?isTargetedActivity=true"
    )
    assert [one.to for one in bot.teams.connector.posted()] == [ADA]


async def test_a_call_without_a_token_or_beyond_the_size_is_refused(bot: Bot) -> None:
    url = f"{bot.teams.connector.service_url}v3/conversations/x/activities"
    async with bot.session.post(url, json={"type": "message", "text": "x"}) as response:
        assert response.status == 401
    assert (await bot.call("POST", "x", {"type": "message", "text": "x" * 100_001}))[0] == 413


async def test_faults_are_played_once_each(bot: Bot) -> None:
    bot.teams.connector.fail(rate_limited("post", retry_after_s=3), server_error("post", status=412))
    statuses = [(await bot.call("POST", "x", {"type": "message", "text": "x"}))[0] for _ in range(3)]
    assert statuses == [429, 412, 201]


async def test_a_post_whose_connection_is_cut_has_arrived(bot: Bot) -> None:
    bot.teams.connector.fail(accepted_then_reset("post"))
    with pytest.raises(aiohttp.ClientError):
        await bot.call("POST", "x", {"type": "message", "text": "x"})
    assert len(bot.teams.connector.posted()) == 1


async def test_pressing_a_button_refreshes_its_card_with_the_answer(bot: Bot) -> None:
    attachments = [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}]
    await bot.call("POST", GROUP.conversation, {"type": "message", "attachments": attachments})
    (posted,) = bot.teams.connector.posted()
    fresh = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "asked"}]}
    bot.answer = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": fresh}
    await bot.teams.user(ADA).press(posted, "Again")
    assert object_at(bot.received[0][1], "value") == {
        "action": {"type": "Action.Execute", "verb": "again", "data": {"q": "1"}, "title": "Again"},
        "trigger": "manual",
    }
    assert bot.teams.connector.posted()[0].cards == [fresh]


async def test_a_stream_grows_in_a_personal_chat_and_ends_as_one_message(bot: Bot) -> None:
    chat = personal(ADA).conversation

    def piece(text: str, sequence: int, stream: str = "") -> JsonObject:
        info = {"type": "streaminfo", "streamType": "streaming", "streamSequence": sequence, "streamId": stream}
        return {"type": "typing", "text": text, "entities": [info]}

    status, answer = await bot.call("POST", chat, piece("BGP", 1))
    stream = text_at(answer, "id")
    assert (status, (await bot.call("POST", chat, piece("BGP is", 2, stream)))[0]) == (201, 202)
    end: JsonObject = {
        "type": "message",
        "text": "BGP is a protocol",
        "entities": [{"type": "streaminfo", "streamType": "final", "streamId": stream}],
    }
    await bot.call("POST", chat, end)
    assert [(one.id, one.text) for one in bot.teams.connector.posted()] == [(stream, "BGP is a protocol")]
    assert (await bot.call("POST", chat, piece("more", 3, stream)))[0] == 403
    assert (await bot.call("POST", GROUP.conversation, piece("BGP", 1)))[0] == 405


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.GARBAGE, Trouble.WRONG_SHAPE, Trouble.NO_KEYS])
async def test_a_key_server_in_trouble_gives_no_keys(bot: Bot, trouble: Trouble) -> None:
    bot.teams.issuer.trouble = trouble
    async with bot.session.get(bot.teams.issuer.metadata_url.replace("openidconfiguration", "keys")) as response:
        raw = await response.read()
    assert b'"kid"' not in raw
