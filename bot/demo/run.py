"""`switchboard demo`: the chat page in the browser, or a short conversation in the terminal."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bot.dashboard.keys import admin_token
from bot.demo.script import Play
from bot.demo.stack import EndedError, prepare, running
from bot.processes import log_to_stderr
from bot.setup import ENV_FILE
from bot.supervisor import stop_on_signals

WELCOME = """
[bold]Switchboard is running on this machine[/bold], with simulated models: no account, no key, no cost.

  The chat       [bold cyan]{address}/[/bold cyan]
  The dashboard  [bold cyan]{address}/admin/login#token={token}[/bold cyan]

Ask something easy and something hard and watch which tier answers; flag an answer; break a provider; then review on the dashboard.
The data is in {folder}; other commands work on it with --env-file {env}. Stop with Ctrl-C.
"""

SCRIPT_S = 300.0
STOPPED = 130
"""The exit status of a command that Ctrl-C ended."""


async def run_demo(data: Path | None, port: int) -> int:
    """Run the demo until Ctrl-C; return the exit status."""
    log_to_stderr()
    stop = stop_on_signals(supervised=False)
    console = Console(highlight=False)
    with _folder(data) as folder:
        deployment, environment = prepare(folder, port)
        try:
            async with running(deployment, environment, stop) as address:
                token = admin_token(deployment.settings)
                console.print(WELCOME.format(address=address, token=token, folder=folder, env=folder / ENV_FILE), soft_wrap=True)
                await stop.wait()
                console.print("Stopping…")
        except EndedError as ended:
            return ended.status
    return 0


async def run_script(data: Path | None) -> int:
    """Play the script and print it; return 0 when everything came as it should, else 1, or 130 when a signal stopped it."""
    logging.getLogger("bot").setLevel(logging.ERROR)
    stop = stop_on_signals(supervised=False)
    console = Console(highlight=False)
    with _folder(data) as folder:
        deployment, environment = prepare(folder, 0)
        try:
            with console.status("Starting Switchboard with simulated models…"):
                async with running(deployment, environment, stop, quiet=True) as address:
                    return await _play(Play(console, address), stop)
        except EndedError as ended:
            return ended.status or STOPPED


async def _play(play: Play, stop: asyncio.Event) -> int:
    playing, stopping = asyncio.create_task(play.run()), asyncio.create_task(stop.wait())
    try:
        async with asyncio.timeout(SCRIPT_S):
            await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return await playing if playing.done() else STOPPED
    finally:
        playing.cancel()
        stopping.cancel()


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="switchboard-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
