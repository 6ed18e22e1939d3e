"""Keeps the ingress and the workers running as processes of their own."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GRACE_S = 20.0
"""Longer than a worker's own grace, so that it ends by itself first."""
MAX_BACKOFF_S = 10.0
STEADY_S = 30.0
MISCONFIGURED = 2
"""The exit status of a child that cannot work with its configuration: starting it again would not help."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """One process: its name in the log and the arguments of our own command."""

    name: str
    arguments: tuple[str, ...]


class Supervisor:
    """Starts children, starts them again when they end, and ends them all together.

    A child's standard input is a pipe that closes when the supervisor dies, however it dies: then the child ends too.
    `environment` is what children get instead of our own.
    """

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str] | None = None) -> None:
        self._children = children
        self._environment = environment
        self._pids: dict[str, int] = {}

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children that run now, by name."""
        return dict(self._pids)

    async def run(self, stop: asyncio.Event) -> int:
        """Run until `stop` is set or a child is misconfigured; return the exit status."""
        keepers = [asyncio.create_task(self._keep(child, stop)) for child in self._children]
        statuses = await asyncio.gather(*keepers)
        return max(statuses)

    async def _keep(self, child: Child, stop: asyncio.Event) -> int:
        backoff = 0.2
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            started = loop.time()
            status = await self._run_once(child, stop)
            if status == MISCONFIGURED:
                stop.set()
                return status
            if stop.is_set():
                break
            backoff = 0.2 if loop.time() - started > STEADY_S or status == 0 else min(backoff * 2, MAX_BACKOFF_S)
            _log.warning("%s ended with status %s; starting it again in %.1f s", child.name, status, backoff)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), backoff)
        return 0

    async def _run_once(self, child: Child, stop: asyncio.Event) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            *child.arguments,
            "--supervised",
            stdin=asyncio.subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )
        self._pids[child.name] = process.pid
        ended, stopping = asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.send_signal(signal.SIGTERM)
                await asyncio.wait({ended}, timeout=GRACE_S)
            if not ended.done():
                _log.error("%s did not end in %.0f s; killing it", child.name, GRACE_S)
                process.kill()
            return await ended
        finally:
            stopping.cancel()
            del self._pids[child.name]


def stop_on_signals(*, supervised: bool) -> asyncio.Event:
    """Return an event that SIGTERM, SIGINT, or (supervised) the supervisor's death sets. Call it in the running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if supervised:
        # A thread, because asyncio cannot wait for a pipe's end without taking the pipe over.
        threading.Thread(target=_when_orphaned, args=(loop, stop), daemon=True).start()
    return stop


def _when_orphaned(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(0, 1024):
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)
