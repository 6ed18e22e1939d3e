"""The tables. One row of `inbox` and of `questions` shares its id with the answer, the decision and the flags."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from bot.store.columns import Dollars, Moment

metadata = MetaData()

_ID = String(40)
_KEY = String(255)
_SCOPE = String(2000)
"""A scope's key, in which a character of its ids may take six."""


def _asked() -> list[Column[str] | Column[bool] | Column[datetime]]:
    """Return the columns that describe a question wherever one is kept."""
    return [
        Column("kind", String(16), nullable=False),
        Column("platform", String(16), nullable=False),
        Column("tenant", String(64), nullable=False),
        Column("channel", String(255), nullable=False),
        Column("thread", String(255), nullable=False),
        Column("visibility", String(16), nullable=False),
        Column("user", String(128), nullable=False),
        Column("text", Text, nullable=False),
        Column("private", Boolean, nullable=False),
        Column("source_channel", String(255), nullable=False),
        Column("source_message", String(255), nullable=False),
        Column("parent", _ID, nullable=False),
        Column("asked_at", Moment, nullable=False),
    ]


inbox = Table(
    "inbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("delivery_key", _KEY, nullable=False, unique=True),
    Column("logical_key", _KEY, nullable=False, unique=True),
    *_asked(),
    Column("reply_url", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("lease_token", String(200)),
    Column("attempts", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("retry_until", Moment),
    Column("reply_channel", String(255)),
    Column("reply_message", String(255)),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Index("inbox_waiting", "state", "not_before"),
    Index("inbox_reply", "reply_channel", "reply_message"),
    Index("inbox_source", "source_channel", "source_message"),
    Index("inbox_thread", "channel", "thread"),
    Index("inbox_asked", "tenant", "user", "created_at"),
)

questions = Table(
    "questions",
    metadata,
    Column("id", _ID, primary_key=True),
    *_asked(),
    Column("recorded_at", Moment, nullable=False),
    Column("failure", Text),
    Column("failure_cause", String(16), nullable=False, server_default=""),
    Column("failure_until", Moment),
    Column("failure_offers", JSON, nullable=False, server_default="[]"),
    Index("questions_user", "user", "asked_at"),
    Index("questions_thread", "channel", "thread", "asked_at"),
    Index("questions_recorded", "recorded_at"),
    Index("questions_failed", "recorded_at", sqlite_where=text("failure IS NOT NULL"), postgresql_where=text("failure IS NOT NULL")),
)

decisions = Table(
    "decisions",
    metadata,
    Column("question_id", _ID, ForeignKey("questions.id"), primary_key=True),
    Column("mode", String(8), nullable=False),
    Column("tier", String(16), nullable=False),
    Column("volatility", String(16), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("shadow_source", _ID, nullable=False, server_default=""),
    Column("shadow_similarity", Float),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("question_id", _ID, ForeignKey("questions.id"), index=True),
    Column("tenant", String(64), nullable=False, server_default=""),
    Column("channel", String(255), nullable=False, server_default=""),
    Column("user", String(128), nullable=False, server_default=""),
    Column("tier", String(16), nullable=False),
    Column("target", String(255), nullable=False),
    Column("model", String(255), nullable=False),
    Column("provider", String(64), nullable=False, server_default=""),
    Column("outcome", String(16), nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
    Column("latency_ms", Integer, nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("reasoning_tokens", Integer),
    Column("cost_usd", Dollars),
    Column("cost_source", String(16), nullable=False),
    Column("price_input", Dollars),
    Column("price_output", Dollars),
    Column("price_cached", Dollars),
    Column("price_source", String(64), nullable=False, server_default=""),
    Column("price_as_of", Date),
    Column("saved_usd", Dollars),
    Column("at_most_usd", Dollars),
    Column("frontier_usd", Dollars),
    Column("detail", Text, nullable=False),
    Column("purpose", String(16), nullable=False, server_default="answer"),
    Column("trace_id", String(128), nullable=False, server_default=""),
)

answers = Table(
    "answers",
    metadata,
    Column("question_id", _ID, ForeignKey("questions.id"), primary_key=True),
    Column("tier", String(16), nullable=False),
    Column("model", String(255), nullable=False),
    Column("text", Text, nullable=False),
    Column("best_effort", Boolean, nullable=False),
    Column("can_escalate", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("concern", String(16), nullable=False, server_default=""),
    Column("concern_until", Moment),
    Column("concern_offers", JSON, nullable=False, server_default="[]"),
    Column("latency_ms", Integer, nullable=False),
    Column("cost_usd", Dollars),
    Column("cost_source", String(16), nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("source", _ID, nullable=False, server_default="", index=True),
    Column("similarity", Float),
    Column("match_reason", Text, nullable=False, server_default=""),
    Column("sources", JSON, nullable=False, server_default="[]"),
    Index("answers_figures", "answered_at", "tier", "best_effort", "latency_ms", "question_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("question_id", _ID, ForeignKey("questions.id"), primary_key=True),
    Column("scope", _SCOPE, nullable=False),
    Column("canonical", String(64), nullable=False),
    Column("entities", JSON, nullable=False),
    Column("masked", Text, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("evicted_at", Moment),
    Column("evicted_why", String(16), nullable=False),
    Column("blocked", Boolean, nullable=False),
    Index("entries_exact", "scope", "canonical"),
)

entry_names = Table(
    "entry_names",
    metadata,
    Column("question_id", _ID, ForeignKey("entries.question_id"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Index("entry_names_name", "name"),
)

flights = Table(
    "flights",
    metadata,
    Column("scope", _SCOPE, primary_key=True),
    Column("canonical", String(64), primary_key=True),
    Column("holder", _ID, nullable=False, index=True),
    Column("until", Moment, nullable=False),
)

flags = Table(
    "flags",
    metadata,
    Column("question_id", _ID, primary_key=True),
    Column("user", String(128), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("source", String(16), nullable=False),
    Column("reason", String(16)),
    Column("comment", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("retracted_at", Moment),
    Column("resolution", String(16)),
    Column("resolved_by", String(64)),
    Column("resolved_at", Moment),
)

pairs = Table(
    "pairs",
    metadata,
    Column("first", _ID, primary_key=True),
    Column("second", _ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
)

transcript = Table(
    "transcript",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False, unique=True),
    Column("channel", String(255), nullable=False),
    Column("thread", String(64), nullable=False),
    Column("author", String(128), nullable=False),
    Column("visible_to", String(128), nullable=False),
    Column("body", Text, nullable=False),
    Column("question", _ID, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Integer, nullable=False),
)
