from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.web.bodies import MatchBody, SourceBody
from adapters.web.outbound import TONES, page_of, reply_body, shown, why
from bot.replies import Notice, Offer
from bot.store.transcript import Entry
from bot.types import Answered, Badge, Withdrawn, Working
from router.types import Source
from tests.fakes.web_worker import BEST_EFFORT, CACHED, FAILED, FRONTIER, SMALL

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ASKED = "which port does syslog use?"
ENTRY = Entry("m1", "noc", "", "ana", "", '{"kind":"message","text":"hi"}', NOW, revision=7)


@pytest.mark.parametrize(
    ("reply", "badge"), [(CACHED, "Cache"), (SMALL, "Small model"), (FRONTIER, "Frontier model"), (BEST_EFFORT, "Best effort")]
)
def test_an_answer_shows_its_badge_in_the_fixed_words(reply: object, badge: str) -> None:
    assert isinstance(reply, type(SMALL))
    assert reply_body(reply, ASKED).badge == badge


def test_each_badge_has_a_tone_of_its_own() -> None:
    assert len({TONES[badge] for badge in Badge}) == len(Badge)


def test_an_answer_shows_seconds_and_dollars() -> None:
    assert reply_body(SMALL, ASKED).figures == "0.9 s · $0.0004"


def test_sources_go_to_the_page_with_their_hosts() -> None:
    body = reply_body(replace(SMALL, sources=(Source("A", "https://a.example/x"),)), ASKED)
    assert body.sources == (SourceBody(title="A", url="https://a.example/x", host="a.example"),)


def test_an_answer_is_rendered_and_kept_as_text() -> None:
    body = reply_body(SMALL, ASKED)
    assert body.text.startswith("**Idle**")
    assert body.html.startswith("<p><strong>Idle</strong>")


def test_a_best_effort_answer_has_its_note() -> None:
    body = reply_body(BEST_EFFORT, ASKED)
    assert (body.headline, body.concern) == ("Best effort.", "best_effort")
    assert body.note.startswith("The frontier model was unavailable.")


def test_a_second_answer_names_the_first() -> None:
    body = reply_body(replace(FRONTIER, parent="q1"), ASKED)
    assert (body.parent, body.offers) == ("q1", ())


def cached(**changes: object) -> Answered:
    assert CACHED.match is not None
    return replace(CACHED, match=replace(CACHED.match, **changes))  # type: ignore[arg-type]  # a test names what it changes


def test_a_cached_answer_tells_its_age_its_match_and_its_question() -> None:
    body = reply_body(CACHED, ASKED)
    assert body.match == MatchBody(
        answered_at="2026-11-23T10:00:00+00:00", certainty="match 0.96", question="which port does syslog over TLS use on Gi0/1?"
    )
    assert body.figures == "match 0.96 · $0"


def test_a_question_that_reads_the_same_is_not_quoted() -> None:
    body = reply_body(cached(question="Which port\ndoes syslog  use?", similarity=1.0), ASKED)
    assert body.match is not None
    assert (body.match.certainty, body.match.question) == ("same question", "")


def test_a_long_matched_question_is_shortened_above_the_answer_and_whole_in_its_explanation() -> None:
    long = cached(question="why " * 500)
    body, told = reply_body(long, ASKED), why(long)
    assert body.match is not None
    assert told.match is not None
    assert (len(body.match.question), body.match.question[-1], told.match.question) == (300, "…", "why " * 500)


def test_only_a_cached_answer_can_be_asked_again_live() -> None:
    assert [reply_body(reply, ASKED).can_ask_live for reply in (CACHED, SMALL, FRONTIER, BEST_EFFORT)] == [True, False, False, False]


def test_a_cached_answer_without_its_source_shows_no_match() -> None:
    body = reply_body(replace(CACHED, match=None), ASKED)
    assert (body.match, body.can_ask_live, body.figures) == (None, True, "<0.1 s · $0")


def test_why_tells_the_match_with_its_reason() -> None:
    match = why(CACHED).match
    assert match is not None
    assert (match.certainty, match.reason) == ("match 0.96", "the same entities, action and scope")
    assert why(SMALL).match is None


def test_why_does_not_say_that_a_provider_reported_what_a_cached_answer_cost() -> None:
    assert why(CACHED).cost == "$0 (no model was asked)"


def test_a_placeholder_says_that_work_is_under_way() -> None:
    assert (reply_body(Working(), ASKED).kind, reply_body(Working(), ASKED).text) == ("working", "Working on it…")


def test_a_failure_offers_another_try() -> None:
    body = reply_body(FAILED, ASKED)
    assert (body.kind, body.cause, [one.label for one in body.offers]) == ("failed", "all_down", ["Try again"])
    assert reply_body(replace(FAILED, offers=()), ASKED).offers == ()


def test_a_notice_may_offer_to_answer_again() -> None:
    (offer,) = reply_body(Notice("You edited your question.", (Offer.ANSWER_AGAIN,)), ASKED).offers
    assert offer.label == "Answer again"


def test_a_withdrawn_answer_leaves_no_text() -> None:
    body = reply_body(Withdrawn(), ASKED)
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
