"""What is spent and reserved under each cap; a reservation is checked and made in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, or_, select, text, true

from bot.store.database import Database
from bot.store.ledger import NOBODY, Payer, book, period_of
from bot.store.money_tables import reservations, spending
from bot.store.tables import attempts
from router.caps import Cap, Span, Used, Whose
from router.types import Attempt, Tier

_LOCK = 7_230_002
"""The advisory lock that PostgreSQL reservations take; any number that no other program uses in this database."""

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Hold:
    """What is set aside for a question's calls of a tier, until when at the latest."""

    question_id: str
    payer: Payer
    tier: Tier
    usd: Decimal
    until: datetime


@dataclass(frozen=True, slots=True)
class Exceeded:
    """The cap that leaves no room, and how far it is used."""

    cap: Cap
    used: Used


@dataclass(frozen=True, slots=True)
class Spent:
    """What one of `whose` spent in a period; `tenant` and `owner` name it."""

    whose: Whose
    tenant: str
    owner: str
    usd: Decimal


class Spending:
    """Money by day and month. Every method raises StoreUnavailable.

    A reservation counts as spent until the question's record is written, and at the latest until its time is over: what a
    worker that died had reserved is free again then, whatever its calls did cost.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, hold: Hold, caps: Sequence[Cap], now: datetime) -> Exceeded | None:
        """Set money aside, or return the first cap that has no room for one more call."""

        def reserve(connection: Connection) -> Exceeded | None:
            if connection.dialect.name == "postgresql":
                # SQLite has one writer anyway. Each check must see what the one before it set aside.
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            uses = _uses(connection, hold.payer, now)
            for cap in caps:
                used = uses[cap.whose, cap.span]
                if not cap.admits(hold.tier, used):
                    return Exceeded(cap, used)
            connection.execute(insert(reservations).values(_hold_values(hold)))
            return None

        return await self._database.write(reserve)

    async def used(self, payer: Payer, whose: Whose, span: Span, now: datetime) -> Used:
        """Return what counts under a payer's cap of this kind."""
        return (await self._database.read(lambda connection: _uses(connection, payer, now)))[whose, span]

    async def book(self, made: Sequence[Attempt], payer: Payer = NOBODY) -> None:
        """Write attempts that belong to no question's record."""
        await self._database.write(lambda connection: book(connection, payer, made))

    async def above(self, whose: Whose, span: Span, usd: Decimal, now: datetime) -> tuple[Spent, ...]:
        """Return those of a kind who have spent at least so much in the current day or month."""
        total = func.sum(spending.c.usd)
        mine = and_(spending.c.period == period_of(span, now), spending.c.whose == whose.value)
        wanted = select(spending.c.tenant, spending.c.owner, total.label("usd")).where(mine).group_by(spending.c.tenant, spending.c.owner)
        rows = await self._database.rows(wanted.order_by(total.desc()))
        spent = [Spent(whose, row["tenant"], row["owner"], row["usd"]) for row in rows]
        return tuple(one for one in spent if one.usd >= usd)

    async def reserved(self, now: datetime) -> Decimal:
        """Return what is set aside for calls that are under way."""
        held = await self._database.value(select(func.sum(reservations.c.usd)).where(reservations.c.until > now))
        return held or Decimal(0)

    async def total(self, since: datetime) -> Decimal:
        """Return what all attempts since a moment cost, as far as it is known."""
        spent = await self._database.value(select(func.sum(attempts.c.cost_usd)).where(attempts.c.started_at >= since))
        return spent or Decimal(0)

    async def tidy(self, now: datetime) -> None:
        """Delete the reservations whose time is over."""
        await self._database.change(delete(reservations).where(reservations.c.until <= now))


def _uses(connection: Connection, payer: Payer, now: datetime) -> dict[tuple[Whose, Span], Used]:
    """Add up what counts under each cap of a payer: what is open first, then what is booked.

    In this order what is booked in between counts twice rather than not at all.
    """
    theirs = {whose: _theirs(payer, whose) for whose in Whose}
    sums = [func.sum(case((mine, reservations.c.usd))).label(whose.value) for whose, mine in theirs.items()]
    open_ = connection.execute(
        select(reservations.c.tier, *sums).where(reservations.c.until > now).group_by(reservations.c.tier)
    ).mappings()
    counted = [(whose, span, row["tier"], row[whose.value] or _ZERO) for row in open_.all() for whose in Whose for span in Span]
    spans = {period_of(span, now): span for span in Span}
    mine = or_(
        *(
            and_(spending.c.whose == whose.value, spending.c.tenant == tenant, spending.c.owner == owner)
            for whose, tenant, owner in payer.owners()
        )
    )
    booked = connection.execute(select(spending).where(mine, spending.c.period.in_(spans))).mappings()
    counted += [(Whose(row["whose"]), spans[row["period"]], row["tier"], row["usd"]) for row in booked]
    return {(whose, span): _used(counted, whose, span) for whose in Whose for span in Span}


def _used(counted: Sequence[tuple[Whose, Span, str, Decimal]], whose: Whose, span: Span) -> Used:
    mine = [(tier, usd) for theirs, when, tier, usd in counted if (theirs, when) == (whose, span)]
    small = sum((usd for tier, usd in mine if tier == Tier.SMALL.value), _ZERO)
    return Used(sum((usd for _, usd in mine), _ZERO), small)


def _theirs(payer: Payer, whose: Whose) -> ColumnElement[bool]:
    """Return the condition for the reservations that count under a cap of this payer."""
    mine = reservations.c.tenant == payer.tenant
    return {
        Whose.DEPLOYMENT: true(),
        Whose.TENANT: mine,
        Whose.CHANNEL: and_(mine, reservations.c.channel == payer.channel),
        Whose.USER: and_(mine, reservations.c.user == payer.user),
    }[whose]


def _hold_values(hold: Hold) -> dict[str, object]:
    return {
        "question_id": hold.question_id,
        "tenant": hold.payer.tenant,
        "channel": hold.payer.channel,
        "user": hold.payer.user,
        "tier": hold.tier.value,
        "usd": hold.usd,
        "until": hold.until,
    }
