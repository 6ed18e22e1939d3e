from dataclasses import replace
from uuid import uuid4

import pytest

from adapters.web.bodies import MarkBody, PressedBody, read_body
from adapters.web.courier import WebCourier, answer_id
from bot.desk import Record
from bot.types import Answered, FlagReason, Working
from tests.fakes.clock import FakeClock
from tests.fakes.web_site import Site
from tests.fakes.web_worker import CACHED, SMALL


async def answered(site: Site, clock: FakeClock, text: str = "@switchboard is cr1 up?", reply: Answered = SMALL) -> str:
    """Ask, have it answered, and return the question's id."""
    entry = await site.say(text)
    record = site.desk.records[entry.question]
    site.desk.records[entry.question] = Record(record.question, reply)
    await WebCourier(site.transcript, clock=clock).post(record.question, reply, in_doubt=False)
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


@pytest.mark.parametrize("path", ["retract", "helpful", "escalate", "live", "mismatch", "again"])
async def test_nobody_presses_a_button_that_they_cannot_see(site: Site, clock: FakeClock, path: str) -> None:
    question = await answered(site, clock, "/ask who is on call?")
    assert (await site.write(f"/web/{path}", **press(question, "ben"))).status == 404
    assert (site.desk.clicks, site.desk.helped) == ([], set())


async def test_asking_again_live_twice_asks_once(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, reply=CACHED)
    told = [await (await site.write("/web/live", **press(question))).json() for _ in range(2)]
    assert told == [{"taken": "new"}, {"taken": "duplicate"}]
    assert ([name for name, _ in site.desk.clicks], site.desk.evicted) == (["live"], set())


async def test_a_mismatch_takes_the_answer_out_of_service_and_asks_a_model(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, reply=CACHED)
    response = await site.write("/web/mismatch", **press(question))
    assert (response.status, await response.json()) == (200, {"taken": "new"})
    assert ([name for name, _ in site.desk.clicks], site.desk.evicted) == (["live"], {"q0"})


async def test_a_mismatch_after_it_was_asked_again_counts_all_the_same(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, reply=CACHED)
    await site.write("/web/live", **press(question))
    assert await (await site.write("/web/mismatch", **press(question))).json() == {"taken": "duplicate"}
    assert site.desk.evicted == {"q0"}


async def test_an_answer_that_is_not_from_the_cache_cannot_be_a_mismatch(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock)
    assert (await site.write("/web/mismatch", **press(question))).status == 404
    assert f"p:{question}:mismatch" not in site.transcript.entries


@pytest.mark.parametrize("button", ["live", "mismatch"])
async def test_a_button_that_works_once_is_noted_for_all_who_see_the_answer(site: Site, clock: FakeClock, button: str) -> None:
    question = await answered(site, clock, reply=CACHED)
    await site.write(f"/web/{button}", **press(question))
    read = read_body(site.transcript.entries[f"p:{question}:{button}"].body)
    assert isinstance(read, PressedBody)
    assert (read.answers, read.button) == (question, button)
    assert f"p:{question}:{button}" in await seen(site, "ben")


async def test_a_press_under_a_private_answer_is_noted_for_its_asker_alone(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, "/ask who is on call?", CACHED)
    await site.write("/web/live", **press(question))
    assert f"p:{question}:live" in await seen(site, "ana")
    assert f"p:{question}:live" not in await seen(site, "ben")


async def test_why_of_a_cached_answer_tells_its_match(site: Site, clock: FakeClock) -> None:
    question = await answered(site, clock, reply=CACHED)
    told = await (await site.client.get(f"/web/why/{question}?user=ben")).json()
    assert (told["match"]["certainty"], told["match"]["reason"]) == ("match 0.96", "the same entities, action and scope")


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
