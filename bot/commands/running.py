"""Commands that run something: demo, serve, ingress, worker, migrate."""

from pathlib import Path

import click

from bot.commands.common import ENV_FILE, QUIET, SUPERVISED, deployment_of, run


@click.command()
@click.option("--script", is_flag=True, help="Play a short conversation in the terminal and end.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen here; by default on a free port.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Keep the data in this folder; by default in a temporary one."
)
def demo(*, script: bool, port: int, data: Path | None) -> int:
    """Run everything on this machine: no account, no key, simulated models."""
    from bot.demo.run import run_demo, run_script

    return run(lambda: run_script(data) if script else run_demo(data, port))


@click.command()
@ENV_FILE
@click.option("--workers", type=click.IntRange(0, 64), default=1, help="How many worker processes; 0 runs the ingress alone.")
def serve(*, env_file: Path | None, workers: int) -> int:
    """Run the ingress and the workers."""
    from bot.processes import run_serve

    deployment = deployment_of(env_file)
    return run(lambda: run_serve(deployment, workers))


@click.command(hidden=True)
@ENV_FILE
@SUPERVISED
@QUIET
@click.option("--demo", is_flag=True, hidden=True)
def ingress(*, env_file: Path | None, supervised: bool, quiet: bool, demo: bool) -> int:
    """Run the ingress in this process."""
    from bot.processes import run_ingress

    deployment = deployment_of(env_file)
    return run(lambda: run_ingress(deployment, supervised=supervised, demo=demo, quiet=quiet))


@click.command()
@ENV_FILE
@SUPERVISED
@QUIET
@click.option("--name", default="", help="A name that stays the same when this worker is started again, unique among the workers.")
def worker(*, env_file: Path | None, supervised: bool, quiet: bool, name: str) -> int:
    """Run one worker in this process."""
    from bot.processes import run_worker

    deployment = deployment_of(env_file)
    return run(lambda: run_worker(deployment, owner=name, supervised=supervised, quiet=quiet))


@click.command()
@ENV_FILE
def migrate(*, env_file: Path | None) -> int:
    """Bring the database to this version's schema."""
    from bot.processes import run_migrate

    deployment = deployment_of(env_file)
    click.echo(run(lambda: run_migrate(deployment)))
    return 0
