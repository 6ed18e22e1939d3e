"""Commands of the semantic cache."""

from pathlib import Path
from typing import TextIO

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run


@click.command()
@ENV_FILE
def reindex(*, env_file: Path | None) -> int:
    """Build the vector index anew from the database, here or in the worker that owns it."""
    from rich.console import Console

    from bot.forgetting import run_reindex

    deployment = deployment_of(env_file)
    with Console(stderr=True).status("Reading the answers…") as status:
        done = run(lambda: run_reindex(deployment, lambda count: status.update(f"{count:,} answers indexed…")))
    click.echo(f"{done:,} answers are indexed.")
    return 0


@click.command()
@ENV_FILE
@click.option("--user", help="Delete everything that is kept of this person.")
@click.option("--answer", help="Do not serve this answer again (the id that its message shows).")
@click.option("--entity", help="Do not serve answers about this again: a device, prefix, interface, ticket.")
@click.option("--tag", help="Do not serve answers with this tag again: channel:ID, model:NAME, tier:NAME, volatility:NAME.")
@click.option("--everything", is_flag=True, help="Serve none of the earlier answers again.")
def forget(*, env_file: Path | None, user: str | None, answer: str | None, entity: str | None, tag: str | None, everything: bool) -> int:
    """Delete a person's data, or take answers out of the cache."""
    from bot.forgetting import Forgetting, run_forget

    named = [value for value in (user, answer, entity, tag) if value is not None]
    if len(named) + everything != 1 or not all(value.strip() for value in named):
        raise click.UsageError("name one of --user, --answer, --entity, --tag and --everything")
    deployment = deployment_of(env_file)
    click.echo(run(lambda: run_forget(deployment, Forgetting(user or "", answer or "", entity or "", tag or "", everything))))
    return 0


@click.command()
@ENV_FILE
@AS_JSON
@click.option("--tolerance", type=click.FloatRange(0, 1, min_open=True), default=0.01, help="The share of near misses that may be served.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the curves into this PNG file.")
@click.argument("pairs", type=click.File(encoding="utf-8"))
def calibrate(*, pairs: TextIO, env_file: Path | None, tolerance: float, plot: Path | None, as_json: bool) -> int:
    """Find the similarity that the policy's embedder should be held to, on pairs of questions: {"id", "a", "b", "same_answer"}."""
    from bot.calibrate import calibrate as calibrate_on
    from bot.calibrate import render, to_json
    from bot.memory import make_embedder

    policy = deployment_of(env_file).policy
    embedder = make_embedder(policy)
    in_use = embedder.threshold if policy.cache.similarity is None else policy.cache.similarity
    calibration = run(lambda: calibrate_on(pairs, embedder, in_use, tolerance))
    if plot:
        from bot.plots import write_calibration

        write_calibration(calibration, plot)
    click.echo(to_json(calibration) if as_json else render(calibration))
    return 0


@click.command()
@ENV_FILE
@AS_JSON
@click.option("--score", is_flag=True, help="Compare with the labels in the file (same_answer), per kind, beside a plain cosine cache.")
@click.argument("pairs", type=click.File(encoding="utf-8"))
def same(*, pairs: TextIO, env_file: Path | None, score: bool, as_json: bool) -> int:
    """Tell whether the fresh answer to `a` would be served for `b`: JSON lines {"id", "a", "b"} in, JSON lines out."""
    from bot.memory import make_embedder
    from bot.same import render, same_lines, score_pairs, to_json

    embedder = make_embedder(deployment_of(env_file).policy)

    async def judge() -> None:
        if score:
            scored = await score_pairs(pairs, embedder)
            click.echo(to_json(scored) if as_json else render(scored))
            return
        async for line in same_lines(pairs, embedder):
            click.echo(line)

    run(judge)
    return 0
