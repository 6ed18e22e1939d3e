import asyncio
from uuid import uuid4

import pytest

from adapters.web.bodies import MessageBody, read_body
from bot.types import Kind
from router.types import Visibility
from tests.fakes.web_site import Site


async def seen(site: Site, user: str) -> set[str]:
    page = await (await site.client.get(f"/web/messages?user={user}")).json()
    return {entry["id"] for entry in page["entries"]}


async def test_a_mention_is_shown_and_asked(site: Site) -> None:
    entry = await site.say("@switchboard is cr1 up?")
    assert [question.text for question in site.desk.taken] == ["is cr1 up?"]
    assert read_body(entry.body) == MessageBody(text="@switchboard is cr1 up?")
    assert entry.question == site.desk.taken[0].id


async def test_small_talk_is_shown_and_not_asked(site: Site) -> None:
    entry = await site.say("good morning")
    assert (site.desk.taken, entry.question) == ([], "")


async def test_the_same_message_sent_twice_is_one_message_and_one_question(site: Site) -> None:
    fields = {"id": str(uuid4()), "user": "ana", "channel": "noc", "text": "@switchboard is cr1 up?"}
    assert [(await site.write("/web/messages", **fields)).status for _ in range(2)] == [201, 201]
    assert (len(site.desk.taken), len(site.transcript.entries)) == (1, 1)


async def test_the_same_message_sent_twice_at_once_is_one_question(site: Site) -> None:
    fields = {"id": str(uuid4()), "user": "ana", "channel": "noc", "text": "@switchboard is cr1 up?"}
    responses = await asyncio.gather(*(site.write("/web/messages", **fields) for _ in range(5)))
    assert {response.status for response in responses} == {201}
    assert [site.transcript.entries[fields["id"]].question] == [question.id for question in site.desk.taken]


async def test_a_message_whose_question_was_not_taken_is_taken_when_sent_again(site: Site) -> None:
    fields = {"id": str(uuid4()), "user": "ana", "channel": "noc", "text": "/ask is cr1 up?"}
    site.desk.down = True
    assert (await site.write("/web/messages", **fields)).status == 503
    site.desk.down = False
    assert (await site.write("/web/messages", **fields)).status == 201
    assert [(one.id, one.text, one.private) for one in site.desk.taken] == [("q1", "is cr1 up?", True)]


async def test_nobody_can_write_over_anothers_message(site: Site) -> None:
    entry = await site.say("hello")
    response = await site.write("/web/messages", id=entry.id, user="ben", channel="noc", text="bye")
    assert response.status == 409
    assert site.transcript.entries[entry.id].author == "ana"


async def test_a_reply_in_the_bots_thread_needs_no_mention(site: Site) -> None:
    root = await site.say("@switchboard is cr1 up?")
    await site.say("and cr2?", user="ben", thread=root.id)
    assert [(question.user, question.text) for question in site.desk.taken] == [("ana", "is cr1 up?"), ("ben", "and cr2?")]
    assert len({question.conversation for question in site.desk.taken}) == 1


async def test_a_reply_in_another_thread_needs_a_mention(site: Site) -> None:
    root = await site.say("lunch?")
    await site.say("yes", user="ben", thread=root.id)
    assert site.desk.taken == []


async def test_after_a_mention_in_a_thread_it_is_the_bots(site: Site) -> None:
    root = await site.say("cr1 is down")
    await site.say("@switchboard why?", thread=root.id)
    await site.say("and since when?", user="ben", thread=root.id)
    assert [question.text for question in site.desk.taken] == ["why?", "and since when?"]


async def test_ask_is_seen_by_its_asker_alone(site: Site) -> None:
    entry = await site.say("/ask who is on call?")
    assert site.desk.taken[0].private
    assert (await seen(site, "ana"), await seen(site, "ben")) == ({entry.id}, set())


async def test_ask_public_is_seen_by_all(site: Site) -> None:
    entry = await site.say("/ask --public what is MTU?")
    assert not site.desk.taken[0].private
    assert await seen(site, "ben") == {entry.id}


async def test_a_follow_up_to_a_private_question_is_private(site: Site) -> None:
    root = await site.say("/ask who is on call?")
    reply = await site.say("and tomorrow?", thread=root.id)
    assert (reply.visible_to, site.desk.taken[1].private) == ("ana", True)


