"""The tables of how conversations are reached, and of the messages that replies consist of."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from bot.store.tables import metadata

addresses = Table(
    "addresses",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("channel", String(255), primary_key=True),
    Column("setting", String(16), nullable=False),
    Column("url", String(512), nullable=False),
    Column("bot", String(128), nullable=False),
    Column("user", String(128), nullable=False, index=True),
)

parts = Table(
    "parts",
    metadata,
    Column("question_id", String(40), ForeignKey("inbox.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("channel", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Index("parts_message", "channel", "message"),
)
