"""Commands on money and on what is allowed: costs, pause, resume, status."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run

DAY = click.DateTime(formats=["%Y-%m-%d"])
DAYS = 30
BY = ("day", "tier", "model", "channel", "user", "tenant")


@click.command()
@ENV_FILE
@AS_JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--since", type=DAY, help=f"The first day (UTC); by default {DAYS} days before the last.")
@click.option("--until", type=DAY, help="The last day (UTC); by default today.")
@click.option("--by", type=click.Choice(BY), default="day", help="What the lines are for.")
def costs(*, env_file: Path | None, since: datetime | None, until: datetime | None, by: str, as_json: bool, as_csv: bool) -> int:
    """Report what was asked and spent, what the cache saved, and what the frontier model alone would have cost."""
    from bot.costs import render, run_costs, to_csv, to_json
    from bot.store.costs import By

    if as_json and as_csv:
        raise click.UsageError("choose one of --json and --csv")
    last = until or datetime.now(UTC)
    first = since or last - timedelta(days=DAYS)
    if first.date() > last.date():
        raise click.UsageError(f"--since {first.date()} is after --until {last.date()}")
    deployment = deployment_of(env_file)
    report = run(lambda: run_costs(deployment, first.date(), last.date(), By(by)))
    click.echo(to_json(report) if as_json else to_csv(report) if as_csv else render(report))
    return 0


@click.command()
@ENV_FILE
@click.option("--reason", default="", help="Why: people and operators are told.")
@click.argument("tier", type=click.Choice(["frontier"]), metavar="frontier")
def pause(*, tier: str, env_file: Path | None, reason: str) -> int:
    """Stop calling the frontier model, in every worker, from the next call on."""
    from bot.status import run_pause
    from bot.status_texts import PAUSED
    from router.types import Tier

    deployment = deployment_of(env_file)
    run(lambda: run_pause(deployment, Tier(tier), " ".join(reason.split())))
    click.echo(PAUSED.format(tier=tier))
    return 0


@click.command()
@ENV_FILE
@click.argument("tier", type=click.Choice(["frontier"]), metavar="frontier")
def resume(*, tier: str, env_file: Path | None) -> int:
    """Let the frontier model be called again."""
    from bot.status import run_resume
    from bot.status_texts import NOT_PAUSED, RESUMED
    from router.types import Tier

    deployment = deployment_of(env_file)
    was_paused = run(lambda: run_resume(deployment, Tier(tier)))
    click.echo((RESUMED if was_paused else NOT_PAUSED).format(tier=tier))
    return 0


@click.command()
@ENV_FILE
@AS_JSON
def status(*, env_file: Path | None, as_json: bool) -> int:
    """Tell how it is: tiers, spending against caps, the inbox, flags, workers."""
    from bot.status import run_status
    from bot.status_texts import render, to_json

    deployment = deployment_of(env_file)
    found = run(lambda: run_status(deployment))
    click.echo(to_json(found) if as_json else render(found))
    return 0
