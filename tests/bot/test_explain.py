"""What `switchboard explain` reads and writes, and how it scores the rules against labels."""

import contextlib
import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.explain import NO_ROWS, Peer, explain_lines, render, score, to_json
from bot.lines import NOT_JSON, NOT_UTF8, LineError
from router.policy import Routing

ROUTING = Routing()
EASY = "is edge-3 up?"
HARD = "why do half of the sessions on edge-3 drop every night"


def asked(identity: object, text: str) -> str:
    return json.dumps({"id": identity, "text": text})


def labelled(text: str, tier: str, **more: str) -> str:
    return json.dumps({"text": text, "tier": tier, **more})


def test_each_question_gets_its_tier_volatility_and_reasons() -> None:
    (line,) = explain_lines([asked("q1", EASY)], ROUTING)
    answer = json.loads(line)
    assert list(answer) == ["id", "tier", "volatility", "reasons"]
    assert (answer["id"], answer["tier"], answer["volatility"]) == ("q1", "small", "live")
    assert answer["reasons"][0] == "asks for one fact: is it up, done or there"


def test_answers_keep_the_order_and_the_ids_of_the_questions() -> None:
    lines = [asked(3, HARD), asked("a", EASY), asked(1, EASY)]
    assert [json.loads(line)["id"] for line in explain_lines(lines, ROUTING)] == [3, "a", 1]


def test_blank_lines_and_a_byte_order_mark_are_skipped() -> None:
    lines = ["\ufeff" + asked(1, EASY) + "\n", "\n", "   \n", asked(2, EASY) + "\r\n"]
    assert len(list(explain_lines(lines, ROUTING))) == 2


def test_further_keys_of_a_line_are_ignored() -> None:
    assert len(list(explain_lines([json.dumps({"id": 1, "text": EASY, "user": "u1"})], ROUTING))) == 1


def test_an_answer_line_is_plain_ascii_for_any_terminal() -> None:
    (line,) = explain_lines([asked("frage-ü", EASY)], ROUTING)
    assert line.isascii()
    assert json.loads(line)["id"] == "frage-ü"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("not json", NOT_JSON),
        ("[1, 2]", NOT_JSON),
        ('{"id": 1}', "`text` is missing"),
        ('{"text": "x"}', "`id` is missing"),
        ('{"id": 1, "text": 5}', "`text`: input should be a valid string"),
        ('{"id": null, "text": "x"}', "`id`: input should be a valid string"),
    ],
)
def test_a_bad_line_is_an_error_that_names_its_number(line: str, problem: str) -> None:
    with pytest.raises(LineError) as caught:
        list(explain_lines([asked(1, EASY), "", line], ROUTING))
    assert caught.value.line == 3
    assert str(caught.value) == f"line 3: {problem}"


def test_answers_before_a_bad_line_are_given() -> None:
    answers = explain_lines([asked(1, EASY), "oops"], ROUTING)
    assert json.loads(next(answers))["id"] == 1
    with pytest.raises(LineError):
        next(answers)


def test_bytes_that_are_no_text_are_an_error_that_names_their_line() -> None:
    stream = io.TextIOWrapper(io.BytesIO(asked(1, EASY).encode() + b"\n\xff\xfe\n"), encoding="utf-8")
    with pytest.raises(LineError, match=NOT_UTF8):
        list(explain_lines(stream, ROUTING))


def test_a_lone_surrogate_in_a_line_is_an_error_and_no_crash() -> None:
    with pytest.raises(LineError, match="line 1"):
        list(explain_lines(['{"id": 1, "text": "\\ud800"}'], ROUTING))


@given(st.lists(st.text()))
def test_any_lines_give_answers_or_an_explain_error(lines: list[str]) -> None:
    answers: list[str] = []
    with contextlib.suppress(LineError):
        answers.extend(explain_lines(lines, ROUTING))
    assert len(answers) <= len(lines)


def rows() -> Iterator[str]:
    yield labelled(EASY, "small", volatility="live", kind="status")
    yield labelled(HARD, "small", volatility="config", kind="status")
    yield labelled(HARD, "frontier", volatility="live", kind="cause")
    yield labelled(EASY, "frontier", kind="cause")
    yield labelled(EASY, "small")


