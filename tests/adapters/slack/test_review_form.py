"""The dialog of the review is taken by Slack, and what is submitted with it is read."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from adapters.fields import Fields
from adapters.slack.home import REVIEW_NEXT, home_view
from adapters.slack.review_form import (
    CORRECTION,
    FAULT,
    IN_PRIVATE,
    NO_SAMPLE,
    NOTHING_LEFT,
    REVIEW_FORM,
    VERDICT,
    block_of,
    done_view,
    queue_text,
    review,
    review_view,
)
from bot.evals.types import Drawn, Fault, Progress, Reviewable, Stratum, Unit, Verdict, Why
from bot.reviewing import Queue
from bot.types import Badge, Flag, FlagReason, FlagSource, Matched
from router.types import Tier, Turn
from tests.fakes.questions import make_question
from tests.fakes.slack.blocks import Surface, block_errors
from tests.fakes.slack_payloads import ANSWER

ASKED = make_question("what is <BGP>?")
NOW = ASKED.asked_at
PROGRESS = Progress("2026-W48", 100, 0, 12, 0, 88, 20, {"UEVE": 5})
QUEUE = Queue(PROGRESS, 5, left=True)
SHOWN = Reviewable("2026-W48", Drawn(Unit(ASKED.id, Stratum(Tier.SMALL, "status", "C1")), Why.RANDOM, 1.0), ASKED, ANSWER, (), ())


def text_of(view: View) -> str:
    return json.dumps(view.to_dict(), ensure_ascii=False)


def refused(view: View, surface: Surface = Surface.MODAL) -> list[str]:
    return block_errors(json.loads(text_of(view))["blocks"], surface, frozenset())


def submitted(verdict: str, fault: str | None = None, correction: str | None = None, question_id: str = "q_1") -> Fields:
    values = {
        block_of(VERDICT, question_id): {VERDICT: {"selected_option": {"value": verdict} if verdict else None}},
        block_of(FAULT, question_id): {FAULT: {"selected_option": {"value": fault} if fault else None}},
        block_of(CORRECTION, question_id): {CORRECTION: {"value": correction}},
    }
    return Fields({"view": {"private_metadata": question_id, "state": {"values": values}}})


def test_the_dialog_shows_all_that_a_verdict_needs() -> None:
    match = Matched("q_0", "what does BGP mean?", NOW - timedelta(hours=2), 0.9612, "the same entities")
    flag = Flag(ASKED.id, "UBOB", FlagSource.FORM, FlagReason.OUTDATED, "core1 is gone", NOW)
    said = (Turn("about core1", assistant=False), Turn("Yes?", assistant=True))
    view = review_view(replace(SHOWN, answer=replace(ANSWER, badge=Badge.CACHE, match=match), context=said, flags=(flag,)), QUEUE)
    for words in ("what is <BGP>?", ANSWER.text, "*Cache*", "$0.0004", "what does BGP mean?", "match 0.96", "about core1", "core1 is gone"):
        assert words in text_of(view)
    assert "12 of 100 sampled answers are graded, 5 by you. 20 lack a second reviewer." in text_of(view)
    assert (view.callback_id, view.private_metadata, refused(view)) == (REVIEW_FORM, ASKED.id, [])


def test_neither_asker_nor_flagger_is_named() -> None:
    flag = Flag(ASKED.id, "UBOB", FlagSource.FORM, FlagReason.WRONG, "", NOW)
    view = review_view(replace(SHOWN, question=replace(ASKED, user="UADA"), flags=(flag,)), QUEUE)
    assert ("UADA" in text_of(view), "UBOB" in text_of(view)) == (False, False)


def test_a_question_asked_in_private_tells_no_place() -> None:
    hidden = replace(ASKED, user="", conversation=replace(ASKED.conversation, channel="direct"))
    text = text_of(review_view(replace(SHOWN, question=hidden), QUEUE))
    assert (IN_PRIVATE in text, "<#" in text) == (True, False)


def test_no_input_keeps_what_was_typed_for_the_answer_before() -> None:
    def blocks(question_id: str) -> set[str]:
        view = review_view(replace(SHOWN, question=replace(ASKED, id=question_id)), QUEUE)
        return {block["block_id"] for block in json.loads(text_of(view))["blocks"] if block["type"] == "input"}

    assert blocks("q_1").isdisjoint(blocks("q_2"))


@settings(deadline=None, max_examples=60)
@given(st.text(), st.text(), st.lists(st.text(), max_size=6), st.text())
def test_slack_takes_every_answer(question: str, answer: str, context: list[str], comment: str) -> None:
    flag = Flag(ASKED.id, "UBOB", FlagSource.FORM, None, comment, NOW)
    turns = tuple(Turn(text, assistant=False) for text in context)
    match = Matched("q_0", question, NOW, 1.0, comment)
    shown = replace(SHOWN, question=replace(ASKED, text=question), answer=replace(ANSWER, text=answer, match=match), context=turns)
    assert refused(review_view(replace(shown, flags=(flag,)), QUEUE, note=comment)) == []


def test_slack_takes_a_very_long_answer() -> None:
    assert refused(review_view(replace(SHOWN, answer=replace(ANSWER, text="word " * 20_000)), QUEUE)) == []


def test_a_submitted_form_is_a_review() -> None:
    said = review(submitted("not_acceptable", "outdated", " core2. "), "UEVE", NOW)
    assert said is not None
    assert (said.question_id, said.reviewer, said.verdict) == ("q_1", "UEVE", Verdict.NOT_ACCEPTABLE)
    assert (said.fault, said.correction, said.at) == (Fault.OUTDATED, "core2.", NOW)


@pytest.mark.parametrize("body", [Fields(None), submitted(""), submitted("splendid"), submitted("acceptable", question_id="")])
def test_a_form_without_a_verdict_is_none(body: Fields) -> None:
    assert review(body, "UEVE", NOW) is None


def test_a_fault_of_an_acceptable_answer_is_a_contradiction() -> None:
    with pytest.raises(ValueError, match="not acceptable"):
        review(submitted("acceptable", "wrong"), "UEVE", NOW)


def test_the_home_tab_offers_the_review_to_reviewers_alone() -> None:
    reviewers, others = home_view((), QUEUE), home_view(())
    assert (REVIEW_NEXT in text_of(reviewers), REVIEW_NEXT in text_of(others)) == (True, False)
    assert refused(reviewers, Surface.HOME) == []


@pytest.mark.parametrize(
    ("queue", "said"), [(Queue(None, 0, left=False), NO_SAMPLE), (Queue(PROGRESS, 5, left=False), NOTHING_LEFT)], ids=["none", "done"]
)
def test_the_home_tab_says_why_there_is_no_button(queue: Queue, said: str) -> None:
    text = text_of(home_view((), queue))
    assert (said in queue_text(queue), said in text, REVIEW_NEXT in text) == (True, True, False)


def test_the_dialog_without_an_answer_can_only_be_closed() -> None:
    view = done_view("", NOTHING_LEFT)
    assert (view.submit, refused(view)) == (None, [])
