"""What a replay writes and prints, and the command as a user meets it."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from bot.replay.judge import judge
from bot.replay.report import ANSWERS, NO_LABELS, SUMMARY, answer_line, render, to_json, write_report
from router.policy import Ttl
from router.types import Tier
from tests.fakes.replays import make_replayed, make_row

FIRST, SECOND = make_row(1, key="a", tier="small"), make_row(2, key="b", tier="frontier")
DONE = (make_replayed(FIRST, Tier.SMALL, ms=350.12345), make_replayed(SECOND, Tier.CACHE, source=FIRST), make_replayed(make_row(3), None))
SUMMED = judge(DONE, Ttl(), Decimal("0.004"))
WITHOUT_LITELLM = "import sys\nfrom bot.cli import main\ntry:\n    main()\nfinally:\n    assert 'litellm' not in sys.modules"


def test_an_answers_line_has_the_contracts_keys() -> None:
    assert json.loads(answer_line(DONE[0])) == {
        "id": "q1",
        "served": "small",
        "source_id": None,
        "similarity": None,
        "model": "simulated/small",
        "cost_usd": 0.001,
        "latency_ms": 350.123,
        "reasons": ["because"],
    }


def test_a_hit_names_its_source_and_a_question_without_an_answer_nothing() -> None:
    hit, failed = json.loads(answer_line(DONE[1])), json.loads(answer_line(DONE[2]))
    assert (hit["served"], hit["source_id"], hit["similarity"], hit["cost_usd"]) == ("cache", "q1", 0.9, 0.0)
    assert (failed["served"], failed["source_id"], failed["model"]) == (None, None, None)


def test_the_summary_has_the_contracts_keys() -> None:
    told = json.loads(to_json(SUMMED))
    assert list(told) == [
        "questions",
        "served",
        "false_hits",
        "missed_hits",
        "under_routed",
        "over_routed",
        "cost_usd",
        "all_frontier_cost_usd",
        "latency_ms",
    ]
    assert told["served"] == {"cache": 1, "small": 1, "frontier": 0}
    assert told["latency_ms"]["frontier"] == {"p50": None, "p95": None}
    assert (told["false_hits"], told["cost_usd"], told["all_frontier_cost_usd"]) == (1, 0.004, 0.012)


def test_the_text_tells_shares_with_intervals_and_what_was_spared() -> None:
    text = render(SUMMED)
    assert text.startswith("3 questions, 1 of them not answered\n")
    assert "1  100.00%  [20.65%, 100.00%] of 1 hits" in text
    assert "$0.0040 instead of $0.0120 with the frontier model alone: 67% less" in text


def test_without_labels_the_text_says_so() -> None:
    text = render(judge([make_replayed(make_row(1), Tier.SMALL)], Ttl(), SUMMED.cost_usd))
    assert text.count(NO_LABELS) == 4


def test_both_files_are_written_whole_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    for _ in range(2):
        write_report(folder, DONE, SUMMED)
    assert sorted(path.name for path in folder.iterdir()) == [ANSWERS, SUMMARY]
    assert [json.loads(line)["id"] for line in (folder / ANSWERS).read_text().splitlines()] == ["q1", "q2", "q3"]
    assert json.loads((folder / SUMMARY).read_text()) == json.loads(to_json(SUMMED))


def test_a_report_that_cannot_be_written_leaves_no_part_of_itself(tmp_path: Path) -> None:
    (tmp_path / ANSWERS).mkdir()
    with pytest.raises(OSError, match=ANSWERS):
        write_report(tmp_path, DONE, SUMMED)
    assert [path.name for path in tmp_path.iterdir()] == [ANSWERS]


def command(folder: Path, traffic: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "traffic.jsonl").write_text(traffic, encoding="utf-8")
    started = [sys.executable, "-c", WITHOUT_LITELLM, "replay", str(folder / "traffic.jsonl"), "--out", str(folder / "out"), *arguments]
    return subprocess.run(started, capture_output=True, text=True, check=False, timeout=90)


def test_the_command_replays_over_the_shipped_policy_without_a_key_or_litellm(tmp_path: Path) -> None:
    rows = [make_row(number, "what is rfc1918?", key="a", tier="small").model_dump_json(exclude_none=True) for number in range(3)]
    ran = command(tmp_path, "\n".join(rows), "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["served"] == {"cache": 2, "small": 1, "frontier": 0}
    assert json.loads((tmp_path / "out" / SUMMARY).read_text()) == json.loads(ran.stdout)
    assert len((tmp_path / "out" / ANSWERS).read_text().splitlines()) == 3


def test_the_command_refuses_a_bad_line_and_writes_nothing(tmp_path: Path) -> None:
    ran = command(tmp_path, FIRST.model_dump_json(exclude_none=True) + '\n{"id": "q2"}\n')
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", "Error: line 2: `at` is missing\n")
    assert not (tmp_path / "out").exists()
