"""Commands that ask, explain and show flags."""

from pathlib import Path
from typing import TextIO

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run


@click.command()
@ENV_FILE
@AS_JSON
@click.argument("text")
def ask(*, text: str, env_file: Path | None, as_json: bool) -> int:
    """Ask one question in the terminal."""
    from bot.app import ask as ask_once
    from bot.reports import render_answer

    if not text.strip():
        raise click.UsageError("TEXT is empty")
    deployment = deployment_of(env_file)
    record = run(lambda: ask_once(deployment, text))
    rendered = render_answer(record, as_json=as_json)
    click.echo(rendered.text)
    return 0 if rendered.answered else 1


@click.command()
@ENV_FILE
@AS_JSON
@click.option("--score", is_flag=True, help="Compare with the labels in the file (tier, volatility), and print the error rates.")
@click.argument("questions", type=click.File(encoding="utf-8"))
def explain(*, questions: TextIO, env_file: Path | None, score: bool, as_json: bool) -> int:
    """Tell the tier and volatility of each question, and why, without calling a model: JSON lines in, JSON lines out."""
    from bot.explain import explain_lines, render, to_json
    from bot.explain import score as score_rows

    routing = deployment_of(env_file).policy.routing
    if score:
        scored = score_rows(questions, routing)
        click.echo(to_json(scored) if as_json else render(scored))
    else:
        for line in explain_lines(questions, routing):
            click.echo(line)
    return 0


@click.command()
@ENV_FILE
@AS_JSON
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many, newest first.")
def flags(*, env_file: Path | None, as_json: bool, limit: int) -> int:
    """List the flags that stand, with what they are about."""
    from bot.reports import read_flags

    deployment = deployment_of(env_file)
    click.echo(run(lambda: read_flags(deployment, limit, as_json=as_json)))
    return 0
