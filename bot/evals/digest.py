"""The weekly digest: a picture of the rates with three lines, and the week's sample drawn for the next one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.courier import Courier
from bot.evals.drawing import draw_week
from bot.evals.reading import last_weeks, read_report
from bot.evals.render_report import digest
from bot.evals.report import Report
from bot.evals.weeks import bounds, week_before, week_of
from bot.replies import Announcement, Picture
from bot.store.errors import StoreUnavailable
from bot.store.store import Store
from bot.types import DeliveryFailure, Platform
from router.evals_policy import EvalsPolicy
from router.types import Clock

TITLE = "How good the answers are"
NAME = "switchboard-week.png"
POSTED = "evals.digest"
"""A switch: the week whose digest is posted, or being posted."""
WEEKS = 4
AFTER = timedelta(hours=7)
"""Into Monday, UTC."""
LOOK_S = 600.0

_log = logging.getLogger(__name__)


async def make_digest(report: Report) -> Announcement:
    """Return the digest of a report; drawing it takes a second, in a thread."""
    from bot.plots import draw_report  # noqa: PLC0415 (the plotting library takes a second to import, once a week)

    lines = digest(report)
    picture = Picture(NAME, await asyncio.to_thread(draw_report, report), alt=" ".join(lines))
    return Announcement(TITLE, "\n".join(lines), picture=picture)


async def read_digest(store: Store, policy: EvalsPolicy, clock: Clock) -> Announcement:
    """Return the digest of the last weeks. Raises StoreUnavailable."""
    return await make_digest(await read_report(store.database, last_weeks(clock(), WEEKS), policy))


class Weekly:
    """Draws the last week's sample and posts the digest where anything is reviewed, once a week however many workers there are."""

    def __init__(self, store: Store, policy: EvalsPolicy, courier: Courier, clock: Clock) -> None:
        self._store = store
        self._policy = policy
        self._courier = courier
        self._clock = clock

    async def run(self) -> None:
        """Look every few minutes until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Post what is due. A failure is logged and tried again; a digest that may have arrived is not posted twice."""
        try:
            await self._post()
        except StoreUnavailable:
            _log.warning("the database does not answer; the digest waits")

    async def _post(self) -> None:
        now = self._clock()
        week = week_of(now)
        if now < bounds(week)[0] + AFTER or not await self._store.switches.take(POSTED, week):
            return
        try:
            await draw_week(self._store.samples, self._policy, week_before(now))
            report = await read_report(self._store.database, last_weeks(now, WEEKS), self._policy)
            if report.graded:
                await self._courier.announce(self._policy.digest_channel, await make_digest(report))
        except DeliveryFailure as failure:
            _log.warning("the digest is not delivered code=%s", failure.code)
            if not failure.in_doubt:
                await self._store.switches.set(POSTED, "")
        except StoreUnavailable:
            await self._store.switches.set(POSTED, "")
            raise


@asynccontextmanager
async def weekly(store: Store, policy: EvalsPolicy, couriers: Mapping[Platform, Courier], clock: Clock) -> AsyncIterator[None]:
    """Keep posting the digest meanwhile, where the policy names a channel of a platform that is turned on."""
    courier = couriers.get(Platform(policy.digest_platform))
    if courier is None or not policy.digest_channel:
        yield
        return
    task = asyncio.create_task(Weekly(store, policy, courier, clock).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
