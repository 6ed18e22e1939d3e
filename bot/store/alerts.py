"""Alerts that were raised: each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.replies import Announcement, Urgency
from bot.store.database import Database
from bot.store.money_tables import alerts
from bot.store.tables import attempts
from router.types import Outcome


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that operators are told. `key` names it: it is told once. `user` is the person whom it is about, if any."""

    key: str
    said: Announcement
    at: datetime
    user: str = ""


@dataclass(frozen=True, slots=True)
class RefusedKey:
    """A provider that did not accept our key when this model was asked."""

    provider: str
    target: str


class Alerts:
    """Keeps alerts. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, alert: Alert) -> bool:
        """Keep an alert; False when it was raised before."""
        values = {
            "key": alert.key,
            "title": alert.said.title,
            "text": alert.said.text,
            "urgency": alert.said.urgency.value,
            "user": alert.user,
            "at": alert.at,
        }
        into = sqlite.insert(alerts) if self._database.is_sqlite else postgresql.insert(alerts)
        added = into.values(values).on_conflict_do_nothing().returning(alerts.c.key)
        return await self._database.write(lambda connection: connection.scalar(added)) is not None

    async def raised(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those of these keys that were raised."""
        rows = await self._database.rows(select(alerts.c.key).where(alerts.c.key.in_(keys)))
        return frozenset(row["key"] for row in rows)

    async def recent(self, limit: int, *, prefix: str = "") -> tuple[Alert, ...]:
        """Return the last alerts whose keys start with `prefix`, newest first."""
        mine = alerts.c.key.startswith(prefix, autoescape=True)
        rows = await self._database.rows(select(alerts).where(mine).order_by(alerts.c.at.desc(), alerts.c.key).limit(limit))
        return tuple(_alert_of(row) for row in rows)

    async def refused_keys(self, since: datetime) -> tuple[RefusedKey, ...]:
        """Return which providers did not accept our key since a moment, and for which models."""
        refused = attempts.c.outcome == Outcome.UNAUTHORIZED.value
        wanted = select(attempts.c.provider, attempts.c.target).where(attempts.c.started_at >= since, refused).distinct()
        rows = await self._database.rows(wanted.order_by(attempts.c.provider, attempts.c.target))
        return tuple(RefusedKey(row["provider"], row["target"]) for row in rows)


def _alert_of(row: RowMapping) -> Alert:
    return Alert(row["key"], Announcement(row["title"], row["text"], Urgency(row["urgency"])), row["at"], row["user"])
