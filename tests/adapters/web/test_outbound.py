from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.web.outbound import TONES, page_of, reply_body, shown, why
from bot.store.transcript import Entry
from bot.types import Badge, Notice, Withdrawn, Working
from tests.fakes.web_worker import BEST_EFFORT, CACHED, FAILED, FRONTIER, SMALL

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENTRY = Entry("m1", "noc", "", "ana", "", '{"kind":"message","text":"hi"}', NOW, revision=7)


@pytest.mark.parametrize(
    ("reply", "badge"), [(CACHED, "Cache"), (SMALL, "Small model"), (FRONTIER, "Frontier model"), (BEST_EFFORT, "Best effort")]
)
def test_an_answer_shows_its_badge_in_the_fixed_words(reply: object, badge: str) -> None:
    assert isinstance(reply, type(SMALL))
    assert reply_body(reply).badge == badge


def test_each_badge_has_a_tone_of_its_own() -> None:
    assert len({TONES[badge] for badge in Badge}) == len(Badge)


def test_an_answer_shows_seconds_and_dollars() -> None:
    assert reply_body(SMALL).figures == "0.9 s · $0.0004"


def test_an_answer_is_rendered_and_kept_as_text() -> None:
    body = reply_body(SMALL)
    assert body.text.startswith("**Idle**")
    assert body.html.startswith("<p><strong>Idle</strong>")


def test_a_best_effort_answer_has_its_note() -> None:
    assert reply_body(BEST_EFFORT).note == BEST_EFFORT.note


def test_a_second_answer_names_the_first() -> None:
    body = reply_body(replace(FRONTIER, parent="q1"))
    assert (body.parent, body.can_escalate) == ("q1", False)


def test_a_placeholder_says_that_work_is_under_way() -> None:
    assert (reply_body(Working()).kind, reply_body(Working()).text) == ("working", "Working on it…")


def test_a_failure_offers_another_try() -> None:
    body = reply_body(FAILED)
    assert (body.kind, body.can_retry) == ("failed", True)
    assert not reply_body(replace(FAILED, can_retry=False)).can_retry


def test_a_notice_may_offer_to_answer_again() -> None:
    assert reply_body(Notice("You edited your question.", offer_again=True)).can_retry


def test_a_withdrawn_answer_leaves_no_text() -> None:
    body = reply_body(Withdrawn())
    assert (body.kind, body.text, body.html) == ("withdrawn", "", "")


def test_why_tells_reasons_and_attempts_in_words() -> None:
    told = why(BEST_EFFORT)
    assert told.reasons == ("asks for a design",)
    assert [(line.tier, line.outcome, line.seconds) for line in told.attempts] == [
        ("Frontier model", "was unavailable", "0.2 s"),
        ("Small model", "answered", "0.9 s"),
    ]
    assert told.cost == "$0.0004 (from the token counts that the provider reported)"


def test_an_entry_for_one_person_is_private_in_a_channel_but_not_in_direct_messages() -> None:
    assert shown(replace(ENTRY, visible_to="ana")).private
    assert not shown(replace(ENTRY, visible_to="ana", channel="dm:ana")).private
    assert not shown(ENTRY).private


def test_a_deleted_entry_shows_no_body() -> None:
    assert shown(replace(ENTRY, deleted=True)).body == ""


def test_a_page_goes_on_from_its_newest_revision() -> None:
    page = page_of((ENTRY, replace(ENTRY, id="m2", revision=9)), 3, 2)
    assert (page.revision, page.more) == (9, True)


def test_an_empty_page_stays_where_it_was() -> None:
    page = page_of((), 3, 2)
    assert (page.revision, page.more) == (3, False)
