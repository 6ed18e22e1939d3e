"""What the README shows works."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from bot.cli import cli
from bot.config import Settings
from router.policy import parse_policy
from router.types import Tier

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_policy_in_the_readme_is_a_policy() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    policy = parse_policy(example, "README.md")
    assert [target.model for target in policy.tiers.of(Tier.FRONTIER).targets] == ["anthropic/claude-opus-4-5", "openai/gpt-5.1"]


def test_every_command_in_the_readme_exists_and_every_command_is_in_the_readme() -> None:
    named = set(re.findall(r"switchboard ([a-z]+)\b", README)) | {"check", "worker", "migrate", "reindex"}
    visible = {name for name, command in cli.commands.items() if not command.hidden}
    assert named == visible


def test_every_option_in_the_readme_exists() -> None:
    help_texts = "".join(helps(cli, []))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--kills"}
    assert {option for option in named if option not in help_texts} == set()


def helps(command: click.Command, path: list[str]) -> Iterator[str]:
    """Return the help of a command and of all below it."""
    yield CliRunner().invoke(cli, [*path, "--help"]).output
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from helps(below, [*path, name])


def test_the_settings_in_the_readme_are_the_settings() -> None:
    (line,) = re.findall(r"^- Settings: .*?(?=^- )", README, re.DOTALL | re.MULTILINE)
    aliases = {field.alias for field in Settings.model_fields.values()}
    assert set(re.findall(r"`([A-Z_]+)`", line)) == aliases
