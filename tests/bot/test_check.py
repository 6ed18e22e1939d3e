"""`switchboard check` tries what a deployment needs and says what to fix, without showing a secret."""

import json
from pathlib import Path

import pytest

from bot.check import Finding, Report, check_all, render
from bot.setup import write_files
from bot.store import schema
from bot.store.database import Database
from tests.fakes.slack import FakeSlack, refuse

NOWHERE = "postgresql://someone:hunter2@127.0.0.1:9/nothing"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """What a simulated deployment in a folder of its own is given."""
    policy, _ = write_files(tmp_path / "made", simulated=True, force=False)
    return {"SWITCHBOARD_POLICY": str(policy), "SWITCHBOARD_DATA": str(tmp_path / "data"), "SLACK_API_URL": "http://127.0.0.1:9/api/"}


def rewrite(environ: dict[str, str], old: str, new: str) -> None:
    """Change the policy."""
    path = Path(environ["SWITCHBOARD_POLICY"])
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def finding(report: Report, name: str) -> Finding:
    (found,) = [each for each in report.findings if each.name == name]
    return found


async def test_a_simulated_deployment_is_fine_as_it_was_written(environ: dict[str, str], tmp_path: Path) -> None:
    report = await check_all(environ)
    assert report.fine
    assert [each.name for each in report.findings] == ["policy", "database", "web"]
    assert "simulated/small, simulated/frontier" in finding(report, "policy").detail
    assert not (tmp_path / "data").exists(), "checking makes nothing"


async def test_an_unusable_policy_is_the_one_finding(environ: dict[str, str]) -> None:
    rewrite(environ, 'mode = "on"', 'mod = "on"')
    (found,) = (await check_all(environ)).findings
    assert (found.name, found.fine) == ("configuration", False)
    assert "unknown key `mod`" in found.detail


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SWITCHBOARD_HOST", "0.0.0.0", "SWITCHBOARD_HOST must be loopback, not 0.0.0.0"),  # noqa: S104 (it is refused)
        ("SLACK_SIGNING_SECRET", "", "SLACK_SIGNING_SECRET is empty"),
        ("DATABASE_URL", "mysql://h/n", "must start with sqlite:/// or postgresql://, not mysql://"),
        ("DATABASE_URL", "sqlite://", "must name a file"),
        ("DATABASE_URL", "hunter2", "DATABASE_URL is not a URL"),
    ],
)
async def test_an_unusable_setting_is_the_one_finding(environ: dict[str, str], name: str, value: str, said: str) -> None:
    (found,) = (await check_all(environ | {name: value})).findings
    assert not found.fine
    assert said in found.detail
    assert "hunter2" not in found.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
async def test_the_chat_page_may_be_served_on_loopback(environ: dict[str, str], host: str) -> None:
    assert (await check_all(environ | {"SWITCHBOARD_HOST": host})).fine


async def test_a_model_without_a_price_is_refused_with_what_to_add(environ: dict[str, str]) -> None:
    rewrite(environ, "simulated/small", "openai/nobody-1")
    (found,) = (await check_all(environ)).findings
    path = environ["SWITCHBOARD_POLICY"]
    assert found.detail == f'{path}: no price is known for openai/nobody-1: add [prices."openai/nobody-1"] with input and output'


async def test_a_database_that_is_there_is_used(environ: dict[str, str], tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'data' / 'switchboard.sqlite3'}")
    await schema.require(database)
    await database.close()
    found = finding(await check_all(environ), "database")
    assert (found.fine, found.detail.endswith("switchboard.sqlite3")) == (True, True)


async def test_a_file_that_is_no_database_is_found(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "switchboard.sqlite3").write_bytes(b"not a database " * 1000)
    found = finding(await check_all(environ), "database")
    assert not found.fine
    assert "no database of ours" in found.fix


