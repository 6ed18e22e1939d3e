"""The real Slack adapter between the fake Slack and a desk in memory."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from aiohttp import web
from pydantic import SecretStr

from adapters.slack.app import SlackIngress
from adapters.slack.courier import SlackCourier
from adapters.slack.options import SlackOptions
from bot.desk import Record
from bot.reviewing import Reviewing
from bot.types import Answered, Badge, Matched, Question, Working
from router.types import CostSource
from tests.fakes.memory_desk import GatedDesk
from tests.fakes.slack import FakeSlack, Message

ANSWER = Answered(
    text="Restart the exporter on core1.",
    badge=Badge.SMALL,
    model="simulated/small",
    seconds=0.9,
    usd=Decimal("0.0004"),
    cost_source=CostSource.REPORTED,
    reasons=("short and of one intent",),
    can_escalate=True,
)


def cached(question: Question) -> Answered:
    """Return the answer that was given to a like question two hours before this one."""
    match = Matched("q_0", "exporter metrics stop after deploy", question.asked_at - timedelta(hours=2), 0.9612, "the same entities")
    return replace(ANSWER, badge=Badge.CACHE, usd=Decimal(0), can_escalate=False, match=match)


@dataclass(frozen=True, slots=True)
class Rig:
    """What a test of the adapter works with."""

    slack: FakeSlack
    desk: GatedDesk
    courier: SlackCourier
    url: str

    async def answered(self, question: Question, answer: Answered = ANSWER) -> Message:
        """Answer a question as a worker would, and return the message with the answer."""
        before = {one.ts for one in self.slack.workspace.bot_messages()}
        ref = await self.courier.post(question, Working(), in_doubt=False)
        await self.courier.update(ref, question, answer)
        self.desk.places[ref] = question.id
        self.desk.records[question.id] = Record(question, answer)
        await self.slack.settle()
        return next(one for one in self.slack.workspace.bot_messages() if one.ts not in before)

    async def answered_privately(self, question: Question, answer: Answered = ANSWER) -> None:
        """Answer a question that nobody but its asker may see the answer to."""
        ref = await self.courier.post(question, Working(), in_doubt=False)
        await self.courier.update(ref, question, answer)
        self.desk.records[question.id] = Record(question, answer)


def options_for(slack: FakeSlack, *, socket_mode: bool = False) -> SlackOptions:
    """Return the options of an app that is installed in this Slack, by HTTP or by Socket Mode, without pacing."""
    return SlackOptions(
        bot_token=SecretStr(slack.bot_token),
        signing_secret=SecretStr("" if socket_mode else slack.signing_secret),
        app_token=SecretStr(slack.app_token if socket_mode else ""),
        api_url=slack.api_url,
        pace_s=0,
    )


@asynccontextmanager
async def rigged(slack: FakeSlack, options: SlackOptions | None = None, reviewing: Reviewing | None = None) -> AsyncIterator[Rig]:
    """Serve the real ingress on loopback and let Slack deliver to it."""
    options = options or options_for(slack)
    desk, courier = GatedDesk(), SlackCourier(replace(options, app_token=SecretStr("")))
    numbers = itertools.count(1)
    ingress = SlackIngress(options, desk, clock=lambda: datetime.now(UTC), new_id=lambda: f"q_{next(numbers)}", reviewing=reviewing)
    app = web.Application()
    ingress.routes(app)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await ingress.start()
    if not options.socket_mode:
        slack.deliver_to(url)
    try:
        yield Rig(slack, desk, courier, url)
    finally:
        slack.deliver_to("")
        desk.gate.set()
        await ingress.stop()
        await courier.close()
        await runner.cleanup()
