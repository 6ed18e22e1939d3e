"""`switchboard init` writes what the other commands can use, and overwrites nothing unasked."""

import re
import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.config import Settings, SettingsError
from bot.setup import ENV_FILE, ENVIRONMENT, POLICY_FILE, policy_text, write_files
from router.policy import SHIPPED, load_policy, parse_policy

PROVIDERS = {"OPENAI_API_KEY", "ANTHROPIC_API_KEY"}


def test_the_written_policy_is_the_shipped_one_with_its_comments(tmp_path: Path) -> None:
    policy, _ = write_files(tmp_path, simulated=False, force=False)
    assert policy.read_text(encoding="utf-8") == SHIPPED.read_text(encoding="utf-8")


def test_the_simulated_policy_differs_in_its_models_and_the_chat_page_alone() -> None:
    real, simulated = load_policy(SHIPPED), parse_policy(policy_text(simulated=True), "simulated")
    assert [target.model for target in simulated.targets()] == ["simulated/small", "simulated/frontier"]
    assert simulated.web.enabled
    assert simulated.model_copy(update={"tiers": real.tiers, "web": real.web}) == real


def test_the_env_file_names_the_policy_that_was_written(tmp_path: Path) -> None:
    policy, env = write_files(tmp_path / "made" / "for it", simulated=False, force=False)
    assert dotenv_values(env) == {"SWITCHBOARD_POLICY": str(policy)}


def test_the_env_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    _, env = write_files(tmp_path, simulated=False, force=False)
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_every_variable_in_the_env_file_is_one_that_is_read() -> None:
    read = {field.alias for field in Settings.model_fields.values()} | PROVIDERS
    named = re.findall(r"^(?:# )?([A-Z_]+)=", ENVIRONMENT, re.MULTILINE)
    assert len(named) > 5
    assert set(named) - read == set()


@pytest.mark.parametrize("name", [POLICY_FILE, ENV_FILE])
def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        write_files(tmp_path, simulated=False, force=False)
    assert str(refused.value) == f"{tmp_path / name} is there already; --force overwrites it"
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_force_overwrites_both_files(tmp_path: Path) -> None:
    for name in (POLICY_FILE, ENV_FILE):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    written = write_files(tmp_path, simulated=True, force=True)
    assert all(path.read_text(encoding="utf-8") != "mine" for path in written)


def test_a_folder_that_cannot_be_made_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(f"{tmp_path / 'file' / 'sub'}: Not a directory")):
        write_files(tmp_path / "file" / "sub", simulated=False, force=False)
