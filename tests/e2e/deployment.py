"""A real deployment as its own processes, beside a fake Slack: what an operator runs, on loopback."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.demo.stack import demo_environment, free_port, until_ready
from bot.deployment import Deployment, open_store, read_deployment
from bot.processes import children_of
from bot.setup import write_files
from bot.store.store import Store
from bot.supervisor import Supervisor
from tests.fakes.slack import FakeSlack, Message
from tests.fakes.slack.workspace import Workspace

T = TypeVar("T")

ANSWER_S = 60.0
"""The first answer of a worker waits for LiteLLM's import, on a machine that may be busy."""


@dataclass
class Served:
    """A deployment that runs, and a look into its database."""

    supervisor: Supervisor
    store: Store
    address: str

    def kill(self, name: str) -> int:
        """SIGKILL one of the processes that we started; return its process id."""
        pid = self.supervisor.pids[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    async def switch(self, model: str, fault: str) -> None:
        """Break or mend a simulated model."""
        await self.store.switches.set(f"simulated.{model}", fault)


@dataclass
class Running(Served):
    """A deployment that runs, and the Slack that it is connected to."""

    slack: FakeSlack

    def replies(self, question: Message) -> list[Message]:
        """Return what the bot wrote in the thread of a question, as it stands now."""
        said = self.slack.workspace.messages(question.channel)
        return [message for message in said if message.user == self.slack.workspace.bot_user and message.root == question.root]

    async def answer(self, question: Message, *, within_s: float = ANSWER_S) -> Message:
        """Wait until the one reply to a question is final, and return it. Raises TimeoutError."""

        def final(_workspace: Workspace) -> Message | None:
            return next((message for message in self.replies(question) if is_final(message)), None)

        return await self.slack.wait_for(final, within_s)


async def eventually(look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool]) -> T:
    """Look until what is wanted is there, and return it. Raises TimeoutError."""
    async with asyncio.timeout(ANSWER_S):
        while True:
            found = await look()
            if wanted(found):
                return found
            await asyncio.sleep(0.1)


def is_final(message: Message) -> bool:
    """Tell an answer, or a failure, from the placeholder: it has buttons."""
    return any(block.get("type") in ("actions", "context_actions") for block in message.blocks)


def environment_for(slack: FakeSlack, folder: Path, *, socket_mode: bool = False, database_url: str = "") -> dict[str, str]:
    """Return the environment of a deployment over simulated models."""
    write_files(folder, simulated=True, force=True)
    environment = demo_environment(folder, free_port()) | {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}
    environment |= {"SLACK_APP_TOKEN": slack.app_token} if socket_mode else {"SLACK_SIGNING_SECRET": slack.signing_secret}
    return environment | ({"DATABASE_URL": database_url} if database_url else {})


@asynccontextmanager
async def served(environment: dict[str, str], *, workers: int = 1) -> AsyncIterator[Served]:
    """Run `switchboard serve`'s processes until the block ends."""
    deployment: Deployment = read_deployment(environment)
    address = f"http://127.0.0.1:{environment['SWITCHBOARD_PORT']}"
    stop = asyncio.Event()
    async with open_store(deployment.settings) as store:
        supervisor = Supervisor(children_of(workers=workers, quiet=True), environment)
        running = asyncio.create_task(supervisor.run(stop))
        try:
            await until_ready(address, running)
            yield Served(supervisor, store, address)
        finally:
            stop.set()
            await running


@asynccontextmanager
async def deployed(slack: FakeSlack, environment: dict[str, str], *, workers: int = 1) -> AsyncIterator[Running]:
    """Run a deployment that Slack delivers to."""
    if "SLACK_APP_TOKEN" not in environment:
        slack.deliver_to(f"http://127.0.0.1:{environment['SWITCHBOARD_PORT']}/slack/events")
    async with served(environment, workers=workers) as running:
        yield Running(running.supervisor, running.store, running.address, slack)
