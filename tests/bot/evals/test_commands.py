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
