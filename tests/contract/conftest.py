"""Every platform in turn, each with a real adapter, a real store and models that say what they are told."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.bot.conftest import Backstage, backstage
from tests.contract.slack_stage import slack_stage
from tests.contract.stage import Said, Shown, Stage
from tests.contract.teams_stage import teams_stage
from tests.contract.web_stage import web_stage

__all__ = ["backstage"]

STAGES: dict[str, Callable[[Backstage], AbstractAsyncContextManager[Stage]]] = {
    "slack": slack_stage,
    "teams": teams_stage,
    "web": web_stage,
}


@dataclass(frozen=True)
class Play:
    """A platform, and everything behind its inbox."""

    stage: Stage
    backstage: Backstage

    async def replies(self, said: Said) -> list[Shown]:
        """Work on all that is due, and return what then stands in the thread of a message, oldest first."""
        await self.backstage.work()
        self.backstage.clock.advance(1)
        return [one for one in await self.stage.shown() if (one.channel, one.thread) == (said.channel, said.thread)]

    async def reply(self, said: Said) -> Shown:
        """Work on all that is due, and return the only reply to a message."""
        (reply,) = await self.replies(said)
        return reply

    async def ask(self, person: str, text: str) -> Shown:
        """Ask where everybody reads, and return the reply."""
        return await self.reply(await self.stage.mention(person, text))


@pytest.fixture(params=sorted(STAGES))
async def play(request: pytest.FixtureRequest, backstage: Backstage) -> AsyncIterator[Play]:
    """One platform. Its clock stands at the present: Slack's signatures name it."""
    backstage.clock.now = datetime.now(UTC)
    async with STAGES[request.param](backstage) as stage:
        backstage.couriers = {stage.platform: stage.courier}
        yield Play(stage, backstage)
