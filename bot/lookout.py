"""What every worker does beside its questions: it says that it is there, looks for what operators must know, and tidies up."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.alerts import Watch
from bot.store.errors import StoreUnavailable
from bot.store.store import Store
from bot.store.switches import Switches
from router.metering import metered
from router.policy import Policy
from router.types import Attempt, Clock

SEEN = "worker."
"""A switch for each worker, by its place: when it was last seen."""
FORGET = timedelta(days=1)
"""A worker that was not seen for so long is not spoken of any more."""
POLL_S = 5.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def lookout(store: Store, policy: Policy, owner: str, clock: Clock) -> AsyncIterator[None]:
    """Watch meanwhile, and book the calls that are made for no question in particular, such as when the index is filled."""
    with metered() as loose:
        task = asyncio.create_task(_watch(store, Watch(store, policy, clock), owner, clock, loose))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with contextlib.suppress(StoreUnavailable):
                await _book(store, loose)


async def seen(switches: Switches) -> dict[str, datetime]:
    """Return the workers and when each was last seen. Raises StoreUnavailable."""
    return {name.removeprefix(SEEN): datetime.fromisoformat(at) for name, at in (await switches.all(SEEN)).items()}


async def _book(store: Store, loose: list[Attempt]) -> None:
    if made := tuple(loose):
        await store.spending.book(made)
        del loose[: len(made)]


async def _watch(store: Store, watch: Watch, owner: str, clock: Clock, loose: list[Attempt]) -> None:
    while True:
        try:
            await _book(store, loose)
            await store.switches.set(SEEN + owner[:64], clock().isoformat())
            await watch.look()
            await _tidy(store, clock())
        except StoreUnavailable as failure:
            _log.warning("watching waits for the database: %s", failure)
        await asyncio.sleep(POLL_S)


async def _tidy(store: Store, now: datetime) -> None:
    await store.spending.tidy(now)
    for name, at in (await seen(store.switches)).items():
        if at < now - FORGET:
            await store.switches.set(SEEN + name, "")
