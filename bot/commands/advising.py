"""The command `advise`."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run

if TYPE_CHECKING:
    from bot.deployment import Deployment
    from bot.evals.advise import Advised
    from bot.evals.advising import Logs

NOTHING = "no question was asked here yet: name an export of old ones with --from"


@click.command()
@ENV_FILE
@AS_JSON
@click.option(
    "--from", "old", type=click.File(encoding="utf-8"), help='Old questions instead of the logs: {"id", "at", "user", "channel", "text"}.'
)
@click.option("--worth", type=click.FloatRange(0, min_open=True), default=100.0, help="US dollars a month that a saving must be worth.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=5000, help="How many questions of the logs, newest first.")
def advise(*, env_file: Path | None, old: TextIO | None, worth: float, limit: int, as_json: bool) -> int:
    """Tell whether to route and to cache on this traffic: what either saves a month, or at what volume to look again."""
    from rich.console import Console

    from bot.evals.render_advice import advice_json, render_advice
    from bot.processes import log_to_stderr

    log_to_stderr(quiet=True)  # before WordLlama's import, which would turn on everybody's log
    deployment = deployment_of(env_file)
    with Console(stderr=True).status("Reading…") as status:
        advised = run(lambda: _advise(deployment, old, Decimal(str(worth)), limit, lambda done: status.update(f"{done:,} questions…")))
    click.echo(advice_json(advised) if as_json else render_advice(advised))
    return 0


async def _advise(deployment: "Deployment", old: TextIO | None, worth: Decimal, limit: int, report: Callable[[int], None]) -> "Advised":
    from bot.evals.advising import advise_on
    from bot.replay.rows import read_rows

    logs = None if old else await _read(deployment, limit)
    rows = read_rows(old) if old else logs.rows if logs else ()
    if not rows:
        raise click.UsageError(NOTHING)
    return await advise_on(rows, deployment.policy, worth, report, logs)


async def _read(deployment: "Deployment", limit: int) -> "Logs":
    from bot.deployment import open_store, utc_now
    from bot.evals.advising import read_logs

    async with open_store(deployment.settings) as store:
        return await read_logs(store, deployment.policy, utc_now, limit)
