"""The dashboard's own tables: who is signed in, who looked at what, and the policies that were in force."""

from sqlalchemy import Column, Integer, String, Table, Text

from bot.store.columns import Moment
from bot.store.tables import metadata

sessions = Table(
    "admin_sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

reveals = Table(
    "reveals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("session", String(64), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("question_id", String(40), nullable=False),
    Column("page", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("since", Moment, nullable=False),
)
