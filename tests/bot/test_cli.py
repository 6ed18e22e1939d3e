"""The command as a user meets it: what it prints, what it refuses in one line, and its exit status."""

import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import cli, main
from bot.processes import NO_PLATFORM
from router.types import PolicyError

OURS = ("SWITCHBOARD_", "SLACK_", "DATABASE_URL", "OPENAI_", "ANTHROPIC_", "PORTKEY_")
NOWHERE = "postgresql://someone:hunter2@127.0.0.1:9/nothing"
EASY = "what is the default port of bgp?"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line on the standard error of a command that was used wrongly or is configured wrongly."""
        assert (self.status, self.out) == (2, ""), self
        assert self.err.startswith("Error: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err.removeprefix("Error: ").rstrip()


Switchboard = Callable[..., Ran]


@pytest.fixture
def switchboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Switchboard]:
    """Run the command in this process, in a folder of its own, with no setting but those given as keywords."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environ: str) -> Ran:
        for name in [name for name in os.environ if name.startswith(OURS)]:
            del os.environ[name]
        os.environ.update(environ)
        monkeypatch.setattr(sys, "argv", ["switchboard", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, said.out, said.err)

    yield run
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def simulated(switchboard: Switchboard) -> dict[str, str]:
    """The environment of a simulated deployment that `init` wrote."""
    assert switchboard("init", "--simulated", "made").status == 0
    return {"SWITCHBOARD_POLICY": "made/policy.toml", "SWITCHBOARD_DATA": "data"}


@pytest.mark.parametrize("command", sorted(cli.commands))
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself(switchboard: Switchboard, command: str, flag: str) -> None:
    ran = switchboard(command, flag)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: switchboard {command} ")
    assert str(cli.commands[command].help).split()[0] in ran.out


def test_the_help_lists_every_command_that_is_for_people(switchboard: Switchboard) -> None:
    ran = switchboard("--help")
    listed = {line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines() if line.startswith("  ") and line[2] != " "}
    assert ran.status == 0
    assert listed == {name for name, command in cli.commands.items() if not command.hidden}


def test_the_version_is_told(switchboard: Switchboard) -> None:
    ran = switchboard("--version")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("switchboard, version ")


def test_without_a_command_the_help_is_the_answer(switchboard: Switchboard) -> None:
    ran = switchboard()
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("Usage: switchboard ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nosuch"], "No such command 'nosuch'."),
        (["--nosuch"], "No such option '--nosuch'."),
        (["ask"], "Missing argument 'TEXT'."),
        (["ask", ""], "TEXT is empty"),
        (["ask", "one", "two"], "Got unexpected extra argument (two)"),
        (["flags", "--limit", "0"], "Invalid value for '--limit': 0 is not in the range 1<=x<=10000."),
        (["serve", "--workers", "many"], "Invalid value for '--workers': 'many' is not a valid integer range."),
        (["serve", "--workers", "65"], "Invalid value for '--workers': 65 is not in the range 0<=x<=64."),
        (["demo", "--port", "70000"], "Invalid value for '--port': 70000 is not in the range 0<=x<=65535."),
        (["explain", "nosuch.jsonl"], "Invalid value for 'QUESTIONS': 'nosuch.jsonl': No such file or directory"),
        (["flags", "--env-file", "nosuch.env"], "nosuch.env: no such env file"),
        (["check", "--env-file", "nosuch.env"], "nosuch.env: no such env file"),
    ],
)
def test_wrong_use_is_refused_in_one_line(switchboard: Switchboard, arguments: list[str], said: str) -> None:
    assert switchboard(*arguments).refusal == said


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["ingress"], ["migrate"], ["ask", EASY], ["flags"]])
@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SWITCHBOARD_POLICY": "gone.toml"}, "gone.toml: No such file or directory; `switchboard init` writes a policy"),
        ({"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET is empty: give it its value from the Slack app's page, or unset it"),
        ({"DATABASE_URL": "mysql://h/n"}, "DATABASE_URL must start with sqlite:/// or postgresql://, not mysql://"),
    ],
)
def test_every_command_refuses_what_it_cannot_work_with(
    switchboard: Switchboard, command: list[str], environ: dict[str, str], said: str
) -> None:
    assert switchboard(*command, **environ).refusal == said