async def test_nobody_can_reply_to_a_message_that_they_cannot_see(site: Site) -> None:
    root = await site.say("/ask who is on call?")
    response = await site.write("/web/messages", id=str(uuid4()), user="ben", channel="noc", thread=root.id, text="hm")
    assert response.status == 404


async def test_a_direct_message_is_between_two(site: Site) -> None:
    entry = await site.say("is cr1 up?", channel="dm:ana")
    question = site.desk.taken[0]
    assert (question.conversation.visibility, question.private) == (Visibility.DIRECT, False)
    assert (await seen(site, "ana"), await seen(site, "ben")) == ({entry.id}, set())


@pytest.mark.parametrize("channel", ["dm:ben", "nowhere", "", "#noc"])
async def test_a_channel_that_is_not_ones_own_is_refused(site: Site, channel: str) -> None:
    response = await site.write("/web/messages", id=str(uuid4()), user="ana", channel=channel, text="hi")
    assert response.status == 404


async def test_a_thread_of_another_channel_is_refused(site: Site) -> None:
    root = await site.say("hello")
    response = await site.write("/web/messages", id=str(uuid4()), user="ana", channel="change", thread=root.id, text="hi")
    assert response.status == 404


async def test_an_edited_question_tells_the_bot_its_new_text(site: Site) -> None:
    entry = await site.say("@switchboard is cr1 up?")
    response = await site.write("/web/edit", id=str(uuid4()), user="ana", message=entry.id, text="@switchboard is cr2 up?")
    assert response.status == 200
    edit = site.desk.taken[1]
    assert (edit.kind, edit.text, edit.source) == (Kind.EDITED, "is cr2 up?", site.desk.taken[0].source)
    assert read_body(site.transcript.entries[entry.id].body) == MessageBody(text="@switchboard is cr2 up?", edited=True)


async def test_an_edit_sent_twice_is_one_edit(site: Site) -> None:
    entry = await site.say("@switchboard is cr1 up?")
    fields = {"id": str(uuid4()), "user": "ana", "message": entry.id, "text": "is cr2 up?"}
    assert [(await site.write("/web/edit", **fields)).status for _ in range(2)] == [200, 200]
    assert [question.kind for question in site.desk.taken] == [Kind.ASK, Kind.EDITED]


async def test_an_edited_remark_tells_the_bot_nothing(site: Site) -> None:
    entry = await site.say("good morning")
    await site.write("/web/edit", id=str(uuid4()), user="ana", message=entry.id, text="good evening")
    assert site.desk.taken == []


async def test_a_deleted_question_tells_the_bot_and_loses_its_text(site: Site) -> None:
    entry = await site.say("@switchboard is cr1 up?")
    assert (await site.write("/web/delete", user="ana", message=entry.id)).status == 200
    assert (site.desk.taken[1].kind, site.desk.taken[1].source) == (Kind.DELETED, site.desk.taken[0].source)
    assert site.transcript.entries[entry.id].deleted
    assert "cr1" not in site.transcript.entries[entry.id].body


async def test_a_deletion_that_the_bot_missed_is_told_when_sent_again(site: Site) -> None:
    entry = await site.say("@switchboard is cr1 up?")
    site.desk.down = True
    assert (await site.write("/web/delete", user="ana", message=entry.id)).status == 503
    site.desk.down = False
    assert (await site.write("/web/delete", user="ana", message=entry.id)).status == 200
    assert [question.kind for question in site.desk.taken] == [Kind.ASK, Kind.DELETED]


@pytest.mark.parametrize("path", ["/web/edit", "/web/delete"])
async def test_nobody_changes_anothers_message(site: Site, path: str) -> None:
    entry = await site.say("hello")
    extra = {"id": str(uuid4()), "text": "bye"} if path.endswith("edit") else {}
    assert (await site.write(path, user="ben", message=entry.id, **extra)).status == 403
    assert site.transcript.entries[entry.id] == entry


async def test_a_private_message_of_another_cannot_even_be_found(site: Site) -> None:
    entry = await site.say("/ask who is on call?")
    assert (await site.write("/web/delete", user="ben", message=entry.id)).status == 404
