"""Questions that are tried again: how often they failed, and until when."""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("retry_until", bot.store.columns.Moment(timezone=True), nullable=True))