def test_an_unknown_policy_key_is_refused_with_the_keys_there_are(switchboard: Switchboard, simulated: dict[str, str]) -> None:
    policy = Path(simulated["SWITCHBOARD_POLICY"])
    policy.write_text(policy.read_text(encoding="utf-8") + "enable = true\n", encoding="utf-8")
    assert switchboard("flags", **simulated).refusal == "made/policy.toml: unknown key `web.enable` (allowed: enabled)"


def test_the_chat_page_is_not_served_to_the_world(switchboard: Switchboard, simulated: dict[str, str]) -> None:
    said = switchboard("serve", **simulated, SWITCHBOARD_HOST="0.0.0.0").refusal  # noqa: S104 (it is refused)
    assert said == "the chat page has no sign-in: with web.enabled, SWITCHBOARD_HOST must be loopback, not 0.0.0.0"


@pytest.mark.parametrize("command", ["serve", "worker", "ingress"])
def test_without_a_platform_nothing_is_started_and_what_is_missing_is_said(switchboard: Switchboard, command: str) -> None:
    assert switchboard(command).refusal == NO_PLATFORM


@pytest.mark.parametrize("command", [["migrate"], ["flags"], ["serve"], ["ask", EASY]])
def test_a_server_that_does_not_answer_is_refused_without_its_password(
    switchboard: Switchboard, simulated: dict[str, str], command: list[str]
) -> None:
    said = switchboard(*command, **simulated, DATABASE_URL=NOWHERE).refusal
    assert said == "the database does not answer: `switchboard check` says what to fix"


def test_a_data_folder_that_cannot_be_made_is_refused_with_its_name(switchboard: Switchboard, simulated: dict[str, str]) -> None:
    Path("file").write_text("", encoding="utf-8")
    assert switchboard("flags", **simulated | {"SWITCHBOARD_DATA": "file/data"}).refusal == "file/data: Not a directory"


def test_a_port_that_is_taken_is_refused_by_the_demo(switchboard: Switchboard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = switchboard("demo", "--port", str(port), "--data", "demo").refusal
    assert said == f"cannot listen on port {port}: Address already in use; without --port a free one is taken"


def test_init_then_check_then_ask_then_flags(switchboard: Switchboard) -> None:
    written = switchboard("init", "--simulated", "made")
    assert written.out.splitlines()[:2] == ["wrote made/policy.toml", "wrote made/switchboard.env"]
    assert "`switchboard check --env-file made/switchboard.env`" in written.out
    checked = switchboard("check", "--json", "--env-file", "made/switchboard.env")
    assert (checked.status, json.loads(checked.out)["fine"]) == (0, True)
    asked = switchboard("ask", EASY, "--env-file", "made/switchboard.env")
    assert (asked.status, asked.err) == (0, "")
    assert "[Small model] " in asked.out
    assert "BGP 179/tcp" in asked.out
    answered = json.loads(switchboard("ask", EASY, "--json", "--env-file", "made/switchboard.env").out)
    assert (answered["badge"], answered["cost_source"], answered["attempts"][0]["outcome"]) == ("Small model", "reported", "answered")
    assert switchboard("flags", "--json", "--env-file", "made/switchboard.env").out == "[]\n"


def test_costs_status_pause_and_resume(switchboard: Switchboard, simulated: dict[str, str]) -> None:
    assert switchboard("costs", **simulated).out.startswith("Nothing was asked from ")
    assert switchboard("pause", "frontier", "--reason", "provider incident", **simulated).status == 0
    asked = json.loads(switchboard("ask", "why does BGP flap after the upgrade?", "--json", **simulated).out)
    assert (asked["badge"], asked["concern"]) == ("Small model", "paused")
    paused = json.loads(switchboard("status", "--json", **simulated).out)["tiers"][1]["paused"]
    assert paused["reason"] == "provider incident"
    assert switchboard("resume", "frontier", **simulated).out == "The frontier model is called again.\n"
    assert switchboard("resume", "frontier", **simulated).out == "The frontier model was not paused.\n"
    costs = json.loads(switchboard("costs", "--by", "model", "--json", **simulated).out)
    assert (costs["total"]["questions"], costs["total"]["usd"], costs["lines"][0]["key"]) == (1, asked["cost_usd"], "small")
    assert switchboard("costs", "--csv", **simulated).out.startswith("day,questions,")
    assert "frontier  on\n" in switchboard("status", **simulated).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--json", "--csv"), "choose one of --json and --csv"),
        (("--since", "2026-11-26", "--until", "2026-11-25"), "--since 2026-11-26 is after --until 2026-11-25"),
        (("--since", "yesterday"), "Invalid value for '--since': 'yesterday' does not match the format '%Y-%m-%d'."),
    ],
)
def test_costs_refuse_what_they_cannot_report(arguments: tuple[str, ...], said: str, switchboard: Switchboard) -> None:
    assert switchboard("costs", *arguments).refusal == said


