from dataclasses import replace

import pytest

from adapters.web.bodies import MessageBody, ReplyBody, read_body
from adapters.web.courier import WebCourier, answer_id, notice_id
from bot.courier import Courier
from bot.replies import Announcement, Notice, Offer, Picture
from bot.store.transcript import Entry
from bot.types import DeliveryFailure, Kind, MessageGone, MessageRef, Platform, Question, Withdrawn, Working
from router.types import Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question
from tests.fakes.transcript import FakeTranscript
from tests.fakes.web_worker import FRONTIER, SMALL


@pytest.fixture
def transcript() -> FakeTranscript:
    return FakeTranscript()


@pytest.fixture
def courier(transcript: FakeTranscript, clock: FakeClock) -> WebCourier:
    return WebCourier(transcript, clock=clock)


def asked() -> Question:
    return make_question(user="ana", platform=Platform.WEB, channel="noc", thread="m1", source="m1")


def body(entry: Entry) -> ReplyBody:
    read = read_body(entry.body)
    assert isinstance(read, ReplyBody)
    return read


def test_it_is_a_courier(courier: WebCourier) -> None:
    port: Courier = courier
    assert port is courier


async def test_a_reply_stands_in_the_thread_of_its_question(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    ref = await courier.post(question, Working(), in_doubt=False)
    entry = transcript.entries[ref.message]
    assert ref == MessageRef(Platform.WEB, "local", "noc", answer_id(question.id))
    assert (entry.channel, entry.thread, entry.author, entry.visible_to, entry.question) == ("noc", "m1", "switchboard", "", question.id)


async def test_the_placeholder_becomes_the_answer_in_its_place(courier: WebCourier, transcript: FakeTranscript, clock: FakeClock) -> None:
    question = asked()
    ref = await courier.post(question, Working(), in_doubt=False)
    posted = transcript.entries[ref.message]
    clock.advance(3)
    await courier.update(ref, question, SMALL)
    entry = transcript.entries[ref.message]
    assert (body(entry).badge, entry.at) == ("Small model", posted.at)
    assert entry.revision > posted.revision


async def test_posting_twice_shows_one_message(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    assert await courier.post(question, SMALL, in_doubt=False) == await courier.post(question, SMALL, in_doubt=True)
    assert len(transcript.entries) == 1


async def test_in_doubt_a_placeholder_does_not_cover_an_answer(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    ref = await courier.post(question, SMALL, in_doubt=False)
    await courier.post(question, Working(), in_doubt=True)
    assert body(transcript.entries[ref.message]).kind == "answer"


async def test_in_doubt_an_answer_takes_the_placeholders_place(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    ref = await courier.post(question, Working(), in_doubt=False)
    await courier.post(question, SMALL, in_doubt=True)
    assert body(transcript.entries[ref.message]).kind == "answer"


async def test_a_private_answer_is_for_the_asker_alone(courier: WebCourier, transcript: FakeTranscript) -> None:
    ref = await courier.post(replace(asked(), private=True), SMALL, in_doubt=False)
    assert transcript.entries[ref.message].visible_to == "ana"


async def test_a_direct_answer_is_for_the_asker_alone(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    direct = replace(question.conversation, channel="dm:ana", visibility=Visibility.DIRECT)
    ref = await courier.post(replace(question, conversation=direct), SMALL, in_doubt=False)
    assert transcript.entries[ref.message].visible_to == "ana"


async def test_a_better_answer_stands_beside_the_first_and_is_as_private(courier: WebCourier, transcript: FakeTranscript) -> None:
    first = replace(asked(), private=True)
    await courier.post(first, SMALL, in_doubt=False)
    nowhere = replace(first.conversation, thread="")
    second = replace(asked(), kind=Kind.ESCALATE, parent=first.id, source=None, conversation=nowhere)
    ref = await courier.post(second, FRONTIER, in_doubt=False)
    assert (transcript.entries[ref.message].thread, transcript.entries[ref.message].visible_to) == ("m1", "ana")


async def test_a_remark_is_said_to_the_asker_alone(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    await courier.say_privately(question, Notice("You edited your question.", (Offer.ANSWER_AGAIN,)))
    entry = transcript.entries[notice_id(question.id)]
    assert (entry.visible_to, entry.thread, entry.question, body(entry).offers[0].offer) == ("ana", "m1", question.id, "answer_again")


async def test_a_withdrawn_answer_is_deleted_and_can_be_withdrawn_again(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    ref = await courier.post(question, SMALL, in_doubt=False)
    await courier.update(ref, question, Withdrawn())
    await courier.update(ref, question, Withdrawn())
    entry = transcript.entries[ref.message]
    assert entry.deleted
    assert "Idle" not in entry.body


async def test_what_is_not_there_cannot_be_updated(courier: WebCourier) -> None:
    with pytest.raises(MessageGone):
        await courier.update(MessageRef(Platform.WEB, "local", "noc", "answer:q0"), asked(), SMALL)


async def test_a_withdrawn_answer_cannot_be_updated(courier: WebCourier) -> None:
    question = asked()
    ref = await courier.post(question, Withdrawn(), in_doubt=False)
    with pytest.raises(MessageGone):
        await courier.update(ref, question, SMALL)


async def test_a_lost_store_is_a_delivery_failure_in_doubt(courier: WebCourier, transcript: FakeTranscript) -> None:
    question = asked()
    ref = await courier.post(question, Working(), in_doubt=False)
    transcript.down = True
    for call in (
        courier.post(question, SMALL, in_doubt=False),
        courier.update(ref, question, SMALL),
        courier.say_privately(question, Notice("x")),
    ):
        with pytest.raises(DeliveryFailure) as failure:
            await call
        assert (failure.value.in_doubt, failure.value.retry_after_s) == (True, 1.0)


def test_a_persons_message_is_no_reply() -> None:
    assert isinstance(read_body('{"kind":"message","text":"hi"}'), MessageBody)


async def test_an_announcement_stands_in_the_channel_with_its_picture(courier: WebCourier, transcript: FakeTranscript) -> None:
    await courier.announce("noc", Announcement("The week", "Three lines.", picture=Picture("week.png", b"png", "Cost by day")))
    (entry,) = transcript.entries.values()
    said = body(entry)
    assert (entry.channel, entry.thread, entry.visible_to, entry.question) == ("noc", "", "", "")
    assert (said.kind, said.text) == ("announcement", "**The week**\n\nThree lines.")
    assert said.picture
    assert (said.picture.data, said.picture.alt) == ("data:image/png;base64,cG5n", "Cost by day")
