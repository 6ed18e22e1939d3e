"""The semantic cache."""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "flights",
        sa.Column("scope", sa.String(length=2000), nullable=False),
        sa.Column("canonical", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", bot.store.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "canonical"),
    )
    with op.batch_alter_table("flights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flights_holder"), ["holder"], unique=False)

    op.create_table(
        "entries",
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=2000), nullable=False),
        sa.Column("canonical", sa.String(length=64), nullable=False),
        sa.Column("entities", sa.JSON(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("expires_at", bot.store.columns.Moment(timezone=True), nullable=False),
        sa.Column("evicted_at", bot.store.columns.Moment(timezone=True), nullable=True),
        sa.Column("evicted_why", sa.String(length=16), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
        ),
        sa.PrimaryKeyConstraint("question_id"),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("entries_exact", ["scope", "canonical"], unique=False)
        batch_op.create_index(batch_op.f("ix_entries_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "entry_names",
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["entries.question_id"],
        ),
        sa.PrimaryKeyConstraint("question_id", "name"),
    )
    with op.batch_alter_table("entry_names", schema=None) as batch_op:
        batch_op.create_index("entry_names_name", ["name"], unique=False)

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("similarity", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("match_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_answers_source"), ["source"], unique=False)

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=16), server_default="answer", nullable=False))

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shadow_source", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("shadow_similarity", sa.Float(), nullable=True))
