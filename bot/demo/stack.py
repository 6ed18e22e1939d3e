"""Starts the demo's own ingress and worker, over simulated models and a folder of their own."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.app import Deployment, open_store, read_deployment
from bot.processes import children_of
from bot.setup import POLICY_FILE, write_files
from bot.supervisor import Supervisor

READY_S = 60.0
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH", "COVERAGE_PROCESS_START", "SSL_CERT_FILE")
"""Of the environment, what the demo's processes get: nobody's tokens, keys or databases."""


def demo_environment(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of a demo in a folder; it has nothing of the deployment that may be configured here."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "SWITCHBOARD_POLICY": str(folder / POLICY_FILE),
        "SWITCHBOARD_DATA": str(folder),
        "SWITCHBOARD_PORT": str(port),
    }


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def prepare(folder: Path, port: int) -> tuple[Deployment, Mapping[str, str]]:
    """Write the demo's policy where there is none yet, and read it."""
    if not (folder / POLICY_FILE).exists():
        write_files(folder, simulated=True, force=True)
    environment = demo_environment(folder, port or free_port())
    return read_deployment(environment), environment


@asynccontextmanager
async def running(
    deployment: Deployment, environment: Mapping[str, str], stop: asyncio.Event, *, quiet: bool = False
) -> AsyncIterator[str]:
    """Run the demo until `stop` is set or the block ends; yield the address once it answers. Raises TimeoutError."""
    async with open_store(deployment.settings):
        pass  # the schema is there now, so the children start at once
    supervisor = asyncio.create_task(Supervisor(children_of(workers=1, demo=True, quiet=quiet), environment).run(stop))
    address = f"http://{deployment.settings.host}:{deployment.settings.port}"
    try:
        await until_ready(address, supervisor)
        yield address
    finally:
        stop.set()
        await supervisor


async def until_ready(address: str, supervisor: asyncio.Task[int]) -> None:
    """Wait until a deployment takes questions. Raises TimeoutError when it does not, or has ended."""
    async with asyncio.timeout(READY_S), aiohttp.ClientSession() as client:
        while not supervisor.done():
            try:
                async with client.get(f"{address}/readyz") as response:
                    if response.ok:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError("the processes ended before they were ready")
