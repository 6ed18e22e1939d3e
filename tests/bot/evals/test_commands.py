"""The commands of the evals, as a person calls them."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database
from tests.fakes.answered import keep_answered
from tests.fakes.policies import SIMULATED

NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A deployment's folder with six answers of this week."""

    async def fill() -> None:
        database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
        await schema.migrate(database)
        for number in range(6):
            await keep_answered(database, f"is cr{number} up?", at=NOW - timedelta(seconds=1))
        await database.close()

    asyncio.run(fill())
    (tmp_path / "policy.toml").write_text(SIMULATED, encoding="utf-8")
    return tmp_path


def switchboard(data: Path, *args: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environ = {"SWITCHBOARD_DATA": str(data), "SWITCHBOARD_POLICY": str(data / "policy.toml"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "bot.cli", *args]
    return subprocess.run(command, env=environ, input=given, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])


def test_a_newcomer_samples_reviews_and_reads_the_report(data: Path) -> None:
    drawn = json.loads(switchboard(data, "eval", "sample", "--week", "--json").stdout)
    assert drawn["drawn"] == 6
    graded = switchboard(data, "eval", "review", "--as", "ann", given="a\na\nn\nw\n\n\na\n")
    assert graded.returncode == 0
    assert "2 left of 6" in graded.stdout
    report = json.loads(switchboard(data, "eval", "report", "--json").stdout)
    assert report["total"]["acceptable"]["of"] == 4
    assert report["total"]["acceptable"]["share"] == 0.75
    assert "75.0% [30.1%, 95.4%]" in switchboard(data, "eval", "report", "--plot", str(data / "report.png")).stdout
    assert (data / "report.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("command", [("sample", "--week", "soon"), ("review", "--week", "soon"), ("report", "--week", "soon")])
def test_a_week_that_is_none_is_refused_in_one_line(data: Path, command: tuple[str, ...]) -> None:
    refused = switchboard(data, "eval", *command)
    assert (refused.returncode, refused.stderr) == (2, "Error: a week looks like 2026-W48, not 'soon'\n")


def test_a_change_that_nobody_saw_is_refused_by_the_gate_and_an_export_says_the_same(data: Path) -> None:
    switchboard(data, "eval", "sample", "--week")
    switchboard(data, "eval", "review", "--as", "ann", given="a\n" * 6)
    (data / "golden.jsonl").write_text('{"id": 1, "text": "is cr1 up?", "tier": "small"}\nnonsense\n', encoding="utf-8")
    imported = switchboard(data, "eval", "import", str(data / "golden.jsonl"))
    assert (imported.returncode, imported.stdout) == (1, "1 golden questions imported.\nline 2: not a JSON object\n")
    (data / "new.toml").write_text(SIMULATED.replace("simulated/frontier", "simulated/small"), encoding="utf-8")
    refused = switchboard(data, "eval", "gate", "--policy", str(data / "new.toml"))
    assert refused.returncode == 1
    assert "another model (simulated/small instead of simulated/frontier)" in refused.stdout
    exported = switchboard(data, "eval", "export", str(data / "labels.jsonl"))
    assert exported.stderr == "6 written.\n"
    again = switchboard(data, "eval", "gate", "--policy", str(data / "new.toml"), "--labels", str(data / "labels.jsonl"), "--json")
    assert (again.returncode, json.loads(again.stdout)["decision"]) == (1, "thin")
    tuned = switchboard(data, "eval", "tune")
    assert (tuned.returncode, tuned.stdout.rstrip().splitlines()[-1]) == (0, "No change is proposed.")


def test_a_proposed_policy_that_is_none_is_refused_in_one_line(data: Path) -> None:
    refused = switchboard(data, "eval", "gate", "--policy", str(data / "nothing.toml"))
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1


def test_advice_comes_from_the_logs_or_from_old_questions(data: Path) -> None:
    assert switchboard(data, "advise").stdout.startswith("Do not route yet: ")
    old = data / "old.jsonl"
    old.write_text('{"id": 1, "at": "2026-11-02T10:00:00Z", "user": "u", "channel": "C1", "text": "is cr1 up?"}\n', encoding="utf-8")
    advised = json.loads(switchboard(data, "advise", "--from", str(old), "--json").stdout)
    assert (advised["questions"], advised["enough"]) == (1, False)


def test_without_any_question_there_is_nothing_to_advise_on(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(SIMULATED, encoding="utf-8")
    refused = switchboard(tmp_path, "advise")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
