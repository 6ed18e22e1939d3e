"""How a deployment is, as far as its store tells: tiers, money, inbox, flags and workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.alerts import Watch
from bot.budgets import resets_at
from bot.deployment import Deployment, open_store, utc_now
from bot.lookout import seen
from bot.pausing import Pause, pause, pause_of, resume
from bot.store.alerts import Alert
from bot.store.days import Period
from bot.store.delivery import Ended
from bot.store.inbox import State
from bot.store.spending import Spent
from bot.store.store import Store
from router.caps import Cap, Span, Whose
from router.policy import Policy
from router.types import Clock, Outcome, Tier

LATELY = timedelta(minutes=15)
"""How far back the calls are counted by which a target is judged."""
ALIVE = timedelta(seconds=30)
"""A worker says that it is there every five seconds."""
FULLEST = 3
"""How many tenants, channels and people are named under each cap: those who used most of it."""
ALERTS = 5


@dataclass(frozen=True, slots=True)
class TargetState:
    """How the calls of a target ended lately; `last` is how the newest did, None when there was none."""

    target: str
    answered: int
    failed: int
    last: Outcome | None


@dataclass(frozen=True, slots=True)
class TierState:
    """A tier: whether it is paused, and its targets."""

    tier: Tier
    pause: Pause | None
    targets: tuple[TargetState, ...]


@dataclass(frozen=True, slots=True)
class CapState:
    """How far one of those whom a cap bounds has used it."""

    cap: Cap
    spent: Spent
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker and when it was last seen."""

    name: str
    at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Everything at one moment. Dollars are what is booked; `reserved_usd` is set aside for calls that are under way."""

    at: datetime
    tiers: tuple[TierState, ...]
    today_usd: Decimal
    month_usd: Decimal
    reserved_usd: Decimal
    caps: tuple[CapState, ...]
    items: dict[State, int]
    oldest_waiting_s: float
    open_flags: int
    workers: tuple[WorkerSeen, ...]
    alerts: tuple[Alert, ...]


async def run_status(deployment: Deployment) -> Status:
    """Read the status. Raises StoreUnavailable."""
    async with open_store(deployment.settings) as store:
        return await read_status(store, deployment.policy, utc_now)


async def read_status(store: Store, policy: Policy, clock: Clock) -> Status:
    """Read the status of a store under a policy. Raises StoreUnavailable."""
    now = clock()
    today, month = [await store.spending.above(Whose.DEPLOYMENT, span, Decimal(0), now) for span in Span]
    return Status(
        at=now,
        tiers=await _tiers(store, policy, now),
        today_usd=_sum(today),
        month_usd=_sum(month),
        reserved_usd=await store.spending.reserved(now),
        caps=await _caps(store, policy, now),
        items=await store.inbox.counts(),
        oldest_waiting_s=await store.inbox.oldest_waiting_s(),
        open_flags=await store.flags.open_count(),
        workers=tuple(WorkerSeen(name, at, at > now - ALIVE) for name, at in sorted((await seen(store.switches)).items())),
        alerts=await store.alerts.recent(ALERTS),
    )


async def run_pause(deployment: Deployment, tier: Tier, reason: str) -> Pause:
    """Pause a tier, and tell operators at once. Raises StoreUnavailable."""
    async with open_store(deployment.settings) as store:
        made = await pause(store.switches, tier, reason, utc_now)
        await Watch(store, deployment.policy, utc_now).look()
    return made


async def run_resume(deployment: Deployment, tier: Tier) -> bool:
    """Resume a tier; False when it was not paused. Raises StoreUnavailable."""
    async with open_store(deployment.settings) as store:
        was_paused = await resume(store.switches, tier)
        await Watch(store, deployment.policy, utc_now).look()
    return was_paused


async def _tiers(store: Store, policy: Policy, now: datetime) -> tuple[TierState, ...]:
    ended = await store.delivery.attempts(Period(now - LATELY, now + timedelta(seconds=1)))
    tiers = []
    for tier in (Tier.SMALL, Tier.FRONTIER):
        targets = tuple(_target(target.model, ended) for target in policy.tiers.of(tier).targets)
        tiers.append(TierState(tier, await pause_of(store.switches, tier), targets))
    return tuple(tiers)


def _target(name: str, ended: Sequence[Ended]) -> TargetState:
    mine = [one for one in ended if one.target == name]
    answered = sum(one.count for one in mine if one.outcome is Outcome.ANSWERED)
    failed = sum(one.count for one in mine if one.outcome not in (Outcome.ANSWERED, Outcome.SKIPPED))
    return TargetState(name, answered, failed, max(mine, key=lambda one: one.last).outcome if mine else None)


async def _caps(store: Store, policy: Policy, now: datetime) -> tuple[CapState, ...]:
    found: list[CapState] = []
    for cap in policy.budgets.caps():
        spent = await store.spending.above(cap.whose, cap.span, Decimal(0), now)
        if not spent and cap.whose is Whose.DEPLOYMENT:
            spent = (Spent(cap.whose, "", "", Decimal(0)),)
        found += [CapState(cap, one, resets_at(cap.span, now)) for one in spent[:FULLEST]]
    return tuple(found)


def _sum(spent: Sequence[Spent]) -> Decimal:
    return sum((one.usd for one in spent), Decimal(0))
