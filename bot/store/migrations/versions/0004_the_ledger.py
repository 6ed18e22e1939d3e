"""What an attempt has to say for a ledger: who pays, the provider, the price, the gateway's trace, and what a cached answer saved."""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PAYERS = ("tenant", "channel", "user")


def upgrade() -> None:
    """Apply. Attempts of before belong to whom their question belongs; their price is not known any more."""
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tenant", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("channel", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("user", sa.String(length=128), server_default="", nullable=False))
        batch_op.add_column(sa.Column("provider", sa.String(length=64), server_default="", nullable=False))
        for name in ("price_input", "price_output", "price_cached", "saved_usd"):
            batch_op.add_column(sa.Column(name, bot.store.columns.Dollars(), nullable=True))
        batch_op.add_column(sa.Column("price_source", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("price_as_of", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("trace_id", sa.String(length=128), server_default="", nullable=False))
        batch_op.alter_column("question_id", existing_type=sa.String(length=40), nullable=True)

    names = ("question_id", *PAYERS)
    attempts = sa.table("attempts", *(sa.column(name, sa.String()) for name in names))
    questions = sa.table("questions", *(sa.column(name, sa.String()) for name in ("id", *PAYERS)))
    mine = questions.c.id == attempts.c.question_id
    payers = {name: sa.select(questions.c[name]).where(mine).scalar_subquery() for name in PAYERS}
    op.execute(attempts.update().values(payers))
