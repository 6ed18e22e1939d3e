"""Commands that set a deployment up: init, check, manifest."""

import os
from pathlib import Path

import click

from bot.commands.common import AS_JSON, ENV_FILE, read_env_file, run


@click.command()
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


@click.command()
@ENV_FILE
@AS_JSON
def check(*, env_file: Path | None, as_json: bool) -> int:
    """Validate policy, secrets and stores, and say what to fix."""
    from bot.check import check_all, render

    read_env_file(env_file)
    report = run(lambda: check_all(os.environ))
    click.echo(render(report, as_json=as_json))
    return 0 if report.fine else 1


@click.group()
def manifest() -> None:
    """Make the app manifest of a platform, filled in and validated."""


@manifest.command()
@click.option("--url", help="The public address of this deployment, such as https://ops.example.com.")
@click.option("--socket-mode", is_flag=True, help="For Socket Mode: no public address is needed.")
@AS_JSON
def slack(*, url: str | None, socket_mode: bool, as_json: bool) -> int:
    """Print the manifest of the Slack app."""
    from bot.app.platforms import slack_manifest_text

    click.echo(slack_manifest_text(url, socket_mode=socket_mode, as_json=as_json), nl=False)
    return 0


@manifest.command()
@click.option("--app-id", required=True, help="The Microsoft App ID of the bot.")
@click.option("--domain", required=True, help="The host name of this deployment, such as ops.example.com.")
@click.option("--rsc", is_flag=True, help="Ask for consent to hear follow-ups without a mention.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("switchboard-teams.zip"), show_default=True)
@AS_JSON
def teams(*, app_id: str, domain: str, rsc: bool, out: Path, as_json: bool) -> int:
    """Write the package of the Teams app, a zip file; with --json print its manifest, too."""
    from bot.app.platforms import teams_package

    text, zipped = teams_package(app_id, domain, rsc=rsc)
    out.write_bytes(zipped)
    click.echo(text if as_json else f"wrote {out}", nl=not as_json)
    return 0
