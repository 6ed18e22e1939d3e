"""Runs Alembic on an open connection."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_LOCK = 7_230_001
"""Any number that no other program uses as an advisory lock in this database."""


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest migration, in the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    command.upgrade(config(connection), "head")


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for our migrations folder."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made
