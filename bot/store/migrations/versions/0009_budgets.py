"""What is spent under each cap, what is reserved, the alerts that were raised, and what the frontier model would have cost."""

import sqlalchemy as sa
from alembic import op

import bot.store.columns
from bot.store.days import utc_day

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OWNERS = {"deployment": ("", ""), "tenant": ("tenant", ""), "channel": ("tenant", "channel"), "user": ("tenant", "user")}
"""The columns of an attempt that name whose money it was."""
PERIODS = {"day": 10, "month": 7}
"""How much of a date names each."""


def upgrade() -> None:
    """Apply. What was spent before counts under the caps as well."""
    op.create_table(
        "spending",
        sa.Column("whose", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("usd", bot.store.columns.Dollars(), nullable=False),
        sa.PrimaryKeyConstraint("whose", "tenant", "owner", "period", "tier"),
    )
    op.create_index("spending_period", "spending", ["period", "whose"])
    op.create_table(
        "reservations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("usd", bot.store.columns.Dollars(), nullable=False),
        sa.Column("until", bot.store.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reservations_question_id"), "reservations", ["question_id"])
    op.create_index(op.f("ix_reservations_until"), "reservations", ["until"])
    op.create_table(
        "alerts",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("at", bot.store.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_alerts_at"), "alerts", ["at"])
    op.create_index("inbox_asked", "inbox", ["tenant", "user", "created_at"])
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        for name in ("at_most_usd", "frontier_usd"):
            batch_op.add_column(sa.Column(name, bot.store.columns.Dollars(), nullable=True))
    _add_up()


def _add_up() -> None:
    texts = ("tenant", "channel", "user", "tier")
    attempts = sa.table(
        "attempts",
        *(sa.column(name, sa.String()) for name in texts),
        sa.column("started_at", bot.store.columns.Moment()),
        sa.column("cost_usd", sa.BigInteger()),
    )
    names = ("whose", "tenant", "owner", "period", "tier", "usd")
    spending = sa.table("spending", *(sa.column(name) for name in names))
    for whose, (tenant, owner) in OWNERS.items():
        named = [attempts.c[name] if name else sa.literal("") for name in (tenant, owner)]
        for length in PERIODS.values():
            period = sa.func.substr(utc_day(attempts.c.started_at), 1, length)
            keys = (*named, period, attempts.c.tier)
            spent = sa.select(sa.literal(whose), *keys, sa.func.sum(attempts.c.cost_usd)).where(attempts.c.cost_usd > 0).group_by(*keys)
            op.execute(spending.insert().from_select(names, spent))
