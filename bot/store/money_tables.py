"""The tables of money beside the attempts: what was spent under each cap, what is reserved, and which alerts were raised."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from bot.store.columns import Dollars, Moment
from bot.store.tables import metadata

spending = Table(
    "spending",
    metadata,
    Column("whose", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("owner", String(255), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("tier", String(16), primary_key=True),
    Column("usd", Dollars, nullable=False),
    Index("spending_period", "period", "whose"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("question_id", String(40), nullable=False, index=True),
    Column("tenant", String(64), nullable=False),
    Column("channel", String(255), nullable=False),
    Column("user", String(128), nullable=False),
    Column("tier", String(16), nullable=False),
    Column("usd", Dollars, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

alerts = Table(
    "alerts",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("title", String(255), nullable=False),
    Column("text", Text, nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("user", String(128), nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
