"""Commands about the policy."""

from pathlib import Path

import click

from bot.commands.common import ENV_FILE, deployment_of


@click.group()
def policy() -> None:
    """Show what the policy comes to."""


@policy.command()
@ENV_FILE
@click.option("--tier", type=click.Choice(["small", "frontier"]), help="This tier's config alone, to be pasted into Portkey.")
def portkey(*, tier: str | None, env_file: Path | None) -> int:
    """Print the tiers as Portkey configs, in JSON. Keys are named by their variables, never shown."""
    from bot.gateway import configs_text
    from router.types import Tier

    deployment = deployment_of(env_file)
    click.echo(configs_text(deployment.settings, deployment.policy, Tier(tier) if tier else None))
    return 0
