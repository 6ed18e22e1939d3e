"""Commands that measure."""

import click

from bot.commands.common import AS_JSON, run


@click.command()
@AS_JSON
@click.option("--rate", type=click.FloatRange(1, 500), default=50.0, help="Events a second.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=20.0, help="For how long.")
def bench(*, as_json: bool, rate: float, seconds: float) -> int:
    """Measure this machine: the acknowledgement of Slack events while a worker is busy, and answers a second."""
    from bot.bench.run import render, run_bench

    measured = run(lambda: run_bench(rate, seconds))
    click.echo(render(measured, as_json=as_json))
    return 0
