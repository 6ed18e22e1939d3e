"""Dialogs and the Home tab are taken by Slack, say what they should, and nothing of a private answer."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from adapters.slack.home import NO_QUESTIONS, help_message, home_view
from adapters.slack.interactions import FLAG_FORM
from adapters.slack.views import flag_view, why_view
from bot.desk import Record
from bot.replies import Cause, Caution, Concern, Failed
from bot.types import AttemptLine, Badge, FlagReason, Matched
from router.types import CostSource, Outcome, Tier
from tests.fakes.questions import make_question
from tests.fakes.slack.blocks import Surface, block_errors
from tests.fakes.slack_payloads import ANSWER

ASKED = make_question("what is BGP?")


def shown(view: View) -> str:
    return json.dumps(view.to_dict(), ensure_ascii=False)


def refused(view: View, surface: Surface) -> list[str]:
    return block_errors(json.loads(shown(view))["blocks"], surface, frozenset())


def test_why_tells_reasons_attempts_cost_and_reference_but_not_the_answer() -> None:
    attempts = (
        AttemptLine(Tier.FRONTIER, "simulated/frontier", Outcome.TIMEOUT, 20_000),
        AttemptLine(Tier.SMALL, "simulated/small", Outcome.ANSWERED, 900),
    )
    text = shown(
        why_view(
            Record(ASKED, replace(ANSWER, attempts=attempts, badge=Badge.BEST_EFFORT, caution=Caution(Concern.BEST_EFFORT, "A note.")))
        )
    )
    for said in ("• a look-up", "• short", "*Best effort*", "`simulated/small`", "A note.", f"ref `{ASKED.id}`", "$0.0004"):
        assert said in text
    assert "Frontier model `simulated/frontier` took too long after 20 s" in text
    assert "Small model `simulated/small` answered after 0.9 s" in text
    assert ANSWER.text not in text


def test_why_tells_which_question_was_matched_and_for_what_reason() -> None:
    match = Matched("q_0", "exporter metrics <stop>", ASKED.asked_at - timedelta(hours=2), 0.9612, "the same entities")
    view = why_view(Record(ASKED, replace(ANSWER, badge=Badge.CACHE, usd=Decimal(0), match=match)))
    for said in ("“exporter metrics &lt;stop&gt;”", "2 h ago", "match 0.96: the same entities", "$0 (no model was asked)"):
        assert said in shown(view)
    assert refused(view, Surface.MODAL) == []


def test_an_estimated_cost_is_explained() -> None:
    estimated = replace(ANSWER, usd=Decimal("0.01"), cost_source=CostSource.ESTIMATED)
    assert "≈$0.01 (estimated by us)" in shown(why_view(Record(ASKED, estimated)))


@pytest.mark.parametrize(("reply", "said"), [(None, "still being worked on"), (Failed("x", Cause.ALL_DOWN), "No tier answered")])
def test_why_has_an_answer_for_questions_without_one(reply: Failed | None, said: str) -> None:
    assert said in shown(why_view(Record(ASKED, reply)))


def test_the_flag_form_offers_every_reason_and_knows_its_question() -> None:
    view = flag_view("q_1")
    assert refused(view, Surface.MODAL) == []
    assert (view.callback_id, view.private_metadata) == (FLAG_FORM, "q_1")
    assert all(f'"value": "{reason.value}"' in shown(view) for reason in FlagReason)
    assert '"max_length": 2900' in shown(view)


@settings(deadline=None, max_examples=60)
@given(st.text(), st.lists(st.text(), max_size=20), st.text())
def test_slack_takes_every_explanation(model: str, reasons: list[str], note: str) -> None:
    attempts = tuple(AttemptLine(Tier.SMALL, model, outcome, 5) for outcome in Outcome) * 3
    record = Record(ASKED, replace(ANSWER, model=model, reasons=tuple(reasons), caution=Caution(Concern.BUDGET, note), attempts=attempts))
    assert refused(why_view(record), Surface.MODAL) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(), max_size=9))
def test_slack_takes_every_home_tab(questions: list[str]) -> None:
    records = tuple(Record(replace(ASKED, text=text), ANSWER) for text in questions)
    assert refused(home_view(records), Surface.HOME) == []


def test_the_home_tab_shows_the_last_five_questions_with_their_tier() -> None:
    records = tuple(Record(replace(ASKED, text=f"question {number}"), ANSWER) for number in range(7))
    text = shown(home_view(records))
    assert [f"question {number}" in text for number in range(7)] == [True] * 5 + [False] * 2
    assert text.count(":large_green_circle: *Small model*") == 5 + 1
    assert "<!date^1795435200^" in text


def test_the_home_tab_tells_a_newcomer_how_to_ask() -> None:
    text = shown(home_view(()))
    assert NO_QUESTIONS in text
    assert "/ask" in text
    assert all(badge.value in text for badge in Badge)


@pytest.mark.parametrize(("reply", "said"), [(None, "being worked on"), (Failed("x", Cause.ALL_DOWN), "no answer")])
def test_the_home_tab_tells_open_questions(reply: Failed | None, said: str) -> None:
    assert said in shown(home_view((Record(ASKED, reply),)))


def test_the_help_is_taken_by_slack() -> None:
    blocks = [block.to_dict() for block in help_message().blocks]
    assert block_errors(json.loads(json.dumps(blocks)), Surface.MESSAGE, frozenset()) == []
