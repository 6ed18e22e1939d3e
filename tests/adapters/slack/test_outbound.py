"""Replies become messages that Slack takes: the right blocks, within every limit, with nothing live from a model."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.outbound import SlackMessage, continuation, reason_offer, remark, render
from adapters.slack.plain_layout import downgraded
from bot.replies import Cause, Caution, Concern, Failed, Notice, Offer
from bot.types import Answered, Badge, Kind, Matched, Question, Reply, Withdrawn, Working
from router.types import CostSource, Source
from tests.fakes.questions import make_question
from tests.fakes.slack.blocks import LEGACY, Surface, block_errors, text_of
from tests.fakes.slack_payloads import ANSWER

ASKED = make_question("what is BGP?")
TOTAL = 13_200

texts = st.text() | st.lists(
    st.sampled_from(["word ", "<!channel>", "&", "<", "```\n", "\n\n", "x" * 3000, "<@U1>", "[a](http://e.example)", "é" * 2000]),
    max_size=12,
).map("".join)


def as_json(message: SlackMessage) -> list[dict[str, object]]:
    return [block.to_dict() for block in message.blocks]


def refused(message: SlackMessage, legacy: frozenset[str] = frozenset()) -> list[str]:
    return block_errors(json.loads(json.dumps(as_json(message))), Surface.MESSAGE, legacy)


def of_type(message: SlackMessage, kind: str) -> list[dict[str, object]]:
    return [block for block in as_json(message) if block["type"] == kind]


def shown(message: SlackMessage) -> str:
    return json.dumps(as_json(message), ensure_ascii=False)


def answer(**changes: object) -> Answered:
    return replace(ANSWER, **changes)  # type: ignore[arg-type]  # a test names what it changes


@pytest.mark.parametrize("badge", list(Badge))
def test_an_answer_shows_its_badge_in_the_fixed_vocabulary(badge: Badge) -> None:
    assert f"*{badge.value}*" in shown(render(ASKED, answer(badge=badge)))


def test_an_answer_shows_seconds_and_dollars() -> None:
    (facts,) = of_type(render(ASKED, ANSWER), "context")
    assert [element["text"] for element in facts["elements"]] == [  # type: ignore[attr-defined]  # JSON of a known form
        ":large_green_circle: *Small model*",
        "0.9 s",
        "$0.0004",
    ]


def test_sources_are_one_line_of_links_that_show_their_hosts() -> None:
    sources = (Source("A <b> & c", "https://a.example/x?y=1&z=2"), Source("b.example", "https://b.example/"))
    (line, _) = of_type(render(ASKED, answer(sources=sources)), "context")
    assert [element["text"] for element in line["elements"]] == [  # type: ignore[attr-defined]  # JSON of a known form
        "Sources: [1] A &lt;b&gt; &amp; c (<https://a.example/x?y=1&amp;z=2|a.example>) · [2] (<https://b.example/|b.example>)"
    ]


def test_however_long_its_sources_are_slack_takes_an_answer() -> None:
    sources = tuple(Source("&" * 80, f"https://a.example/{number}?{'&' * 470}") for number in range(10))
    message = render(ASKED, answer(text="word " * 5_000, sources=sources))
    assert refused(message) == []
    assert message.rest


def test_the_frontier_model_is_offered_only_while_it_is_left_to_ask() -> None:
    assert '"action_id": "escalate"' in shown(render(ASKED, ANSWER))
    assert '"action_id": "escalate"' not in shown(render(ASKED, answer(can_escalate=False)))


def test_every_answer_can_be_explained_and_voted_on() -> None:
    message = render(ASKED, answer(can_escalate=False))
    assert '"action_id": "why_tier"' in shown(message)
    (votes,) = of_type(message, "context_actions")
    assert {f"up:{ASKED.id}", f"down:{ASKED.id}"} <= set(re.findall(r"(?:up|down):\w+", json.dumps(votes)))


def test_a_best_effort_answer_says_so_above_itself() -> None:
    message = render(ASKED, answer(badge=Badge.BEST_EFFORT, caution=Caution(Concern.BEST_EFFORT, "The frontier model did not answer.")))
    first = as_json(message)[0]
    assert (first["type"], first["level"]) == ("alert", "warning")
    assert "*Best effort.* The frontier model did not answer." in json.dumps(first)


def test_a_note_about_the_budget_is_no_warning() -> None:
    (note,) = of_type(render(ASKED, answer(caution=Caution(Concern.BUDGET, "This channel has used its budget."))), "alert")
    assert note["level"] == "info"


def test_a_failure_offers_another_try_only_where_it_may_help() -> None:
    assert '"action_id": "retry"' in shown(render(ASKED, Failed("All tiers failed.", Cause.ALL_DOWN, offers=(Offer.TRY_AGAIN,))))
    assert '"action_id": "retry"' not in shown(render(ASKED, Failed("Too long.", Cause.TOO_LONG)))


def test_an_edited_question_can_be_answered_again() -> None:
    edit = replace(ASKED, kind=Kind.EDITED, parent="q_0")
    assert '"value": "q_0"' in shown(render(edit, Notice("You edited it.", (Offer.ANSWER_AGAIN,))))
    assert "answer_again" not in shown(render(edit, Notice("Noted.")))


def test_a_shared_command_shows_who_asked_what() -> None:
    command = replace(ASKED, source=None)
    assert f"<@{ASKED.user}> asked: what is BGP?" in shown(render(command, ANSWER))
    assert "asked:" not in shown(render(replace(command, private=True), ANSWER))
    assert "asked:" not in shown(render(ASKED, ANSWER))


def test_the_fallback_text_is_the_answer() -> None:
    assert render(ASKED, ANSWER).text == ANSWER.text


def test_a_long_answer_continues_in_further_messages() -> None:
    message = render(ASKED, answer(text="\n\n".join(["word " * 400] * 20)))
    assert message.rest
    (body,) = of_type(message, "markdown")
    total = str(body["text"]) + "".join(message.rest)
    assert total.count("word") == 8000


MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (Hypothesis adds the zone)
OFFERS = st.lists(st.sampled_from(Offer), unique=True).map(tuple)
MATCHES = st.builds(
    Matched,
    question_id=texts,
    question=texts,
    answered_at=MOMENTS,
    similarity=st.floats(min_value=-1, max_value=1),
    reason=texts,
)
REPLIES = st.one_of(
    st.just(Working()),
    st.just(Withdrawn()),
    st.builds(Failed, texts, st.sampled_from(Cause), st.none() | MOMENTS, OFFERS),
    st.builds(Notice, texts, OFFERS),
    st.builds(
        Answered,
        text=texts,
        badge=st.sampled_from(Badge),
        model=texts,
        seconds=st.floats(min_value=0, max_value=1000),
        usd=st.none() | st.decimals(min_value=0, max_value=1000, allow_nan=False),
        cost_source=st.sampled_from(CostSource),
        reasons=st.lists(texts, max_size=3).map(tuple),
        can_escalate=st.booleans(),
        caution=st.none() | st.builds(Caution, st.sampled_from(Concern), texts, st.none() | MOMENTS, OFFERS),
        match=st.none() | MATCHES,
    ),
)
QUESTIONS = st.builds(
    lambda text, *, shared: replace(ASKED, text=text, source=None if shared else ASKED.source),
    texts,
    shared=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(QUESTIONS, REPLIES)
def test_slack_takes_every_message_that_is_rendered(question: Question, reply: Reply) -> None:
    message = render(question, reply)
    for part in (message, *map(continuation, message.rest)):
        assert refused(part) == []
        assert text_of(json.loads(json.dumps(as_json(part)))) <= TOTAL
        assert 0 < len(part.text.encode()) <= 3_900


@settings(max_examples=100, deadline=None)
@given(QUESTIONS, REPLIES)
def test_an_older_workspace_takes_every_message_too(question: Question, reply: Reply) -> None:
    message = downgraded(render(question, reply))
    assert refused(message, LEGACY) == []


@settings(max_examples=200, deadline=None)
@given(QUESTIONS, REPLIES)
def test_no_token_is_live_but_our_own(question: Question, reply: Reply) -> None:
    message = render(question, reply)
    everything = "".join([message.text, shown(message), *message.rest, shown(downgraded(message))])
    ours = re.sub(r"<!date\^\d+\^\{(?:ago\}|date_short_pretty\} at \{time\})\|[\w :-]+>", "", everything)
    assert set(re.findall(r"<[!@#][^>]*>", ours)) <= {f"<@{question.user}>"}
    assert not re.search(r"@(?:here|channel|everyone)\b", everything, re.IGNORECASE)
    assert '"type": "image"' not in everything


def test_remarks_and_offers_are_taken() -> None:
    assert refused(remark("Thanks & <b>")) == []
    assert refused(reason_offer("q_1", "Flagged.")) == []


def test_the_older_layout_keeps_both_votes_apart() -> None:
    votes = shown(downgraded(render(ASKED, ANSWER)))
    assert '"action_id": "answer_feedback:helpful"' in votes
    assert '"action_id": "answer_feedback:flag"' in votes
    assert {"alert", "markdown", "context_actions"} & {str(block["type"]) for block in as_json(downgraded(render(ASKED, ANSWER)))} == set()


def test_the_older_layout_shows_the_whole_answer() -> None:
    long = answer(text="\n\n".join(f"**part {number}** `<x>` " + "word " * 100 for number in range(20)))
    sections = [str(block) for block in of_type(downgraded(render(ASKED, long)), "section")]
    assert len(sections) > 3
    assert all(f"*part {number}*" in "".join(sections) for number in range(20))
