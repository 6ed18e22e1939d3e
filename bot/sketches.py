"""What can be drawn for a page: values that say all of a plot, without the plotting library."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.evals.report import Report
from bot.types import Badge


class Panel(StrEnum):
    """A part of the report; the value is its title."""

    TIERS = "by tier"
    KINDS = "by kind and tier"
    WEEKS = "by week"


@dataclass(frozen=True, slots=True)
class AnswersByDay:
    """How many answers of each badge were given on each day."""

    days: tuple[tuple[date, Badge, int], ...]


@dataclass(frozen=True, slots=True)
class SpendingByDay:
    """For each day what was spent, and what the frontier model alone would have cost."""

    days: tuple[tuple[date, Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ReportPanel:
    """One panel of a report."""

    report: Report
    panel: Panel


Subject = AnswersByDay | SpendingByDay | ReportPanel


@dataclass(frozen=True, slots=True)
class Sketch:
    """A plot to draw, for a dark page or for a light one."""

    subject: Subject
    dark: bool
