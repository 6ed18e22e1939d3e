"""Alembic migrations, one file each."""
