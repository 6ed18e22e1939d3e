"""Questions that no model could answer: kept, tried again by themselves, woken early, or tried at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select, update

from bot.store.claims import OPEN, Claim, State, has_failed, held, start_over
from bot.store.database import Database
from bot.store.errors import LeaseLost
from bot.store.tables import attempts, inbox
from bot.types import Kind
from router.types import Clock, Outcome, Tier


@dataclass(frozen=True, slots=True)
class LastCall:
    """The last call of a tier that anybody made: when, and whether it brought an answer."""

    at: datetime
    answered: bool


class Retries:
    """The inbox's items of state `retrying`. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def later(self, claim: Claim, seconds: float) -> None:
        """Give an item back that failed once more, to be tried again after so many seconds. Raises LeaseLost."""
        values = {
            "state": State.RETRYING.value,
            "lease_token": None,
            "lease_until": None,
            "not_before": self._clock() + timedelta(seconds=seconds),
            "tries": claim.tries + 1,
        }
        if not await self._database.change(update(inbox).where(held(claim)).values(values)):
            raise LeaseLost(claim.question.id)

    async def state(self, question_id: str) -> State | None:
        """Return where an item stands; None when it is forgotten."""
        found = await self._database.value(select(inbox.c.state).where(inbox.c.id == question_id))
        return State(found) if found else None

    async def wake(self, limit: int) -> int:
        """Let the oldest items be tried now, since a model answers again; return how many."""
        now = self._clock()
        asleep = and_(inbox.c.state == State.RETRYING.value, inbox.c.not_before > now, inbox.c.lease_token.is_(None))
        oldest = select(inbox.c.seq).where(asleep).order_by(inbox.c.seq).limit(limit)
        if not await self._database.rows(oldest.limit(1)):  # nearly always: an answer should not cost a transaction
            return 0
        locked = oldest.with_for_update(skip_locked=True)
        return await self._database.change(update(inbox).where(inbox.c.seq.in_(locked)).values(not_before=now))

    async def hurry(self, question_id: str, reply_url: str = "", kind: Kind | None = None) -> bool | None:
        """Try a question at once that has no answer, as `kind` where one is given.

        False when it is worked on now; None when it is none that failed. A private reply goes to `reply_url` from now on.
        """

        def change(connection: Connection) -> bool | None:
            row = connection.execute(select(inbox).where(inbox.c.id == question_id).with_for_update()).mappings().first()
            if row is None or not (row["state"] in OPEN or has_failed(connection, row)):
                return None
            now = self._clock()
            leased = row["lease_until"] is not None and row["lease_until"] >= now
            if leased or row["state"] in (State.WAITING, State.RECORDED):
                return False
            values = start_over(now) | ({"kind": kind.value} if kind else {})
            if row["private"]:
                values |= {"reply_url": reply_url, "asked_at": now}  # an address is good for half an hour
            connection.execute(update(inbox).where(inbox.c.seq == row["seq"]).values(values))
            return True

        return await self._database.write(change)

    async def last_call(self, tier: Tier | None) -> LastCall | None:
        """Return the last call of a tier, or of any, that anybody made."""
        made = select(attempts.c.started_at, attempts.c.outcome).order_by(attempts.c.started_at.desc(), attempts.c.id.desc()).limit(1)
        made = made.where(attempts.c.outcome != Outcome.SKIPPED.value, attempts.c.tier != Tier.CACHE.value)
        rows = await self._database.rows(made.where(attempts.c.tier == tier.value) if tier else made)
        return LastCall(rows[0]["started_at"], rows[0]["outcome"] == Outcome.ANSWERED) if rows else None
