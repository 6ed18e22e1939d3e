"""Runs the fake in its own process: prints `ready http://...` and serves until it is told to end."""

import argparse
import asyncio
import signal
import sys

from tests.fakes.slack.control import Control
from tests.fakes.slack.fake import FakeSlack


async def _serve(port: int, *, legacy_blocks: bool) -> None:
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    slack = FakeSlack(port=port, legacy_blocks=legacy_blocks)
    Control(slack).add_routes()
    async with slack:
        sys.stdout.write(f"ready {slack.base_url}\n")
        sys.stdout.flush()
        await ended.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--legacy-blocks", action="store_true", help="refuse the newer blocks as older workspaces do")
    options = parser.parse_args()
    asyncio.run(_serve(options.port, legacy_blocks=options.legacy_blocks))


if __name__ == "__main__":
    main()
