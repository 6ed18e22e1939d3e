"""Every table at once, for what has to know them all: the migrations, and tests that empty a database."""

from bot.store import admin_tables, eval_tables, money_tables, reach_tables, tables

metadata = tables.metadata
MODULES = (tables, admin_tables, eval_tables, money_tables, reach_tables)
