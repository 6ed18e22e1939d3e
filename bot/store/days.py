"""Periods, and the UTC day of a moment, in SQL."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, String, and_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, before `until`."""

    since: datetime
    until: datetime

    def holds(self, column: Column[datetime]) -> ColumnElement[bool]:
        """Return the condition that a moment lies in the period."""
        return and_(column >= self.since, column < self.until)


class utc_day(FunctionElement[str]):  # noqa: N801 (reads as the SQL function that it is)
    """The UTC day of a moment's column as text, such as `2026-11-25`."""

    type = String()
    inherit_cache = True
    name = "utc_day"


@compiles(utc_day, "sqlite")
def _sqlite(element: utc_day, compiler: SQLCompiler, **options: object) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 10)"


@compiles(utc_day, "postgresql")
def _postgresql(element: utc_day, compiler: SQLCompiler, **options: object) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
