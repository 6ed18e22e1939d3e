from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.inbound import Change, change_of, click_of, flag_of, question_of, understand
from adapters.web.payloads import FlagForm, Press, Refused
from bot.store.transcript import Entry
from bot.types import FlagReason, FlagSource, Kind, Platform
from router.types import Visibility

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENTRY = Entry("m1", "noc", "", "ana", "", "{}", NOW, question="q1")


def test_a_mention_asks_and_is_not_part_of_the_question() -> None:
    typed = understand("@Switchboard, is cr1 up?", addressed=False)
    assert (typed.shown, typed.asked, typed.private) == ("@Switchboard, is cr1 up?", "is cr1 up?", False)


def test_a_mention_in_the_middle_asks_too() -> None:
    assert understand("hey @switchboard what is MTU?", addressed=False).asked == "hey what is MTU?"


@pytest.mark.parametrize("text", ["good morning", "mail me at ana@switchboard.example", "@switchboards are old", "see /ask"])
def test_a_message_to_nobody_asks_nothing(text: str) -> None:
    assert understand(text, addressed=False).asked == ""


def test_where_the_bot_is_addressed_no_mention_is_needed() -> None:
    assert understand("and over IPv6?", addressed=True).asked == "and over IPv6?"


def test_ask_is_private() -> None:
    typed = understand("/ask who is on call?", addressed=False)
    assert (typed.shown, typed.asked, typed.private) == ("who is on call?", "who is on call?", True)


@pytest.mark.parametrize("text", ["/ask --public what is MTU?", "/ask what is MTU? --public", "/ASK —public what is MTU?"])
def test_ask_public_is_open_to_all(text: str) -> None:
    typed = understand(text, addressed=False)
    assert (typed.asked, typed.private) == ("what is MTU?", False)


def test_public_inside_a_question_is_just_a_word() -> None:
    typed = understand("/ask does ip --public exist here?", addressed=False)
    assert (typed.asked, typed.private) == ("does ip --public exist here?", True)


@pytest.mark.parametrize("text", ["@switchboard", "/ask", "/ask --public", "@switchboard @switchboard"])
def test_a_call_without_a_question_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="write a question") as refused:
        understand(text, addressed=False)
    assert refused.value.status == 400


@given(st.text(max_size=200))
def test_what_is_not_addressed_to_the_bot_never_becomes_a_question(text: str) -> None:
    plain = text.replace("@", "").replace("/ask", "")
    if not plain.lower().startswith("/ask"):
        assert understand(plain, addressed=False).asked == ""


def test_a_root_begins_the_thread_that_bears_its_id() -> None:
    question = question_of(ENTRY, "is cr1 up?")
    assert question.conversation.thread == "m1"
    assert question.source is not None
    assert (question.source.platform, question.source.channel, question.source.message) == (Platform.WEB, "noc", "m1")


def test_keys_name_the_delivery_and_the_message() -> None:
    question = question_of(ENTRY, "is cr1 up?")
    assert (question.id, question.delivery_key, question.logical_key) == ("q1", "web:m1", "web:noc/m1")


def test_a_reply_stays_in_its_thread() -> None:
    assert question_of(replace(ENTRY, thread="m0"), "and cr2?").conversation.thread == "m0"


def test_a_channel_is_public_and_a_direct_message_is_direct() -> None:
    assert question_of(ENTRY, "x").conversation.visibility is Visibility.PUBLIC
    direct = question_of(replace(ENTRY, channel="dm:ana", visible_to="ana"), "x")
    assert (direct.conversation.visibility, direct.private) == (Visibility.DIRECT, False)


def test_a_message_for_one_person_asks_privately() -> None:
    assert question_of(replace(ENTRY, visible_to="ana"), "x").private


def test_two_edits_of_a_message_have_keys_of_their_own() -> None:
    first, second = (change_of(ENTRY, Change(f"q{n}", f"e{n}", Kind.EDITED, NOW), "is cr2 up?") for n in (1, 2))
    assert (first.kind, first.text, first.source) == (Kind.EDITED, "is cr2 up?", question_of(ENTRY, "").source)
    assert len({first.logical_key, second.logical_key, question_of(ENTRY, "").logical_key}) == 3


def test_a_flag_form_becomes_a_flag_with_its_reason() -> None:
    form = FlagForm(user="Ana", question="q1", reason=FlagReason.OUTDATED, comment=" since 17.9 ")
    flag = flag_of(form, NOW)
    assert (flag.question_id, flag.user, flag.source, flag.reason, flag.comment, flag.at) == (
        "q1",
        "ana",
        FlagSource.FORM,
        FlagReason.OUTDATED,
        "since 17.9",
        NOW,
    )


def test_a_press_becomes_a_click_with_a_key_of_its_own() -> None:
    press = Press(user="ben", id=uuid4(), question="q1")
    click = click_of(press)
    assert (click.question_id, click.user, click.delivery_key) == ("q1", "ben", f"web:{press.id}")
