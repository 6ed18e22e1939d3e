"""Which token opens the dashboard: the one that is set, the data folder's on loopback, none elsewhere."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings, SettingsError, load_settings
from bot.dashboard.keys import TOKEN_FILE, admin_token

TOKEN = "0123456789abcdef0123456789abcdef"


def settings(folder: Path, host: str = "127.0.0.1", **more: str) -> Settings:
    return load_settings({"SWITCHBOARD_DATA": str(folder), "SWITCHBOARD_HOST": host} | more)


def test_the_token_that_is_set_opens_it_wherever_it_listens(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 (nothing listens here)
        assert admin_token(settings(tmp_path, host, SWITCHBOARD_ADMIN_TOKEN=f" {TOKEN}\n")) == TOKEN
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("token", ["", " ", TOKEN[:-1], TOKEN[:-1] + " "])
def test_a_token_that_could_be_guessed_is_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(SettingsError, match="SWITCHBOARD_ADMIN_TOKEN must have at least 32 bytes"):
        settings(tmp_path, SWITCHBOARD_ADMIN_TOKEN=token)


def test_on_loopback_a_token_is_made_once_that_only_its_owner_can_read(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        made = admin_token(settings(tmp_path / "data", host))
        assert made == admin_token(settings(tmp_path / "data"))
        assert made is not None
        assert len(made) >= 32
    (file,) = (tmp_path / "data").iterdir()
    assert (file.name, oct(file.stat().st_mode & 0o777)) == (TOKEN_FILE, "0o600")


def test_two_folders_have_two_tokens(tmp_path: Path) -> None:
    assert admin_token(settings(tmp_path / "a")) != admin_token(settings(tmp_path / "b"))


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "ops.example.com"])  # noqa: S104 (nothing listens here)
def test_beyond_loopback_there_is_no_dashboard_without_a_token(tmp_path: Path, host: str) -> None:
    assert admin_token(settings(tmp_path, host)) is None
    assert not list(tmp_path.iterdir())


def test_a_token_file_that_is_too_short_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / TOKEN_FILE).write_text("short\n", encoding="ascii")
    with pytest.raises(SettingsError, match="admin-token: an admin token has at least 32 bytes"):
        admin_token(settings(tmp_path))


def test_the_token_is_not_shown_where_settings_are(tmp_path: Path) -> None:
    shown = settings(tmp_path, SWITCHBOARD_ADMIN_TOKEN=TOKEN)
    assert isinstance(shown.admin_token, SecretStr)
    assert TOKEN not in repr(shown)
