"""An answer from the cache says so: how old it is, how sure the match, and which question it was given to."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.slack.cached import age, matched
from adapters.slack.outbound import SlackMessage, render
from adapters.slack.plain_layout import downgraded
from bot.types import Badge, Matched
from bot.wording import certainty
from tests.fakes.questions import make_question
from tests.fakes.slack_rig import cached

ASKED = make_question("metrics stop after the deploy")
ANSWER = cached(ASKED)


def match(**changes: object) -> Matched:
    assert ANSWER.match is not None
    return replace(ANSWER.match, **changes)  # type: ignore[arg-type]  # a test names what it changes


def contexts(message: SlackMessage) -> list[list[str]]:
    blocks = [block.to_dict() for block in message.blocks if block.type == "context"]
    return [[element["text"] for element in block["elements"]] for block in blocks]


def buttons(message: SlackMessage) -> list[tuple[str, str | None]]:
    (block,) = [block.to_dict() for block in message.blocks if block.to_dict().get("block_id", "").startswith("act:")]
    return [(button["action_id"], button.get("style")) for button in block["elements"]]


@pytest.mark.parametrize("legacy", [False, True])
def test_it_shows_its_badge_its_age_the_match_and_that_it_cost_nothing(legacy: bool) -> None:  # noqa: FBT001 (a table's column)
    message = render(ASKED, ANSWER)
    since = int(match().answered_at.timestamp())
    assert contexts(downgraded(message) if legacy else message) == [
        [":white_circle: *Cache*", f"answered <!date^{since}^{{ago}}|2 h ago>", "match 0.96", "$0"],
        ["> _Matched:_ “exporter metrics stop after deploy”"],
    ]


def test_it_can_be_asked_again_live_and_called_a_mismatch() -> None:
    assert buttons(render(ASKED, ANSWER)) == [("ask_live", "primary"), ("cache_mismatch", None), ("why_tier", None)]


def test_without_its_source_it_can_still_be_asked_again_live() -> None:
    message = render(ASKED, replace(ANSWER, match=None))
    assert buttons(message) == [("ask_live", "primary"), ("why_tier", None)]
    assert contexts(message) == [[":white_circle: *Cache*", "0.9 s", "$0"]]


@pytest.mark.parametrize("badge", [Badge.SMALL, Badge.FRONTIER, Badge.BEST_EFFORT])
def test_a_models_answer_is_never_called_a_mismatch(badge: Badge) -> None:
    assert buttons(render(ASKED, replace(ANSWER, badge=badge, match=None))) == [("why_tier", None)]


@pytest.mark.parametrize("asked", ["exporter metrics stop after deploy", "Exporter  metrics stop\nafter deploy"])
def test_a_question_that_reads_the_same_is_not_quoted(asked: str) -> None:
    assert matched(replace(ASKED, text=asked), match(similarity=1.0)) == ""


def test_an_exact_match_is_the_same_question() -> None:
    assert certainty(match(similarity=1.0)) == "same question"


@pytest.mark.parametrize(
    ("similarity", "said"), [(0.9612, "match 0.96"), (0.5, "match 0.50"), (0.999, "match 1.00"), (-0.1, "match -0.10")]
)
def test_any_other_match_says_its_likeness_in_two_decimals(similarity: float, said: str) -> None:
    assert certainty(match(similarity=similarity)) == said


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (timedelta(days=9, hours=5), "9 d ago"),
        (timedelta(days=1), "1 d ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_a_client_that_cannot_count_shows_the_age_when_it_was_asked(old: timedelta, said: str) -> None:
    assert f"|{said}>" in age(ASKED, match(answered_at=ASKED.asked_at - old))


def test_the_matched_question_is_inert_on_one_line_and_short() -> None:
    hostile = "<!channel> see <@U1> & @here\n> next line " + "x" * 5_000
    line = matched(ASKED, match(question=hostile))
    assert line.startswith("> _Matched:_ “&lt;!channel&gt; see &lt;@U1&gt; &amp; @")
    assert "@here" not in line
    assert "\n" not in line
    assert len(line) < 350


def test_a_live_answer_has_its_own_badge_and_no_match() -> None:
    live = replace(ASKED, parent=ASKED.id)
    message = render(live, replace(ANSWER, badge=Badge.SMALL, match=None, parent=ASKED.id))
    assert "*Small model*" in json.dumps(contexts(message))
    assert "Matched" not in json.dumps([block.to_dict() for block in message.blocks])