def test_init_overwrites_nothing_unasked(switchboard: Switchboard) -> None:
    assert switchboard("init").status == 0
    assert switchboard("init").refusal == "policy.toml is there already; --force overwrites it"
    assert switchboard("init", "--force").status == 0


def test_a_check_that_finds_something_ends_with_1(switchboard: Switchboard, simulated: dict[str, str]) -> None:
    ran = switchboard("check", **simulated, DATABASE_URL=NOWHERE)
    assert (ran.status, ran.err) == (1, "")
    assert "FIX  database: " in ran.out
    assert json.loads(switchboard("check", "--json", **simulated, DATABASE_URL=NOWHERE).out)["fine"] is False


def test_an_answer_that_failed_ends_with_1(switchboard: Switchboard, simulated: dict[str, str]) -> None:
    ran = switchboard("ask", "x" * 9000, **simulated)
    assert (ran.status, ran.err) == (1, "")
    assert "too long" in ran.out
    assert "too long" in json.loads(switchboard("ask", "x" * 9000, "--json", **simulated).out)["failure"]


def test_explain_answers_line_by_line_until_one_that_it_cannot_read(switchboard: Switchboard) -> None:
    Path("asked.jsonl").write_text('{"id": 1, "text": "what is bgp?"}\n\n{"id": 2}\n', encoding="utf-8")
    ran = switchboard("explain", "asked.jsonl")
    assert (ran.status, ran.err) == (2, "Error: line 3: `text` is missing\n")
    (line,) = ran.out.splitlines()
    assert {"id": 1, "tier": "small", "volatility": "stable"}.items() <= json.loads(line).items()


def test_a_reader_who_goes_away_is_not_told_off() -> None:
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run([sys.executable, "-m", "bot.cli", "--help"], stdout=write, stderr=subprocess.PIPE, check=False, timeout=30)
    os.close(write)
    assert ran.stderr == b""


def test_debugging_shows_where_it_went_wrong(switchboard: Switchboard, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PolicyError):
        switchboard("flags", SWITCHBOARD_DEBUG="1", SWITCHBOARD_POLICY="gone.toml")
    assert capsys.readouterr().err.startswith("Error: gone.toml: ")


APP = "12345678-90ab-cdef-1234-567890abcdef"


def test_the_package_of_the_teams_app_is_written_where_it_is_asked_for(switchboard: Switchboard, tmp_path: Path) -> None:
    ran = switchboard("manifest", "teams", "--app-id", APP, "--domain", "ops.example.com", "--out", "made.zip")
    assert (ran.status, ran.out, ran.err) == (0, "wrote made.zip\n", "")
    assert zipfile.is_zipfile(tmp_path / "made.zip")


def test_the_teams_manifest_is_printed_as_json_beside_its_package(switchboard: Switchboard, tmp_path: Path) -> None:
    ran = switchboard("manifest", "teams", "--app-id", APP, "--domain", "ops.example.com", "--rsc", "--json")
    assert json.loads(ran.out)["webApplicationInfo"]["id"] == APP
    assert (tmp_path / "switchboard-teams.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--app-id", "ours", "--domain", "ops.example.com"), "--app-id"),
        (("--app-id", APP, "--domain", "https://ops.example.com"), "--domain"),
        (("--app-id", APP), "--domain"),
        (("--app-id", APP, "--domain", "ops.example.com", "--out", "nowhere/made.zip"), "nowhere/made.zip"),
    ],
)
def test_a_teams_package_that_cannot_be_made_is_refused_in_one_line(
    switchboard: Switchboard, arguments: tuple[str, ...], named: str
) -> None:
    assert named in switchboard("manifest", "teams", *arguments).refusal


def test_the_policy_is_shown_as_portkey_configs(switchboard: Switchboard) -> None:
    shown = switchboard("policy", "portkey", "--tier", "frontier", OPENAI_API_KEY="sk-very-secret")
    assert (shown.status, shown.err) == (0, "")
    assert json.loads(shown.out)["targets"][0]["api_key"] == "$OPENAI_API_KEY"
