"""Starts the demo's own ingress and worker, over simulated models and a folder of their own."""

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.config import SettingsError
from bot.deployment import Deployment, open_store, read_deployment
from bot.processes import children_of
from bot.setup import ENV_FILE, POLICY_FILE, policy_text
from bot.supervisor import Supervisor

READY_S = 60.0
PROVIDERS = """targets = [
  { model = "simulated/frontier-a", timeout_s = 8, first_byte_s = 4, max_output_tokens = 2500 },
  { model = "simulated/frontier-b", timeout_s = 8, first_byte_s = 4, max_output_tokens = 2500 },
]"""
"""Two providers of the same frontier model, so that the page can break one and show what the other does."""
FOR_COMMANDS = "# Lets the other commands work on this demo: switchboard eval report --env-file THIS_FILE"
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


class EndedError(Exception):
    """The processes ended before they were ready. `status` is 0 when they were told to, 2 when one, which has said why, cannot work."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def free_port(wanted: int = 0) -> int:
    """Return a loopback port that is free now: the wanted one, or any. Raises SettingsError when the wanted one is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise SettingsError(f"cannot listen on port {wanted}: {error.strerror}; without --port a free one is taken") from error
        port: int = probe.getsockname()[1]
        return port


def demo_policy() -> str:
    """Return the policy of simulated models with a second provider of the frontier model."""
    return re.sub(r"(?<=\[tiers\.frontier\]\n)targets = .*", PROVIDERS, policy_text(simulated=True), count=1)


def prepare(folder: Path, port: int) -> tuple[Deployment, Mapping[str, str]]:
    """Write the demo's policy where there is none yet, and its environment, and read both. Raises SettingsError or PolicyError."""
    policy = folder / POLICY_FILE
    if not policy.exists():
        policy.write_text(demo_policy(), encoding="utf-8")
    environment = demo_environment(folder, free_port(port))
    _write_environment(folder / ENV_FILE, environment)
    deployment = read_deployment(environment)
    if not deployment.policy.web.enabled:
        raise SettingsError(f"{policy}: the demo needs `enabled = true` under [web]")
    return deployment, environment


def _write_environment(file: Path, environment: Mapping[str, str]) -> None:
    """Write down what the other commands need to know of this demo; somebody's own file is left alone."""
    if file.exists() and not file.read_text(encoding="utf-8").startswith(FOR_COMMANDS):
        return
    ours = "".join(f"{name}={value}\n" for name, value in environment.items() if name not in KEPT)
    file.write_text(f"{FOR_COMMANDS}\n{ours}", encoding="utf-8")


@asynccontextmanager
async def running(
    deployment: Deployment, environment: Mapping[str, str], stop: asyncio.Event, *, demo: bool = True, quiet: bool = False
) -> AsyncIterator[str]:
    """Run an ingress and a worker until `stop` is set or the block ends; yield the address once it answers.

    `demo` turns the page's switches on that break the simulated models. Raises EndedError or TimeoutError.
    """
    async with open_store(deployment.settings):
        pass  # the schema is there now, so the children start at once
    supervisor = asyncio.create_task(Supervisor(children_of(workers=1, demo=demo, quiet=quiet), environment).run(stop))
    address = f"http://{deployment.settings.host}:{deployment.settings.port}"
    try:
        await until_ready(address, supervisor)
        yield address
    finally:
        stop.set()
        await supervisor


async def until_ready(address: str, supervisor: asyncio.Task[int]) -> None:
    """Wait until a deployment takes questions. Raises EndedError when it has ended, TimeoutError when it takes too long."""
    async with asyncio.timeout(READY_S), aiohttp.ClientSession() as client:
        while not supervisor.done():
            try:
                async with client.get(f"{address}/readyz") as response:
                    if response.ok:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise EndedError(supervisor.result())
