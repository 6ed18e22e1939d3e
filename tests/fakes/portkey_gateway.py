"""The real Portkey gateway, from npm, on loopback alone."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp

from bot.demo.stack import free_port
from tests.fakes.npm import node, npm_package

NAME, VERSION = "@portkey-ai/gateway", "1.15.2"
LOOPBACK = Path(__file__).with_name("listen_on_loopback.cjs")
READY_S = 30


@asynccontextmanager
async def running_gateway() -> AsyncIterator[str]:
    """Start it, and yield its API's base address. It may reach this machine's own servers only (CVE-2026-110719)."""
    port = free_port()
    with _process(port):
        await _until_ready(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def _process(port: int) -> Iterator[None]:
    script = npm_package(NAME, VERSION) / "build" / "start-server.js"
    environment = {"PATH": os.environ["PATH"], "TRUSTED_CUSTOM_HOSTS": "127.0.0.1", "NODE_ENV": "production"}
    started = subprocess.Popen(
        [node(), "--require", LOOPBACK, script, f"--port={port}", "--headless"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        started.terminate()
        started.wait(10)


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(READY_S), aiohttp.ClientSession() as client:
        while True:
            try:
                async with client.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
