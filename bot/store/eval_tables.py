"""The tables of the evals: what was sampled, what reviewers said, and golden questions."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from bot.store.columns import Moment
from bot.store.tables import metadata

_ID = String(40)

sample_draws = Table(
    "sample_draws",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("since", Moment, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("drawn_at", Moment, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("size", Integer, nullable=False),
)

samples = Table(
    "samples",
    metadata,
    Column("question_id", _ID, ForeignKey("questions.id"), primary_key=True),
    Column("week", String(8), nullable=False),
    Column("position", Integer, nullable=False),
    Column("why", String(16), nullable=False),
    Column("tier", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("channel", String(255), nullable=False),
    Column("weight", Float, nullable=False),
    Column("twice", Boolean, nullable=False),
    Index("samples_week", "week", "position"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("question_id", _ID, ForeignKey("questions.id"), primary_key=True),
    Column("reviewer", String(128), primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("fault", String(16)),
    Column("comment", Text, nullable=False),
    Column("correction", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

golden = Table(
    "golden",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("text", Text, nullable=False),
    Column("tier", String(16), nullable=False),
    Column("answer", Text, nullable=False),
    Column("earlier", Text, nullable=False),
    Column("same", Boolean),
    Column("imported_at", Moment, nullable=False),
)
