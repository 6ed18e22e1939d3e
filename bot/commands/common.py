"""What the commands share: options, the deployment that they work on, and running asynchronous work."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from bot.deployment import Deployment

Result = TypeVar("Result")

ENV_FILE = click.option(
    "--env-file", type=click.Path(path_type=Path), help="Read this file into the environment, whose own variables go first."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
SUPERVISED = click.option("--supervised", is_flag=True, hidden=True, help="End when the standard input closes.")
QUIET = click.option("--quiet", is_flag=True, hidden=True, help="Log errors alone.")


def deployment_of(env_file: Path | None) -> "Deployment":
    """Read and check settings and policy. Raises SettingsError or PolicyError with one line."""
    from bot.deployment import read_deployment

    read_env_file(env_file)
    return read_deployment(os.environ)


def read_env_file(env_file: Path | None) -> None:
    """Add an env file, where one is named, to the environment. Raises SettingsError."""
    from bot.config import add_env_file

    if env_file:
        add_env_file(env_file)


def run(work: Callable[[], Coroutine[None, None, Result]]) -> Result:
    """Run something asynchronous to its end."""
    return asyncio.run(work())
