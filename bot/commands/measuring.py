"""Commands that measure."""

import logging
from pathlib import Path
from typing import TextIO

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run


@click.command()
@AS_JSON
@click.option("--rate", type=click.FloatRange(1, 500), default=50.0, help="Events a second.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=20.0, help="For how long.")
@click.option("--entries", type=click.IntRange(10, 100_000), default=100_000, help="The most answers in the cache that is looked up in.")
@click.option("--platform", type=click.Choice(["slack", "teams"]), default="slack", help="Whose events are sent.")
@click.option("--gateway", default="", metavar="URL", help="Measure what this Portkey gateway adds; it must reach this machine's loopback.")
@click.option("--questions", type=click.IntRange(10, 1_000_000), default=100_000, help="How many the dashboard is measured among.")
@click.option("--database", default="", help="An empty PostgreSQL database for the dashboard's questions; by default a SQLite file.")
@click.argument("part", type=click.Choice(["all", "ack", "lookup", "fallback", "dashboard"]), default="all")
def bench(
    *,
    part: str,
    platform: str,
    as_json: bool,
    rate: float,
    seconds: float,
    entries: int,
    gateway: str,
    questions: int,
    database: str,
) -> int:
    """Measure this machine: acknowledgements while a worker is busy, answers a second, look-ups in the cache, falling back, the dashboard.

    Takes some minutes.
    """
    from rich.console import Console

    logging.basicConfig(level=logging.WARNING)  # before WordLlama's import, which would set it to INFO

    from bot.bench.dashboard import run_dashboard
    from bot.bench.fallback import run_fallback
    from bot.bench.lookup import run_lookup
    from bot.bench.report import render, to_json
    from bot.bench.run import run_bench

    with Console(stderr=True).status("Starting…") as status:

        def report(doing: str) -> None:
            status.update(f"{doing[:1].upper()}{doing[1:]}…")

        report("sending events")
        acks = run(lambda: run_bench(rate, seconds, platform)) if part in ("all", "ack") else None
        looked = run(lambda: run_lookup(entries, report)) if part in ("all", "lookup") else None
        fell = run(lambda: run_fallback(gateway, report)) if part in ("all", "fallback") else None
        pages = run(lambda: run_dashboard(questions, database, report)) if part in ("all", "dashboard") else None
    click.echo(to_json(acks, looked, fell, pages) if as_json else render(acks, looked, fell, pages))
    return 0


@click.command()
@ENV_FILE
@AS_JSON
@click.option("--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Write the report into this folder.")
@click.argument("traffic", type=click.File(encoding="utf-8"), metavar="FILE")
def replay(*, traffic: TextIO, folder: Path, env_file: Path | None, as_json: bool) -> int:
    """Run recorded questions through this deployment's routing and cache, over simulated models, by the questions' own clock."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.processes import log_to_stderr

    log_to_stderr()  # before WordLlama's import, which would turn on everybody's log
    from bot.replay.report import render, to_json, write_report
    from bot.replay.rows import read_rows
    from bot.replay.run import replay as replay_rows

    policy = deployment_of(env_file).policy
    rows = read_rows(traffic)
    folder.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Replaying…", total=len(rows))
        done, summary = run(lambda: replay_rows(rows, policy, lambda count: progress.update(bar, completed=count)))
    write_report(folder, done, summary)
    click.echo(to_json(summary) if as_json else render(summary))
    return 0
