"""Slack's Web API as a list of answers, given one a call."""

import asyncio
from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.web import CALL_S, SlackWeb
from bot.types import DeliveryFailure
from tests.fakes.slack_payloads import OPTIONS


class FakeSlackWeb(SlackWeb):
    """Answers each call with the next of `answers`; the last one stays. `gate` closed makes every call wait."""

    def __init__(self, *answers: dict[str, object] | DeliveryFailure) -> None:
        super().__init__(OPTIONS)
        self.answers = list(answers)
        self.calls = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def call(
        self,
        method: Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]],
        seconds: float = CALL_S,
    ) -> AsyncSlackResponse:
        self.calls += 1
        await self.gate.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, DeliveryFailure):
            raise answer
        return AsyncSlackResponse(
            client=None,
            http_verb="POST",
            api_url="",
            req_args={},
            data=answer,
            headers={},
            status_code=200,
        )
