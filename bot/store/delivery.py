"""How delivery is: what is dead, who works, and how the attempts ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from bot.store.database import Database
from bot.store.days import Period
from bot.store.inbox import State
from bot.store.tables import attempts, inbox, questions
from bot.types import Kind, Platform
from router.types import Clock, Outcome, Tier


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An item that was given up: after `errors` failures that a worker reported and `crashes` that nobody did."""

    question_id: str
    platform: Platform
    kind: Kind
    created_at: datetime
    finished_at: datetime | None
    errors: int
    crashes: int


@dataclass(frozen=True, slots=True)
class Place:
    """A worker's place, and what it holds now."""

    owner: str
    items: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """How many attempts at a target ended one way, and when the last of them began."""

    target: str
    outcome: Outcome
    count: int
    last: datetime


class Delivery:
    """Reads the health of delivery. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def dead(self, limit: int) -> tuple[DeadLetter, ...]:
        """Return what was given up, newest first."""
        columns = (inbox.c.id, inbox.c.platform, inbox.c.kind, inbox.c.created_at, inbox.c.finished_at, inbox.c.errors, inbox.c.crashes)
        wanted = select(*columns).where(inbox.c.state == State.DEAD.value).order_by(inbox.c.seq.desc()).limit(limit)
        return tuple(
            DeadLetter(
                row["id"],
                Platform(row["platform"]),
                Kind(row["kind"]),
                row["created_at"],
                row["finished_at"],
                row["errors"],
                row["crashes"],
            )
            for row in await self._database.rows(wanted)
        )

    async def places(self) -> tuple[Place, ...]:
        """Return the workers' places that hold something now, by name; who has nothing to do is not among them."""
        held = select(inbox.c.lease_token, inbox.c.lease_until).where(
            inbox.c.state.in_((State.WAITING.value, State.RECORDED.value)), inbox.c.lease_until > self._clock()
        )
        by_owner: dict[str, list[datetime]] = {}
        for row in await self._database.rows(held):
            by_owner.setdefault(row["lease_token"].rpartition("/")[0], []).append(row["lease_until"])
        return tuple(Place(owner, len(leases), max(leases)) for owner, leases in sorted(by_owner.items()))

    async def last_recorded(self) -> datetime | None:
        """Return when a worker last had the answer to a question, or had to say that there is none."""
        at: datetime | None = await self._database.value(select(func.max(questions.c.recorded_at)))
        return at

    async def attempts(self, period: Period) -> tuple[Ended, ...]:
        """Return how a period's attempts ended, by target, the most frequent end first."""
        counted = func.count().label("count")
        columns = (attempts.c.target, attempts.c.outcome, counted, func.max(attempts.c.started_at).label("last"))
        called = and_(period.holds(attempts.c.started_at), attempts.c.tier != Tier.CACHE.value)
        wanted = select(*columns).where(called).group_by(attempts.c.target, attempts.c.outcome)
        rows = await self._database.rows(wanted.order_by(attempts.c.target, counted.desc()))
        return tuple(Ended(row["target"], Outcome(row["outcome"]), row["count"], row["last"]) for row in rows)
