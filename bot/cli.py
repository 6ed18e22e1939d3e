"""The `switchboard` command: its parts, and what becomes of errors."""

import os
import sys

import click

from bot.commands.advising import advise
from bot.commands.asking import ask, explain, flags
from bot.commands.caching import calibrate, forget, reindex, same
from bot.commands.eval_policy import export, gate, import_golden, tune
from bot.commands.evals import evals
from bot.commands.measuring import bench, replay
from bot.commands.money import costs, pause, resume, status
from bot.commands.policies import policy
from bot.commands.running import demo, ingress, migrate, serve, worker
from bot.commands.setting_up import check, init, manifest

MISUSED = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command: 0 fine, 1 the check failed, 2 wrong use or configuration, with one line and never a traceback."""
    try:
        status = cli(prog_name="switchboard", standalone_mode=False)
    except click.ClickException as error:
        click.echo(_misuse(error), err=True)
        status = MISUSED
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except Exception as error:
        from bot.errors import one_line

        said, status = one_line(error)
        click.echo(f"Error: {said}", err=True)
        if os.environ.get("SWITCHBOARD_DEBUG"):
            raise
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="switchboard")
def cli() -> None:
    """Answer network questions in chat from the cheapest source that can answer them well."""


for _command in (
    demo,
    init,
    check,
    serve,
    ingress,
    worker,
    migrate,
    ask,
    explain,
    same,
    flags,
    reindex,
    forget,
    calibrate,
    manifest,
    policy,
    bench,
    replay,
    costs,
    status,
    pause,
    resume,
    evals,
    advise,
):
    cli.add_command(_command)

for _command in (gate, tune, export, import_golden):
    evals.add_command(_command)


def _misuse(error: click.ClickException) -> str:
    """Return click's message on one line; the whole help for a command without arguments."""
    said = error.format_message()
    return said if isinstance(error, click.exceptions.NoArgsIsHelpError) else f"Error: {' '.join(said.split())}"


if __name__ == "__main__":
    main()
