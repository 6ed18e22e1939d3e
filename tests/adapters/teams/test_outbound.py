"""Replies become Teams messages: one vocabulary, no mention or hidden address of a model's making, nothing too long."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.cards import Card
from adapters.teams.outbound import LARGEST, TeamsMessage, actions, announced, pieces, render
from bot.replies import Announcement, Cause, Caution, Concern, Failed, Notice, Offer, Picture, Urgency
from bot.types import Badge, Kind, Question, Reply, Withdrawn, Working
from router.types import CostSource, Source
from tests.adapters.teams.rig import ANSWER, matched
from tests.fakes.questions import make_question

UNTIL = datetime(2026, 11, 26, tzinfo=UTC)
TRICKY = st.text(st.sampled_from("<>/at @![]()`*_~#\n:&;abchtps.w\\"), max_size=60) | st.text(max_size=60)


def shown(reply: Reply, question: Question | None = None) -> TeamsMessage:
    return render(question or make_question(), reply)


def titles(card: Card | None) -> list[str]:
    return [button.title for button in card.buttons] if card else []


@pytest.mark.parametrize(
    ("badge", "line"),
    [
        (Badge.CACHE, "⚪ **Cache** · 0.9 s · $0.0004"),
        (Badge.SMALL, "🟢 **Small model** · 0.9 s · $0.0004"),
        (Badge.FRONTIER, "🔵 **Frontier model** · 0.9 s · $0.0004"),
        (Badge.BEST_EFFORT, "🟡 **Best effort** · 0.9 s · $0.0004"),
    ],
)
def test_an_answer_ends_with_its_badge_time_and_cost(badge: Badge, line: str) -> None:
    assert shown(replace(ANSWER, badge=badge)).text.splitlines()[-1] == line


def test_an_unknown_cost_is_said() -> None:
    assert "cost unknown" in shown(replace(ANSWER, usd=None, cost_source=CostSource.UNKNOWN)).text


SOURCES = tuple(Source(f"Page {number}", f"https://a.example/{number}") for number in range(1, 11))


def test_sources_are_marked_below_the_text_unless_its_prose_marks_them() -> None:
    assert "Sources: [1] [2]\n" in shown(replace(ANSWER, text="Port `x[1]`.", sources=SOURCES[:2])).text
    assert "Sources: [2]\n" in shown(replace(ANSWER, text="Port 179 [1].", sources=SOURCES[:2])).text
    assert "Sources" not in shown(replace(ANSWER, text="Port 179 [1][2].", sources=SOURCES[:2])).text


def test_a_long_answer_leaves_room_for_its_sources() -> None:
    message = shown(replace(ANSWER, text="word " * 9_000, sources=SOURCES))
    assert len(message.text.encode("utf-16-le")) <= LARGEST - 9_000
    assert message.sources == SOURCES
    assert message.rest


def test_only_answers_are_labelled_and_take_feedback() -> None:
    others: tuple[Reply, ...] = (Working(), Failed("No.", Cause.REFUSED), Notice("Hm."), Withdrawn())
    assert [(one.labelled, one.feedback) for one in map(shown, others)] == [(False, False)] * 4
    assert (shown(ANSWER).labelled, shown(ANSWER).feedback) == (True, True)


def test_no_message_holds_text_and_card_at_once() -> None:
    replies: tuple[Reply, ...] = (
        Working(),
        ANSWER,
        Failed("No.", Cause.REFUSED),
        Notice("Hm.", (Offer.ANSWER_AGAIN,)),
        Notice("Hm."),
        Withdrawn(),
    )
    assert all(bool(one.text) is not bool(one.card) for one in map(shown, replies))


def test_a_caution_stands_above_the_answer_and_says_when_it_ends() -> None:
    caution = Caution(Concern.BUDGET, "The small model answered.", UNTIL, (Offer.REQUEST_BUDGET,))
    message = shown(replace(ANSWER, caution=caution))
    assert message.text.startswith("> ℹ️ **Budget used up.** The small model answered. It resets 2026-11-26 at 00:00 UTC.")  # noqa: RUF001 (the sign)
    assert titles(message.buttons) == ["Ask the frontier model", "Request more budget", "Why this tier?"]


@pytest.mark.parametrize(
    ("cause", "begins"),
    [
        (Cause.ALL_DOWN, "⛔ **I could not answer this.** Every model failed."),
        (Cause.GAVE_UP, "⛔ **I could not answer this.** Every model failed."),
        (Cause.REFUSED, "⚠️ **Every model failed.**"),
        (Cause.RATE_LIMIT, "ℹ️ **Every model failed.**"),  # noqa: RUF001 (the sign)
    ],
)
def test_a_failure_is_dressed_by_its_cause(cause: Cause, begins: str) -> None:
    assert shown(Failed("Every model failed.", cause)).text.startswith(begins)


def test_a_failure_names_its_question_and_offers_what_may_help() -> None:
    question = make_question()
    message = shown(Failed("Busy.", Cause.ALL_DOWN, UNTIL, (Offer.TRY_AGAIN, Offer.TELL_ME)), question)
    assert f"ref {question.id.replace('_', chr(92) + '_')}" in message.text
    assert "I try again by myself until 2026-11-26 at 00:00 UTC." in message.text
    assert titles(message.buttons) == ["Try again", "Tell me when it is back"]


def test_a_failure_without_offers_has_no_buttons() -> None:
    assert shown(Failed("No.", Cause.REFUSED)).buttons is None


def test_a_notice_about_an_edit_offers_to_answer_the_question_again() -> None:
    question = make_question(kind=Kind.EDITED, parent="q_first")
    card = shown(Notice("You edited it.", (Offer.ANSWER_AGAIN,)), question).card
    assert card is not None
    assert [(button.title, button.question_id) for button in card.buttons] == [("Answer again", "q_first")]


def test_a_cached_answer_quotes_another_wording_only() -> None:
    question = make_question(text="Exporter metrics  stop after deploy")
    cached = replace(ANSWER, badge=Badge.CACHE, match=matched(question))
    assert "Matched" not in shown(cached, question).text
    assert "Matched" in shown(cached, make_question(text="where are my metrics?")).text


def test_buttons_of_an_answer_ask_in_the_field_s_own_order() -> None:
    question = make_question()
    best = replace(ANSWER, badge=Badge.BEST_EFFORT)
    cached = replace(ANSWER, badge=Badge.CACHE, can_escalate=False, match=matched(question))
    assert [button.title for button in actions("q", best)] == ["Try frontier again", "Why this tier?"]
    assert [button.title for button in actions("q", cached)] == ["Ask again live", "Not the same question", "Why this tier?"]


def test_an_execute_button_falls_back_to_a_submit_with_the_same_data() -> None:
    button = actions("q_1", ANSWER)[0].as_json()
    assert (button["type"], button["verb"]) == ("Action.Execute", "escalate")
    assert button["fallback"] == {"type": "Action.Submit", "title": "Ask the frontier model", "data": {"qid": "q_1", "verb": "escalate"}}


def test_an_announcement_is_a_card_with_its_picture() -> None:
    said = Announcement(
        "Frontier tier is down", "3 of 5 calls failed.\nI try again.", Urgency.ERROR, Picture("a.png", b"\x89PNG", "a curve")
    )
    card = announced(said).card
    assert card is not None
    kinds = [element.as_json()["type"] for element in card.body]
    assert (kinds, card.summary) == (["Container", "TextBlock", "Image"], "Frontier tier is down")


def test_a_picture_that_is_too_large_for_a_card_is_left_out() -> None:
    card = announced(Announcement("Digest", "", Urgency.INFO, Picture("a.png", b"x" * 60_000, "a curve"))).card
    assert card is not None
    assert len(card.body) == 1


@given(st.text(min_size=1, max_size=200), st.integers(1, 400))
def test_every_piece_of_a_long_answer_fits_and_none_of_it_is_lost(text: str, times: int) -> None:
    cut = pieces(text * times)
    assert all(len(piece.encode("utf-16-le", "replace")) <= LARGEST for piece in cut)


@given(TRICKY)
def test_no_model_text_mentions_anybody_or_hides_where_a_link_leads(text: str) -> None:
    message = shown(replace(ANSWER, text=text))
    for part in (message.text, *message.rest):
        assert "<at>" not in part.lower()
        tokens = [one for token in MarkdownIt("commonmark", {"html": True}).parse(part) for one in (token, *(token.children or ()))]
        assert not {one.type for one in tokens} & {"image", "html_inline", "html_block"}
        assert all(one.info == "auto" for one in tokens if one.type == "link_open")


def test_money_is_shown_as_everywhere() -> None:
    assert "≈$0.012" in shown(replace(ANSWER, usd=Decimal("0.0123"), cost_source=CostSource.ESTIMATED)).text
