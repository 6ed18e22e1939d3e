"""Settings come from the environment, and an unusable one is refused in one line that names its variable."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings, SettingsError, add_env_file, load_settings
from router.policy import SHIPPED

SLACK = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_SIGNING_SECRET": "sign-secret"}


def refusal(**environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    said = str(refused.value)
    assert "\n" not in said
    return said


def test_an_empty_environment_means_this_machine_alone() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.policy) == ("127.0.0.1", 3978, SHIPPED)
    assert settings.store_url == "sqlite:///switchboard-data/switchboard.sqlite3"
    assert not settings.has_slack


def test_each_variable_reaches_its_setting() -> None:
    places = {"SWITCHBOARD_POLICY": "p.toml", "SWITCHBOARD_HOST": "::1", "SWITCHBOARD_PORT": "8080", "SWITCHBOARD_DATA": "d"}
    settings = load_settings(places | SLACK | {"SLACK_APP_TOKEN": "xapp-secret", "SLACK_API_URL": "http://127.0.0.1:1/api/"})
    assert (settings.policy, settings.host, settings.port, settings.data) == (Path("p.toml"), "::1", 8080, Path("d"))
    secrets = (settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token)
    assert [secret and secret.get_secret_value() for secret in secrets] == ["xoxb-secret", "sign-secret", "xapp-secret"]
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
    assert settings.has_slack


def test_a_named_database_goes_before_the_data_folder() -> None:
    assert load_settings({"DATABASE_URL": "postgresql://h/n", "SWITCHBOARD_DATA": "d"}).store_url == "postgresql://h/n"


def test_only_the_documented_names_are_read() -> None:
    assert load_settings({"host": "0.0.0.0", "port": "x", "data": "elsewhere", "policy": "other"}) == Settings()  # noqa: S104 (not bound)


def test_secrets_are_not_shown_with_the_settings() -> None:
    settings = load_settings(SLACK | {"SLACK_APP_TOKEN": "xapp-secret"})
    assert "secret" not in f"{settings!r}{settings}".replace("slack_signing_secret", "")


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_slack_secret_is_refused(name: str, value: str) -> None:
    assert refusal(**SLACK | {name: value}) == f"{name} is empty: give it its value from the Slack app's page, or unset it"


def test_a_bot_token_alone_is_refused_with_what_else_is_needed() -> None:
    said = refusal(SLACK_BOT_TOKEN="x")
    assert said == "SLACK_BOT_TOKEN is set, so SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode) must be too"


@pytest.mark.parametrize("name", ["SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"])
def test_the_other_slack_secrets_need_the_bot_token(name: str) -> None:
    assert refusal(**{name: "x"}) == "SLACK_BOT_TOKEN is missing beside the other Slack secrets"


@pytest.mark.parametrize("name", ["SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"])
def test_one_way_in_is_enough_for_slack(name: str) -> None:
    assert load_settings({"SLACK_BOT_TOKEN": "x", name: "y"}).has_slack


def test_a_refusal_does_not_repeat_the_value() -> None:
    assert "hunter2" not in refusal(SWITCHBOARD_PORT="hunter2")


@pytest.mark.parametrize("name", ["SWITCHBOARD_HOST", "SWITCHBOARD_POLICY", "SWITCHBOARD_DATA", "DATABASE_URL"])
def test_a_variable_that_is_set_to_nothing_is_not_set(name: str) -> None:
    assert load_settings({name: ""}) == load_settings({})


@given(st.integers())
def test_a_port_is_taken_exactly_when_it_can_be_one(port: int) -> None:
    if 0 <= port <= 65535:
        assert load_settings({"SWITCHBOARD_PORT": str(port)}).port == port
    else:
        assert refusal(SWITCHBOARD_PORT=str(port)).startswith("SWITCHBOARD_PORT: ")


@given(st.dictionaries(st.sampled_from([*SLACK, "SWITCHBOARD_PORT", "SWITCHBOARD_HOST", "DATABASE_URL", "OTHER"]), st.text()))
def test_any_environment_is_read_or_refused_in_one_line(environ: dict[str, str]) -> None:
    try:
        assert load_settings(environ).host
    except SettingsError as refused:
        assert len(str(refused).splitlines()) == 1  # noqa: PT017 (both ends are fine; only another error is not)


def test_an_env_file_adds_to_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_HOST", "to be undone")
    monkeypatch.delenv("SWITCHBOARD_HOST")
    path = tmp_path / "own.env"
    path.write_text("# a comment\nSWITCHBOARD_HOST=::1\n", encoding="utf-8")
    add_env_file(path)
    assert load_settings(_environ()).host == "::1"


def test_the_process_s_own_variables_go_before_those_of_an_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_HOST", "::1")
    path = tmp_path / "own.env"
    path.write_text("SWITCHBOARD_HOST=127.0.0.9\n", encoding="utf-8")
    add_env_file(path)
    assert load_settings(_environ()).host == "::1"


@pytest.mark.parametrize(("content", "said"), [(None, "no such env file"), (b"A=\xff\n", "not UTF-8 text")])
def test_an_env_file_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "own.env"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        add_env_file(path)
    assert str(refused.value) == f"{path}: {said}"


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("SWITCHBOARD_")}
