"""Knows who we are in the workspace, without ever making an answer to Slack wait for Slack."""

import asyncio
import logging

from adapters.fields import Fields
from adapters.slack.inbound import Identity
from adapters.slack.web import SlackWeb
from bot.types import DeliveryFailure

START_S = 1.0
"""How long a start waits for Slack; the ingress has two seconds in all."""

LAZY_S = 1.0
"""How long an event waits when Slack did not answer at the start; Slack itself waits three seconds for us."""

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0

_log = logging.getLogger(__name__)


class SlackUnreachableError(Exception):
    """We do not know yet who we are, so we cannot tell our own messages from others': the event has to come again."""


class Whoami:
    """Asks `auth.test` until it is answered, once."""

    def __init__(self, web: SlackWeb) -> None:
        self._web = web
        self._me: Identity | None = None
        self._asking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to ask, and wait a moment for the answer. Raises nothing: Slack may be down when we start."""
        await self._wait(START_S)

    async def get(self) -> Identity:
        """Return who we are. Raises SlackUnreachableError after a second."""
        if self._me is None:
            await self._wait(LAZY_S)
        if self._me is None:
            raise SlackUnreachableError
        return self._me

    async def stop(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _wait(self, seconds: float) -> None:
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=seconds)

    async def _ask(self) -> None:
        pause = FIRST_PAUSE_S
        while self._me is None:
            try:
                response = await self._web.call(lambda client: client.auth_test())
            except DeliveryFailure as failure:
                _log.warning("Slack does not say who we are: %s", failure.code)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
                continue
            said = Fields(response.data)
            self._me = Identity(said.text("team_id"), said.text("user_id"), said.text("bot_id"))
