"""The durable inbox: add (commit, then acknowledge), claim with a lease and a fencing token, finish."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.claims import OPEN, UNANSWERED, Claim, State, claim_of, has_failed, held, start_over
from bot.store.database import Database
from bot.store.entries import Evicted, evict
from bot.store.errors import LeaseLost
from bot.store.rows import asked_values, question_of
from bot.store.tables import entries, inbox
from bot.types import Kind, MessageRef, Platform, Question
from router.types import Clock

__all__ = ["LEASE_S", "Claim", "Inbox", "State"]

LEASE_S = 60


_FIRST = (Kind.ASK.value, Kind.SMALL.value)
_ASKED = (*_FIRST, Kind.ESCALATE.value, Kind.LIVE.value, Kind.AUDIT.value, Kind.WATCH.value)


class Inbox:
    """What is to be done, and by whom. Time comes from the clock; every method raises StoreUnavailable.

    `owner` names the worker's place: its successor there may free at once what a killed worker held.
    """

    def __init__(self, database: Database, clock: Clock, *, lease_s: float = LEASE_S, owner: str = "") -> None:
        self._database = database
        self._clock = clock
        self._lease = timedelta(seconds=lease_s)
        self._owner = owner or secrets.token_hex(4)

    async def add(self, question: Question) -> bool:
        """Commit an item; False when its delivery or what it says is there already."""
        into = sqlite.insert(inbox) if self._database.is_sqlite else postgresql.insert(inbox)
        added = into.values(self._new(question)).on_conflict_do_nothing().returning(inbox.c.id)
        return await self._database.write(lambda connection: connection.scalar(added)) is not None

    async def add_claimed(self, question: Question) -> Claim:
        """Commit an item that this process works on at once; no other may claim it while the lease lasts."""
        token = self._token()
        leased = {"lease_token": token, "lease_until": self._clock() + self._lease, "attempts": 1}
        await self._database.change(insert(inbox).values(self._new(question) | leased))
        return Claim(question, token, attempts=1, errors=0, crashes=0, reply=None, recorded=False)

    def _new(self, question: Question) -> dict[str, object]:
        now = self._clock()
        return asked_values(question) | {
            "delivery_key": question.delivery_key,
            "logical_key": question.logical_key,
            "reply_url": question.reply_url,
            "state": State.WAITING.value,
            "not_before": now,
            "attempts": 0,
            "errors": 0,
            "crashes": 0,
            "created_at": now,
        }

    def _token(self) -> str:
        return f"{self._owner}/{secrets.token_hex(8)}"

    async def claim(self, limit: int, platforms: Collection[Platform] = tuple(Platform)) -> tuple[Claim, ...]:
        """Lease up to `limit` items of these platforms: each person's oldest first, then each person's second, and so on."""
        now = self._clock()
        free = and_(self._claimable(now), inbox.c.platform.in_([platform.value for platform in platforms]))
        turn = func.row_number().over(partition_by=(inbox.c.tenant, inbox.c.user), order_by=inbox.c.seq)
        queue = select(inbox.c.seq, turn.label("turn")).where(free).subquery()
        picked = (
            select(inbox.c.seq)
            .join(queue, queue.c.seq == inbox.c.seq)
            .where(free)
            .order_by(queue.c.turn, inbox.c.seq)
            .limit(limit)
            .with_for_update(of=inbox, skip_locked=True)
        )
        leased = (
            update(inbox)
            .where(inbox.c.seq.in_(picked))
            .values(
                lease_token=self._token(),
                lease_until=now + self._lease,
                attempts=inbox.c.attempts + 1,
                crashes=inbox.c.crashes + case((inbox.c.lease_token.is_(None), 0), else_=1),
            )
            .returning(inbox)
        )
        rows = await self._database.write(lambda connection: connection.execute(leased).mappings().all())
        return tuple(claim_of(row) for row in sorted(rows, key=lambda row: row["seq"]))

    async def recover(self) -> int:
        """Free what this owner's predecessor held when it died; return how many. Call it only when that one is dead."""
        held = inbox.c.lease_token.startswith(f"{self._owner}/", autoescape=True)
        return await self._database.change(update(inbox).where(held).values(lease_until=self._clock() - self._lease))

    async def renew(self, claims: Sequence[Claim]) -> None:
        """Extend the leases that are still ours; a lost one stays lost."""
        ours = or_(*(held(claim) for claim in claims))
        await self._database.change(update(inbox).where(ours).values(lease_until=self._clock() + self._lease))

    async def placed(self, claim: Claim, reply: MessageRef) -> None:
        """Note where the reply stands. Raises LeaseLost."""
        await self._write(claim, reply_channel=reply.channel, reply_message=reply.message)

    async def finish(self, claim: Claim, state: State = State.DONE) -> None:
        """Close an item. Raises LeaseLost."""
        await self._write(claim, state=state.value, lease_token=None, lease_until=None, finished_at=self._clock())

    async def postpone(self, claim: Claim, seconds: float, *, error: bool) -> None:
        """Give an item back for a later try; `error` counts against it. Raises LeaseLost."""
        await self._write(
            claim,
            lease_token=None,
            lease_until=None,
            not_before=self._clock() + timedelta(seconds=seconds),
            errors=claim.errors + int(error),
        )

    async def revise(self, source: MessageRef, text: str) -> Claim | None:
        """Give the question that a message asked its new text, and return it as it was found.

        One without an answer starts over and counts as not recorded: whoever works on it has lost the lease.
        """
        latest = select(inbox).where(_from(source), inbox.c.kind.in_(_FIRST)).order_by(inbox.c.seq.desc()).limit(1)

        def change(connection: Connection) -> Claim | None:
            row = connection.execute(latest.with_for_update()).mappings().first()
            if row is None:
                return None
            found = claim_of(row)
            if row["state"] in UNANSWERED or has_failed(connection, row):
                found = replace(found, recorded=False)
            values = {"text": text} | ({} if found.recorded else start_over(self._clock()))
            connection.execute(update(inbox).where(inbox.c.seq == row["seq"]).values(values))
            return found

        return await self._database.write(change)

    async def cancel(self, source: MessageRef) -> tuple[Claim, ...]:
        """Stop what a message asked for; return the items as they were found, with where their replies stand.

        Nobody is served their answers, or shown their words, any more.
        """
        mine = and_(_from(source), inbox.c.kind.in_(_ASKED))
        ended = {"state": State.CANCELLED.value, "lease_token": None, "lease_until": None, "finished_at": self._clock()}

        def change(connection: Connection) -> Sequence[RowMapping]:
            rows = connection.execute(select(inbox).where(mine).with_for_update()).mappings().all()
            connection.execute(update(inbox).where(mine, inbox.c.state.in_(OPEN)).values(ended))
            evict(connection, entries.c.question_id.in_([row["id"] for row in rows]), Evicted.FORGOTTEN, self._clock())
            return rows

        return tuple(claim_of(row) for row in await self._database.write(change))

    async def cancelled(self, question_id: str) -> bool:
        """Tell whether an item was taken back."""
        state = await self._database.value(select(inbox.c.state).where(inbox.c.id == question_id))
        return bool(state == State.CANCELLED.value)

    async def is_open(self, logical_key: str) -> bool:
        """Tell whether an item whose logical key is this, or begins with it and a slash, is still to be done."""
        named = or_(inbox.c.logical_key == logical_key, inbox.c.logical_key.startswith(f"{logical_key}/", autoescape=True))
        return await self._database.value(select(inbox.c.id).where(named, inbox.c.state.in_(OPEN)).limit(1)) is not None

    async def question(self, question_id: str) -> Question | None:
        """Return an item's question as it reads now, edits included."""
        rows = await self._database.rows(select(inbox).where(inbox.c.id == question_id))
        return question_of(rows[0]) if rows else None

    async def counts(self) -> dict[State, int]:
        """Return how many items stand in each state."""
        rows = await self._database.rows(select(inbox.c.state, func.count().label("items")).group_by(inbox.c.state))
        return {State(row["state"]): row["items"] for row in rows}

    async def oldest_waiting_s(self) -> float:
        """Return the age in seconds of the oldest item that could be worked on and is not; 0 when there is none."""
        now = self._clock()
        oldest = await self._database.value(select(func.min(inbox.c.not_before)).where(self._claimable(now)))
        return (now - oldest).total_seconds() if oldest else 0.0

    def _claimable(self, now: datetime) -> ColumnElement[bool]:
        free = or_(inbox.c.lease_until.is_(None), inbox.c.lease_until < now)
        return and_(inbox.c.state.in_(OPEN), inbox.c.not_before <= now, free)

    async def _write(self, claim: Claim, **values: object) -> None:
        if not await self._database.change(update(inbox).where(held(claim)).values(values)):
            raise LeaseLost(claim.question.id)


def _from(source: MessageRef) -> ColumnElement[bool]:
    return and_(
        inbox.c.source_message == source.message,
        inbox.c.source_channel == source.channel,
        inbox.c.tenant == source.tenant,
        inbox.c.platform == source.platform.value,
    )