def test_errors_of_both_directions_are_counted_among_their_own_tier() -> None:
    total = score(rows(), ROUTING).total
    assert (total.under_routed.count, total.under_routed.of) == (1, 2)
    assert (total.over_routed.count, total.over_routed.of) == (1, 3)


def test_volatility_is_judged_where_it_is_labelled() -> None:
    scored = score(rows(), ROUTING)
    assert scored.volatility is not None
    assert (scored.volatility.count, scored.volatility.of) == (2, 3)
    assert [(one.labelled, one.decided, one.count) for one in scored.confusion] == [("live", "live", 2), ("config", "live", 1)]


def test_without_volatility_labels_nothing_is_said_of_it() -> None:
    scored = score([labelled(EASY, "small")], ROUTING)
    assert (scored.volatility, scored.confusion) == (None, ())
    assert "volatility" not in render(scored)


def test_kinds_are_judged_apart() -> None:
    kinds = score(rows(), ROUTING).kinds
    assert [(kind.name, kind.questions) for kind in kinds] == [("cause", 2), ("status", 2)]
    assert (kinds[0].under_routed.count, kinds[0].over_routed.of) == (1, 0)


def test_an_interval_is_wilsons() -> None:
    lines = [labelled(HARD, "frontier")] * 10
    under = score(lines, ROUTING).total.under_routed
    # None of ten: the upper bound is z^2 / (10 + z^2) = 3.8415 / 13.8415.
    assert (under.count, under.low) == (0, 0.0)
    assert under.high == pytest.approx(0.27753, abs=1e-5)


def test_an_empty_side_knows_nothing() -> None:
    over = score([labelled(HARD, "frontier")], ROUTING).total.over_routed
    assert (over.of, over.low, over.high) == (0, 0.0, 1.0)


def test_peers_are_the_first_rule_the_two_extremes_and_chance_at_the_same_mix() -> None:
    peers = {peer.name: peer for peer in score(rows(), ROUTING).peers}
    assert peers["all small"] == Peer("all small", 1.0, 0.0)
    assert peers["all frontier"] == Peer("all frontier", 0.0, 1.0)
    assert peers["random at the same mix"] == Peer("random at the same mix", 0.6, 0.4)
    # Every row of this sample is short and names no technology, so the first design's rule calls all of them small.
    assert peers["short and without jargon"] == Peer("short and without jargon", 1.0, 0.0)


def test_the_first_rule_takes_the_policys_jargon_and_length() -> None:
    peers = score([labelled(EASY, "small"), labelled("is the edge router up", "small")], Routing(jargon=("edge-3",), short_words=4)).peers
    assert peers[0].over_routed == 1.0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (labelled(EASY, "cache"), "`tier`: input should be 'small' or 'frontier'"),
        (labelled(EASY, "small", volatility="never"), "`volatility`: input should be 'live', 'config' or 'stable'"),
        ('{"tier": "small"}', "`text` is missing"),
    ],
)
def test_a_bad_label_is_an_error_that_names_its_line(line: str, problem: str) -> None:
    with pytest.raises(LineError, match="line 2: ") as caught:
        score([labelled(EASY, "small"), line], ROUTING)
    assert str(caught.value) == f"line 2: {problem}"


def test_a_file_without_a_labelled_question_is_an_error() -> None:
    with pytest.raises(LineError) as caught:
        score(["\n"], ROUTING)
    assert (str(caught.value), caught.value.line) == (NO_ROWS, 0)


def test_the_text_shows_counts_intervals_peers_and_kinds() -> None:
    text = render(score(rows(), ROUTING))
    assert "5 questions, 60.0% to the small model" in text
    assert "1/2  50.0%  [9.5%, 90.5%]" in text
    assert "config taken for live" in text
    assert "random at the same mix" in text
    assert text.splitlines()[-1].split() == ["status", "2", "-", "1/2"]


def test_the_json_carries_the_same_numbers() -> None:
    scored = score(rows(), ROUTING)
    told = json.loads(to_json(scored))
    assert told["total"]["under_routed"]["count"] == scored.total.under_routed.count
    assert told["volatility"]["share"] == pytest.approx(2 / 3)
    assert [peer["name"] for peer in told["peers"]] == [peer.name for peer in scored.peers]
