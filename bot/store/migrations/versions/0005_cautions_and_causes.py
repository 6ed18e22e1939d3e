"""Why an answer is less than was asked for, why there is none, and what may be done next."""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table, name, what in (("answers", "concern", "concern"), ("questions", "failure", "failure_cause")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(what, sa.String(length=16), server_default="", nullable=False))
            batch_op.add_column(sa.Column(f"{name}_until", bot.store.columns.Moment(timezone=True), nullable=True))
            batch_op.add_column(sa.Column(f"{name}_offers", sa.JSON(), server_default="[]", nullable=False))
