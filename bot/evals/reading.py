"""Reads from the store what the evals reckon with, for a span of weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.evals.estimate import Error
from bot.evals.report import Report, make_report
from bot.evals.weeks import bounds, week_of
from bot.store.database import Database
from bot.store.grades import read_grades, read_volumes
from router.evals_policy import EvalsPolicy


@dataclass(frozen=True, slots=True)
class Span:
    """Weeks from the first to the last, both included."""

    first: str
    last: str

    @property
    def since(self) -> datetime:
        """When the span begins."""
        return bounds(self.first)[0]

    @property
    def until(self) -> datetime:
        """When the span is over."""
        return bounds(self.last)[1]


def last_weeks(now: datetime, count: int) -> Span:
    """Return the last weeks, the running one included."""
    return Span(week_of(now - timedelta(weeks=count - 1)), week_of(now))


def error_of(policy: EvalsPolicy) -> Error:
    """Return the reviewers' error as the policy knows it."""
    return Error(policy.reviewer_misses, policy.reviewer_alarms)


async def read_report(database: Database, span: Span, policy: EvalsPolicy) -> Report:
    """Return the report on a span of weeks. Raises StoreUnavailable."""
    grades = await read_grades(database, since=span.first, until=span.last)
    return make_report(grades, await read_volumes(database, span.since, span.until), error_of(policy))