async def test_a_data_folder_that_cannot_be_made_is_found(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    found = finding(await check_all(environ | {"SWITCHBOARD_DATA": str(tmp_path / "file" / "data")}), "database")
    assert (found.fine, found.fix) == (False, "set SWITCHBOARD_DATA to one")
    assert str(tmp_path / "file") in found.detail


async def test_a_server_that_is_not_there_is_found_and_its_password_not_shown(environ: dict[str, str]) -> None:
    report = await check_all(environ | {"DATABASE_URL": NOWHERE})
    found = finding(report, "database")
    assert (found.fine, found.fix) == (False, "check DATABASE_URL, and that the server runs")
    assert "127.0.0.1:9" in found.detail
    assert not any("hunter2" in render(report, as_json=as_json) for as_json in (True, False))


async def test_a_postgresql_database_that_was_not_migrated_is_found(environ: dict[str, str], postgres_url: str) -> None:
    found = finding(await check_all(environ | {"DATABASE_URL": postgres_url.rsplit("/", 1)[0] + "/template1"}), "database")
    assert (found.fine, found.fix) == (False, "the schema is not there: run `switchboard migrate`")


async def test_no_platform_is_found_with_how_to_turn_one_on(environ: dict[str, str]) -> None:
    rewrite(environ, "[web]\nenabled = true", "[web]\nenabled = false")
    found = finding(await check_all(environ), "platform")
    assert not found.fine
    assert "SLACK_BOT_TOKEN" in found.fix


async def test_a_token_that_slack_accepts_is_fine(environ: dict[str, str]) -> None:
    async with FakeSlack() as slack:
        report = await check_all(environ | _connected(slack))
    assert finding(report, "slack") == Finding("slack", fine=True, detail="the bot token is accepted")


async def test_a_token_that_slack_refuses_is_found(environ: dict[str, str]) -> None:
    async with FakeSlack() as slack:
        slack.fail(refuse("auth.test", "invalid_auth"))
        found = finding(await check_all(environ | _connected(slack)), "slack")
    assert (found.fine, found.detail) == (False, "invalid_auth")
    assert "SLACK_BOT_TOKEN" in found.fix


async def test_a_slack_that_cannot_be_reached_is_found(environ: dict[str, str]) -> None:
    found = finding(await check_all(environ | {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}), "slack")
    assert (found.fine, found.detail, found.fix) == (False, "unreachable", "check the network and SLACK_API_URL")


async def test_a_model_whose_key_is_missing_is_found(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    policy, _ = write_files(tmp_path / "real", simulated=False, force=False)
    found = finding(await check_all(environ | {"SWITCHBOARD_POLICY": str(policy)}), "model openai/gpt-5-mini")
    assert (found.fine, found.detail, found.fix) == (False, "OPENAI_API_KEY is not set", "set OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2")
    found = finding(await check_all(environ | {"SWITCHBOARD_POLICY": str(policy)}), "model openai/gpt-5-mini")
    assert found == Finding("model openai/gpt-5-mini", fine=True, detail="key found")


def test_one_thing_to_fix_makes_the_report_red() -> None:
    good, bad = Finding("a", fine=True, detail="there"), Finding("b", fine=False, detail="gone", fix="bring it back")
    assert Report((good,)).fine
    assert not Report((good, bad)).fine


def test_the_report_reads_line_by_line() -> None:
    report = Report((Finding("a", fine=True, detail="there"), Finding("b", fine=False, detail="gone", fix="bring it back")))
    assert render(report, as_json=False).splitlines() == ["ok   a: there", "FIX  b: gone", "     -> bring it back"]


def test_the_report_is_json_on_demand() -> None:
    report = Report((Finding("b", fine=False, detail="gone", fix="bring it back"),))
    assert json.loads(render(report, as_json=True)) == {
        "fine": False,
        "findings": [{"name": "b", "fine": False, "detail": "gone", "fix": "bring it back"}],
    }


def _connected(slack: FakeSlack) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret, "SLACK_API_URL": slack.api_url}
