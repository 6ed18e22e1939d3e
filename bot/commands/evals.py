"""Commands of the evals: sample, review, report."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run

if TYPE_CHECKING:
    from bot.deployment import Deployment
    from bot.evals.report import Report

WEEK = click.option("--week", help="An ISO week, such as 2026-W48.")
WEEKS = click.option("--weeks", type=click.IntRange(1, 520), default=8, help="How many weeks back, the running one included.")


@click.group("eval")
def evals() -> None:
    """Grade a weekly sample of the answers, and see what follows from it."""


@evals.command()
@ENV_FILE
@AS_JSON
@click.option("--week", is_flag=False, flag_value="", default="", help="An ISO week; by default the last complete one that has answers.")
def sample(*, env_file: Path | None, week: str, as_json: bool) -> int:
    """Draw the week's answers for review: once, however often this runs."""
    import json
    from dataclasses import asdict

    from bot.deployment import open_store, utc_now
    from bot.evals.drawing import draw_latest, draw_week
    from bot.store.samples import Week

    deployment = deployment_of(env_file)

    async def draw() -> Week:
        async with open_store(deployment.settings) as store:
            policy = deployment.policy.evals
            return await (draw_week(store.samples, policy, week) if week else draw_latest(store.samples, policy, utc_now))

    drawn = run(draw)
    added = f"{drawn.flagged} added for their flags, {drawn.audited} audited hits"
    said = f"{drawn.week}: {drawn.drawn} of {drawn.answers:,} answers drawn, {added}."
    click.echo(json.dumps(asdict(drawn), default=str) if as_json else said)
    return 0


@evals.command()
@ENV_FILE
@WEEK
@click.option("--as", "reviewer", default=getpass.getuser, help="Who reviews; by default this machine's user.")
def review(*, env_file: Path | None, week: str | None, reviewer: str) -> int:
    """Grade the sampled answers, one key each."""
    from bot.deployment import open_store, utc_now
    from bot.evals.review import LEFT, Console
    from bot.evals.review import review as review_answers
    from bot.evals.weeks import bounds

    if week:
        bounds(week)
    deployment = deployment_of(env_file)

    async def grade() -> None:
        async with open_store(deployment.settings) as store:
            await review_answers(store.reviews, reviewer, Console(click.echo, _key, _line), utc_now, week=week or "")
            for drawn in (await store.samples.weeks(week or ""))[:1]:
                progress = await store.reviews.progress(drawn.week)
                click.echo(LEFT.format(left=progress.left, all=progress.sampled + progress.added, week=drawn.week))

    run(grade)
    return 0


@evals.command()
@ENV_FILE
@AS_JSON
@WEEK
@WEEKS
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the rates into this PNG file.")
def report(*, env_file: Path | None, week: str | None, weeks: int, plot: Path | None, as_json: bool) -> int:
    """Tell the acceptable rate by tier, kind and week, the flags, the false hits of the cache, and what an acceptable answer costs."""
    from bot.evals.render_report import render, to_json

    made = _read_report(deployment_of(env_file), week, weeks)
    if plot:
        from bot.plots import write_report

        write_report(made, plot)
    click.echo(to_json(made) if as_json else render(made))
    return 0


@evals.command()
@ENV_FILE
@click.option("--post", is_flag=True, help="Post it in the policy's channel, with its picture.")
def digest(*, env_file: Path | None, post: bool) -> int:
    """Tell the last four weeks in three lines, as the worker posts them with a picture on Mondays."""
    from bot.evals.render_report import digest as lines_of

    deployment = deployment_of(env_file)
    if post:
        from bot.app.evals import post_digest

        run(lambda: post_digest(deployment))
    click.echo("\n".join(lines_of(_read_report(deployment, None, 4))))
    return 0


@evals.command()
@AS_JSON
@click.option("--seeds", type=click.IntRange(1, 10_000), default=200, help="How many months.")
def simulate(*, seeds: int, as_json: bool) -> int:
    """Play months of 20,000 questions, with reviewers who err and flaggers who favour, to see whether intervals and tuning hold."""
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import Progress

    from bot.evals.month import render
    from bot.evals.month import simulate as play

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Playing months…", total=seeds)
        months = play(seeds, lambda done: progress.update(bar, completed=done))
    told = {"months": seeds, "coverage": months.coverage, "proposed": months.proposed, "harmed": months.harmed}
    click.echo(json.dumps(told | {"each": [asdict(month) for month in months.months]}, indent=2) if as_json else render(months))
    return 0


def _key(said: str) -> str:
    """Ask for one key; where nobody sits at a terminal, for a line that begins with it, and the end of the input means to quit."""
    click.echo(said)
    return click.getchar() if sys.stdin.isatty() else sys.stdin.readline()[:1] or "q"


def _line(said: str) -> str:
    click.echo(f"{said}: ", nl=False)
    return sys.stdin.readline().strip()


def _read_report(deployment: "Deployment", week: str | None, weeks: int) -> "Report":
    from bot.deployment import open_store, utc_now
    from bot.evals.reading import Span, last_weeks, read_report

    span = Span(week, week) if week else last_weeks(utc_now(), weeks)

    async def read() -> "Report":
        async with open_store(deployment.settings) as store:
            return await read_report(store.database, span, deployment.policy.evals)

    return run(read)
