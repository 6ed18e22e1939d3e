"""The `switchboard` command. Each command imports what it needs when it runs, so that `--help` answers at once."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from bot.app import Deployment

Result = TypeVar("Result")

MISUSED = 2
JSON_HELP = "Print JSON."
ENV_FILE = click.option(
    "--env-file", type=click.Path(path_type=Path), help="Read this file into the environment, whose own variables go first."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
SUPERVISED = click.option("--supervised", is_flag=True, hidden=True, help="End when the standard input closes.")
QUIET = click.option("--quiet", is_flag=True, hidden=True, help="Log errors alone.")


def main() -> None:
    """Run the command: 0 fine, 1 the check failed, 2 wrong use or configuration, with one line and never a traceback."""
    try:
        status = cli(prog_name="switchboard", standalone_mode=False)
    except click.ClickException as error:
        click.echo(_misuse(error), err=True)
        status = MISUSED
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except Exception as error:
        from bot.errors import one_line

        said, status = one_line(error)
        click.echo(f"Error: {said}", err=True)
        if os.environ.get("SWITCHBOARD_DEBUG"):
            raise
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="switchboard")
def cli() -> None:
    """Answer network questions in chat from the cheapest source that can answer them well."""


@cli.command()
@click.option("--script", is_flag=True, help="Play a short conversation in the terminal and end.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen here; by default on a free port.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Keep the data in this folder; by default in a temporary one."
)
def demo(*, script: bool, port: int, data: Path | None) -> int:
    """Run everything on this machine: no account, no key, simulated models."""
    from bot.demo.run import run_demo, run_script

    return _run(lambda: run_script(data) if script else run_demo(data, port))


@cli.command()
@click.option("--simulated", is_flag=True, help="Use the simulated models: no account, no key.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def init(*, folder: Path, simulated: bool, force: bool) -> int:
    """Write a commented policy and an example of the environment."""
    from bot.setup import write_files

    policy, env = write_files(folder, simulated=simulated, force=force)
    click.echo(f"wrote {policy}\nwrote {env}")
    click.echo(f"Next: put your secrets into {env}, then `switchboard check --env-file {env}`.")
    return 0


@cli.command()
@ENV_FILE
@AS_JSON
def check(*, env_file: Path | None, as_json: bool) -> int:
    """Validate policy, secrets and stores, and say what to fix."""
    from bot.check import check_all, render

    _read_env_file(env_file)
    report = _run(lambda: check_all(os.environ))
    click.echo(render(report, as_json=as_json))
    return 0 if report.fine else 1


@cli.command()
@ENV_FILE
@click.option("--workers", type=click.IntRange(0, 64), default=1, help="How many worker processes; 0 runs the ingress alone.")
def serve(*, env_file: Path | None, workers: int) -> int:
    """Run the ingress and the workers."""
    from bot.processes import run_serve

    deployment = _deployment(env_file)
    return _run(lambda: run_serve(deployment, workers))


@cli.command(hidden=True)
@ENV_FILE
@SUPERVISED
@QUIET
@click.option("--demo", is_flag=True, hidden=True)
def ingress(*, env_file: Path | None, supervised: bool, quiet: bool, demo: bool) -> int:
    """Run the ingress in this process."""
    from bot.processes import run_ingress

    deployment = _deployment(env_file)
    return _run(lambda: run_ingress(deployment, supervised=supervised, demo=demo, quiet=quiet))


@cli.command()
@ENV_FILE
@SUPERVISED
@QUIET
@click.option("--name", default="", help="A name that stays the same when this worker is started again, unique among the workers.")
def worker(*, env_file: Path | None, supervised: bool, quiet: bool, name: str) -> int:
    """Run one worker in this process."""
    from bot.processes import run_worker

    deployment = _deployment(env_file)
    return _run(lambda: run_worker(deployment, owner=name, supervised=supervised, quiet=quiet))


@cli.command()
@ENV_FILE
def migrate(*, env_file: Path | None) -> int:
    """Bring the database to this version's schema."""
    from bot.processes import run_migrate

    deployment = _deployment(env_file)
    click.echo(_run(lambda: run_migrate(deployment)))
    return 0


@cli.command()
@ENV_FILE
@AS_JSON
@click.argument("text")
def ask(*, text: str, env_file: Path | None, as_json: bool) -> int:
    """Ask one question in the terminal."""
    from bot.app import ask as ask_once
    from bot.reports import render_answer

    if not text.strip():
        raise click.UsageError("TEXT is empty")
    deployment = _deployment(env_file)
    record = _run(lambda: ask_once(deployment, text))
    rendered = render_answer(record, as_json=as_json)
    click.echo(rendered.text)
    return 0 if rendered.answered else 1


@cli.command()
@ENV_FILE
@AS_JSON
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many, newest first.")
def flags(*, env_file: Path | None, as_json: bool, limit: int) -> int:
    """List the flags that stand, with what they are about."""
    from bot.reports import read_flags

    deployment = _deployment(env_file)
    click.echo(_run(lambda: read_flags(deployment, limit, as_json=as_json)))
    return 0


@cli.command()
@ENV_FILE
@AS_JSON
@click.option("--score", is_flag=True, help="Compare with the labels in the file (tier, volatility), and print the error rates.")
@click.argument("questions", type=click.File(encoding="utf-8"))
def explain(*, questions: TextIO, env_file: Path | None, score: bool, as_json: bool) -> int:
    """Tell the tier and volatility of each question, and why, without calling a model: JSON lines in, JSON lines out."""
    from bot.explain import explain_lines, render, to_json
    from bot.explain import score as score_rows

    routing = _deployment(env_file).policy.routing
    if score:
        scored = score_rows(questions, routing)
        click.echo(to_json(scored) if as_json else render(scored))
    else:
        for line in explain_lines(questions, routing):
            click.echo(line)
    return 0


@cli.command()
@click.argument("platform", type=click.Choice(["slack"]))
@click.option("--url", help="The public address of this deployment, such as https://ops.example.com.")
@click.option("--socket-mode", is_flag=True, help="For Socket Mode: no public address is needed.")
@AS_JSON
def manifest(*, platform: str, url: str | None, socket_mode: bool, as_json: bool) -> int:
    """Print the app manifest, filled in and validated."""
    from bot.app import slack_manifest_text

    del platform
    click.echo(slack_manifest_text(url, socket_mode=socket_mode, as_json=as_json), nl=False)
    return 0


@cli.command()
@AS_JSON
@click.option("--rate", type=click.FloatRange(1, 500), default=50.0, help="Events a second.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=20.0, help="For how long.")
def bench(*, as_json: bool, rate: float, seconds: float) -> int:
    """Measure this machine: the acknowledgement of Slack events while a worker is busy, and answers a second."""
    from bot.bench.run import render, run_bench

    measured = _run(lambda: run_bench(rate, seconds))
    click.echo(render(measured, as_json=as_json))
    return 0


def _deployment(env_file: Path | None) -> "Deployment":
    from bot.app import read_deployment

    _read_env_file(env_file)
    return read_deployment(os.environ)


def _read_env_file(env_file: Path | None) -> None:
    from bot.config import add_env_file

    if env_file:
        add_env_file(env_file)


def _misuse(error: click.ClickException) -> str:
    """Return click's message on one line; the whole help for a command without arguments."""
    said = error.format_message()
    return said if isinstance(error, click.exceptions.NoArgsIsHelpError) else f"Error: {' '.join(said.split())}"


def _run(work: Callable[[], Coroutine[None, None, Result]]) -> Result:
    return asyncio.run(work())


if __name__ == "__main__":
    main()
