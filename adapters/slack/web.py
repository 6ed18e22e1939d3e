"""Slack's Web API with our own deadline: one shared session, no retries of the SDK, no message text in logs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.faults import translate
from adapters.slack.options import LOOPBACK, SlackOptions

CALL_S = 10.0


class SlackWeb:
    """A client whose session opens with the first call, in the loop that makes it."""

    def __init__(self, options: SlackOptions) -> None:
        self._options = options
        self._client: AsyncWebClient | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session."""
        session = self.client.session
        if session is None:
            raise RuntimeError("the client is made with a session")
        return session

    @property
    def client(self) -> AsyncWebClient:
        """The SDK's client. Made on first use: a session belongs to a running loop."""
        if self._client is None:
            session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_S))
            self._client = web_client(self._options, session)
        return self._client

    async def call(
        self,
        method: Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]],
        seconds: float = CALL_S,
    ) -> AsyncSlackResponse:
        """Make one call within a deadline. Raises DeliveryFailure, nothing else."""
        try:
            async with asyncio.timeout(seconds):
                return await method(self.client)
        except Exception as error:
            raise translate(error) from error

    async def close(self) -> None:
        """Close the session, if one was opened."""
        if self._client is not None and self._client.session is not None:
            await self._client.session.close()
        self._client = None


def web_client(options: SlackOptions, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return an SDK client. Its own retries are off: a call that it repeats after a broken connection posts twice."""
    client = AsyncWebClient(
        token=options.bot_token.get_secret_value(),
        base_url=options.api_url,
        session=session,
        retry_handlers=[],
        logger=quiet_logger(),
    )
    if urlsplit(options.api_url).hostname in LOOPBACK:
        client.proxy = None  # the SDK takes a proxy from the environment and knows no exceptions
    return client


def quiet_logger() -> logging.Logger:
    """Return the logger for SDKs. They write payloads at lower levels, and advice for programmers as warnings."""
    logger = logging.getLogger("switchboard.slack.sdk")
    logger.setLevel(logging.ERROR)
    return logger
