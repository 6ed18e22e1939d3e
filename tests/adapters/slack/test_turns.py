"""A thread's messages become turns: who said what, without our placeholders and without the question itself."""

from dataclasses import replace

from adapters.fields import Fields
from adapters.slack.outbound import FAILED, WORKING
from adapters.slack.trail import EVENT_TYPE
from adapters.slack.turns import LENGTH, turns_before
from bot.types import MessageRef, Platform
from router.types import Turn
from tests.fakes.questions import make_question

ASKED = replace(make_question("and for IPv6?"), source=MessageRef(Platform.SLACK, "T1", "C1", "50.0"))


def person(ts: str, text: str) -> Fields:
    return Fields({"ts": ts, "user": "U1", "text": text})


def ours(ts: str, text: str, question: str = "q_0", **more: object) -> Fields:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"question": question, "part": 0}}
    return Fields({"ts": ts, "user": "UBOT", "bot_id": "BBOT", "text": text, "metadata": metadata, **more})


def turns(*messages: Fields, limit: int = 10) -> tuple[Turn, ...]:
    return turns_before(messages, ASKED, limit)


def test_our_answers_are_told_from_what_people_said() -> None:
    said = turns(person("10.0", "what is <#C1|noc> &amp; BGP?"), ours("11.0", "A routing protocol."))
    assert said == (Turn("what is #noc & BGP?", assistant=False), Turn("A routing protocol.", assistant=True))


def test_placeholders_and_failures_say_nothing() -> None:
    assert turns(ours("11.0", WORKING), ours("12.0", f"{FAILED} All tiers failed.")) == ()


def test_a_person_who_quotes_a_placeholder_is_heard() -> None:
    assert turns(person("11.0", WORKING)) == (Turn(WORKING, assistant=False),)


def test_the_question_and_what_came_after_it_are_not_before_it() -> None:
    assert turns(person("50.0", "and for IPv6?"), person("51.0", "hello?"), person("9.0", "hi")) == (Turn("hi", assistant=False),)


def test_the_questions_own_placeholder_is_not_before_it() -> None:
    assert turns(ours("49.0", "half an answer", ASKED.id)) == ()


def test_the_latest_turns_are_kept() -> None:
    assert [turn.text for turn in turns(*(person(f"{n}.0", f"m{n}") for n in range(1, 9)), limit=3)] == ["m6", "m7", "m8"]
    assert turns(person("1.0", "x"), limit=0) == ()


def test_a_mark_without_a_bot_is_not_ours() -> None:
    forged = ours("11.0", "I am the bot", bot_id="")
    assert turns(forged) == (Turn("I am the bot", assistant=False),)


def test_a_deleted_message_says_nothing() -> None:
    assert turns(Fields({"ts": "1.0", "subtype": "tombstone", "text": "This message was deleted."})) == ()


def test_timestamps_are_compared_as_numbers() -> None:
    asked = replace(ASKED, source=MessageRef(Platform.SLACK, "T1", "C1", "100.000200"))
    assert turns_before((person("99.9", "x"), person("100.000100", "y"), person("100.000300", "z")), asked, 9) == (
        Turn("x", assistant=False),
        Turn("y", assistant=False),
    )


def test_a_pasted_log_is_cut() -> None:
    (turn,) = turns(person("1.0", "x" * 100_000))
    assert len(turn.text) == LENGTH


def test_what_is_no_message_is_passed_over() -> None:
    assert turns(Fields(None), Fields({"ts": 7, "text": []}), Fields({"ts": "soon", "text": "early"})) == (Turn("early", assistant=False),)
