"""The real Teams adapter between the fake Teams and a real store."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from aiohttp import web
from pydantic import SecretStr

from adapters.teams.app import TeamsIngress
from adapters.teams.courier import TeamsCourier
from adapters.teams.options import PATH, Cloud, TeamsOptions
from bot.desk import Desk
from bot.replies import Failed
from bot.store.database import Database
from bot.store.inbox import Claim
from bot.store.result import Result
from bot.store.store import Store, make_store
from bot.types import Answered, Badge, Matched, Platform, Question, Reply, Working
from router.types import CostSource, Mode
from tests.fakes.teams import FakeTeams, Posted

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


def now() -> datetime:
    return datetime.now(UTC)


def matched(question: Question) -> Matched:
    """Return the answer that was given to a like question two hours before this one."""
    return Matched("q_0", "exporter metrics stop after deploy", question.asked_at - timedelta(hours=2), 0.9612, "the same entities")


@dataclass
class Rig:
    """What a test of the adapter works with."""

    teams: FakeTeams
    store: Store
    desk: Desk
    courier: TeamsCourier
    claims: dict[str, Claim] = field(default_factory=dict)

    async def taken(self) -> list[Question]:
        """Return what stands in the inbox and was not returned before, oldest first."""
        found = await self.store.inbox.claim(50, [Platform.TEAMS])
        self.claims |= {claim.question.id: claim for claim in found}
        return [claim.question for claim in found]

    async def asked(self) -> Question:
        """Return the one question that was asked."""
        (question,) = await self.taken()
        return question

    async def answered(self, question: Question, reply: Reply = ANSWER) -> list[Posted]:
        """Answer a question as a worker does, and return what stands in the conversation then."""
        ref = await self.courier.post(question, Working(), in_doubt=False)
        await self.store.inbox.placed(self.claims[question.id], ref)
        await self.courier.update(ref, question, reply)
        if isinstance(reply, Failed):
            claim, at = self.claims[question.id], question.asked_at
            await self.store.records.keep(claim, Result(Mode.ON, None, (), None, failure=reply), at=at, expires_at=at)
            await self.store.inbox.finish(claim)
        return self.teams.connector.posted()


def options_for(teams: FakeTeams) -> TeamsOptions:
    """Return the options of an app that is registered with this Teams, without pacing."""
    cloud = Cloud(
        openid_url=teams.issuer.metadata_url,
        login_url=teams.connector.base_url,
        service_hosts=("127.0.0.1",),
    )
    return TeamsOptions(app_id=teams.app_id, app_password=SecretStr("secret"), tenant=teams.tenant, cloud=cloud, pace_s=0)


@asynccontextmanager
async def rigged(teams: FakeTeams, database: Database, options: TeamsOptions | None = None) -> AsyncIterator[Rig]:
    """Serve the real ingress on loopback and let Teams deliver to it."""
    options = options or options_for(teams)
    store, numbers = make_store(database, now), itertools.count(1)
    desk, courier = Desk(store, now), TeamsCourier(options, store.addresses, store.parts)
    ingress = TeamsIngress(options, desk, clock=now, new_id=lambda: f"q_{next(numbers)}")
    app = web.Application()
    ingress.routes(app)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await ingress.start()
    teams.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}")
    try:
        yield Rig(teams, store, desk, courier)
    finally:
        teams.deliver_to("")
        await ingress.stop()
        await courier.close()
        await runner.cleanup()
