from dataclasses import replace
from uuid import uuid4

import pytest

from adapters.web.bodies import MarkBody, MessageBody, read_body
from adapters.web.courier import WebCourier, answer_id
from bot.desk import Record
from bot.types import FlagReason, Kind, Working
from router.types import Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.web_site import Site
from tests.fakes.web_worker import SMALL


async def answered(site: Site, clock: FakeClock, text: str = "@switchboard is cr1 up?", **where: str) -> str:
    """Ask, have it answered, and return the question's id."""
    entry = await site.say(text, **where)
    record = site.desk.records[entry.question]
    site.desk.records[entry.question] = Record(record.question, SMALL)
    await WebCourier(site.transcript, clock=clock).post(record.question, SMALL, in_doubt=False)
    return entry.question


def press(question: str, user: str = "ana") -> dict[str, str]:
    return {"id": str(uuid4()), "user": user, "question": question}


async def seen(site: Site, user: str) -> set[str]:
    page = await (await site.client.get(f"/web/messages?user={user}")).json()
    return {entry["id"] for entry in page["entries"]}


def mark(site: Site, question: str, user: str = "ana") -> MarkBody:
    read = read_body(site.transcript.entries[f"m:{question}:{user}"].body)
    assert isinstance(read, MarkBody)
    return read


async def test_the_page_and_its_files_are_served(site: Site) -> None:
    page = await site.client.get("/")
    assert (page.status, page.content_type) == (200, "text/html")
    script = await site.client.get("/web/static/main.js")
    assert (script.status, script.content_type) == (200, "text/javascript")


async def test_the_page_names_nothing_that_is_not_served(site: Site) -> None:
    text = await (await site.client.get("/")).text()
    names = {part.partition('"')[0] for part in text.split('"/web/static/')[1:]}
    assert {(await site.client.get(f"/web/static/{name}")).status for name in names} == {200}


async def test_setup_tells_the_page_its_channels_and_its_user(site: Site) -> None:
    setup = await (await site.client.get("/web/setup?user=Ana%20B")).json()
    assert setup["user"] == "ana-b"
    assert [place["id"] for place in setup["places"]] == ["noc", "netops", "change", "dm:ana-b"]
    assert [reason["value"] for reason in setup["reasons"]] == [reason.value for reason in FlagReason]


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


async def test_changes_come_oldest_first_from_a_revision(site: Site) -> None:
    first = await site.say("one")
    second = await site.say("two")
    page = await (await site.client.get(f"/web/messages?user=ana&since={first.revision}")).json()
    assert ([entry["id"] for entry in page["entries"]], page["revision"], page["more"]) == ([second.id], second.revision, False)


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


async def test_a_flag_with_a_reason_reaches_the_desk(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    response = await site.write("/web/flag", user="ben", question=question, reason="outdated", comment="since 17.9")
    assert (response.status, await response.json()) == (200, {"taken": "new"})
    flag = site.desk.flags[(question, "ben")]
    assert (flag.reason, flag.comment) == (FlagReason.OUTDATED, "since 17.9")


async def test_a_verdict_is_marked_for_its_giver_alone(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    await site.write("/web/flag", user="ben", question=question, reason="wrong")
    assert (mark(site, question, "ben").state, mark(site, question, "ben").reason) == ("flagged", "wrong")
    assert f"m:{question}:ben" in await seen(site, "ben")
    assert f"m:{question}:ben" not in await seen(site, "ana")


async def test_a_flag_taken_back_is_gone(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    await site.write("/web/flag", user="ana", question=question, reason="wrong")
    assert (await site.write("/web/retract", **press(question))).status == 200
    assert (site.desk.flags, mark(site, question).state) == ({}, "none")


async def test_helpful_is_noted_and_takes_the_flag_back(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    await site.write("/web/flag", user="ana", question=question, reason="wrong")
    await site.write("/web/helpful", **press(question))
    assert (site.desk.flags, site.desk.helped, mark(site, question).state) == ({}, {(question, "ana")}, "helpful")


async def test_an_unknown_reason_is_refused(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    assert (await site.write("/web/flag", user="ana", question=question, reason="ugly")).status == 400


async def test_escalating_twice_asks_once(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    told = [await (await site.write("/web/escalate", **press(question))).json() for _ in range(2)]
    assert told == [{"taken": "new"}, {"taken": "duplicate"}]


async def test_what_is_asked_under_a_private_answer_is_private(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, "/ask who is on call?")
    await site.write("/web/escalate", **press(question))
    assert site.desk.clicks[0][1].private


async def test_what_is_asked_under_a_direct_answer_is_direct_and_not_private(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, "who is on call?", channel="dm:ana")
    await site.write("/web/again", **press(question))
    assert not site.desk.clicks[0][1].private


@pytest.mark.parametrize("path", ["retract", "helpful", "escalate", "again"])
async def test_nobody_presses_a_button_that_they_cannot_see(site: Site, clock: FakeClock, path: str) -> None:
    question = await answered(site, clock, "/ask who is on call?")
    assert (await site.write(f"/web/{path}", **press(question, "ben"))).status == 404
    assert (site.desk.clicks, site.desk.helped) == ([], set())


async def test_why_explains_an_answer(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    why = await (await site.client.get(f"/web/why/{question}?user=ben")).json()
    assert (why["badge"], why["reasons"]) == ("Small model", ["asks what a term means", "short"])


async def test_why_of_a_private_answer_is_private(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, "/ask who is on call?")
    assert (await site.client.get(f"/web/why/{question}?user=ben")).status == 404
    assert (await site.client.get(f"/web/why/{question}?user=ana")).status == 200


async def test_there_is_no_why_before_the_answer(site: Site, clock: FakeClock) -> None:
    entry = await site.say("@switchboard is cr1 up?")
    await WebCourier(site.transcript, clock=clock).post(site.desk.taken[0], Working(), in_doubt=False)
    assert (await site.client.get(f"/web/why/{entry.question}?user=ana")).status == 404


@pytest.mark.parametrize("question", ["q99", "%00", "..", "x" * 200])
async def test_why_of_nothing_is_not_found(site: Site, question: str) -> None:
    assert (await site.client.get(f"/web/why/{question}?user=ana")).status == 404


async def test_an_answer_that_the_desk_lost_is_not_found(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    site.desk.records.clear()
    assert (await site.write("/web/flag", user="ana", question=question, reason="wrong")).status == 404


async def test_a_withdrawn_answer_has_no_buttons(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    entry = site.transcript.entries[answer_id(question)]
    await site.transcript.put(replace(entry, deleted=True))
    assert (await site.write("/web/helpful", **press(question))).status == 404


async def test_a_provider_is_broken_and_mended(site: Site) -> None:
    broken = await (await site.write("/web/faults", "PUT", model="simulated/small-a", fault="hang")).json()
    assert site.desk.set == {"simulated.simulated/small-a": "hang"}
    assert [(one["name"], one["model"], one["fault"]) for one in broken["providers"]] == [
        ("provider A", "simulated/small-a", "hang"),
        ("provider B", "simulated/frontier-b", ""),
    ]
    await site.write("/web/faults", "PUT", model="simulated/small-a", fault="")
    panel = await (await site.client.get("/web/faults")).json()
    assert [one["fault"] for one in panel["providers"]] == ["", ""]


@pytest.mark.parametrize(("model", "fault"), [("simulated/frontier-b", "hang"), ("openai/gpt", "server_error"), ("", "")])
async def test_only_the_choices_can_be_set(site: Site, model: str, fault: str) -> None:
    assert (await site.write("/web/faults", "PUT", model=model, fault=fault)).status == 400
    assert site.desk.set == {}
