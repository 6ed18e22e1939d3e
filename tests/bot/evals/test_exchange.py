"""Golden questions come in line by line; grades go out and come back."""

import json
from dataclasses import replace

import pytest

from bot.evals.exchange import as_lines, as_openai, as_promptfoo, read_exported, read_golden
from bot.evals.types import Fault, Golden, Why
from bot.lines import LineError
from tests.fakes.grades import make_grade

GOOD = '{"id": 1, "text": "why does bgp flap?", "tier": "frontier"}'


def test_golden_questions_are_read_and_each_faulty_line_is_reported() -> None:
    lines = [
        GOOD,
        "",
        '{"id": "p", "text": "is cr1 up?", "earlier": "is cr2 up?", "same": false}',
        "nonsense",
        '{"id": 1, "text": "again", "tier": "small"}',
        '{"id": 2, "text": "unlabelled"}',
        '{"id": 3, "text": "half a pair", "earlier": "is cr2 up?"}',
        '{"id": 4, "text": "wrong tier", "tier": "huge"}',
    ]
    told: list[int] = []
    found = read_golden(lines, told.append)
    assert found.questions == (
        Golden("1", "why does bgp flap?", "frontier"),
        Golden("p", "is cr1 up?", earlier="is cr2 up?", same=False),
    )
    assert [error.line for error in found.errors] == [4, 5, 6, 7, 8]
    assert str(found.errors[1]) == "line 5: `id`: an earlier line has the same one"
    assert str(found.errors[2]).startswith("line 6: it has no label")
    assert told == list(range(1, 9))


def test_what_is_exported_can_be_read_back_without_names() -> None:
    grades = [
        make_grade("an", fault=Fault.WRONG, flaggers=("U9",), earlier="is cr1 ok?", similarity=0.8, weight=3.5),
        make_grade("n", why=Why.FLAG, flaggers=("U8",)),
        make_grade(""),
    ]
    lines = list(as_lines(grades))
    assert not any("U1" in line or "U9" in line for line in lines)
    back = read_exported(lines)
    assert len(back) == 2
    assert back[0].reviews == grades[0].reviews
    assert (back[0].drawn.unit, back[0].drawn.weight, back[0].earlier, back[0].ok) == (
        grades[0].drawn.unit,
        3.5,
        "is cr1 ok?",
        grades[0].ok,
    )
    assert (back[1].drawn.why, len(back[1].flaggers)) == (Why.FLAG, 1)


def test_a_line_that_is_no_export_is_refused_with_its_number() -> None:
    with pytest.raises(LineError, match="line 1: `question` is missing"):
        read_exported(['{"id": "q1"}'])


def test_other_tools_get_accepted_answers_alone() -> None:
    grades = [make_grade("a"), make_grade("n"), make_grade("an"), make_grade("c")]
    (case,) = [json.loads(line) for line in as_promptfoo(grades)]
    assert case["vars"] == {"question": "is cr1 up?", "accepted": "Up."}
    assert case["assert"][0]["type"] == "llm-rubric"
    (row,) = [json.loads(line) for line in as_openai(grades)]
    assert row["item"]["input"] == [{"role": "user", "content": "is cr1 up?"}]
    assert row["item"]["ideal"] == "Up."


def test_a_correction_is_what_other_tools_should_expect() -> None:
    grade = make_grade("n")
    corrected = replace(grade, reviews=(replace(grade.reviews[0], correction="Down."),))
    (row,) = [json.loads(line) for line in as_openai([corrected])]
    assert row["item"]["ideal"] == "Down."
