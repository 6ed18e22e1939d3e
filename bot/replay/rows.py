"""Reads what is to be replayed: JSON lines of questions, with or without labels."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.lines import LineError, read_lines
from router.types import Visibility, Volatility

NO_ROWS = "there is no question in the file"
TWICE = "`id`: an earlier line has the same one"
TOO_FAR = "the year should lie between 1970 and 9000"

_YEARS = range(1970, 9001)
"""Beyond them, a time to live leads out of the calendar."""
_SPECIAL = re.compile(r"(?P<kind>[DG])(?:-|[A-Z0-9]{8,}$)")
"""How Slack begins the ids of direct messages (D) and private groups (G); `D-anna` is the same, written by hand."""


class ReplayError(LineError):
    """The traffic cannot be used though each of its lines has the right form."""


def _as_utc(moment: datetime) -> datetime:
    """Return a time as an aware one; one without a zone is UTC, as all of ours are."""
    if moment.year not in _YEARS:
        raise PydanticCustomError("too_far", TOO_FAR)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class Row(BaseModel):
    """One question of the traffic.

    `key` is the true answer's name: the questions with one key have one true answer. `tier` is the cheapest tier that answers
    well and `volatility` how fast the answer ages; each label may be missing.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    id: str | int
    at: Annotated[datetime, AfterValidator(_as_utc)]
    user: Annotated[str, Field(min_length=1)]
    channel: Annotated[str, Field(min_length=1)]
    text: str
    key: str | None = None
    tier: Literal["small", "frontier"] | None = None
    volatility: Volatility | None = None

    @property
    def visibility(self) -> Visibility:
        """Who can see the channel, by its id; a channel that does not look like another is public."""
        special = _SPECIAL.match(self.channel)
        if special is None:
            return Visibility.PUBLIC
        return Visibility.DIRECT if special["kind"] == "D" else Visibility.PRIVATE


def read_rows(lines: Iterable[str]) -> tuple[Row, ...]:
    """Return the rows of JSON lines by their time, those of one moment in the file's order; blank lines are skipped.

    Raises LineError at the first line that cannot be used.
    """
    counted = _Counted(lines)
    rows: dict[str, Row] = {}
    for row in read_lines(counted, Row):
        if str(row.id) in rows:
            raise ReplayError(TWICE, counted.number)
        rows[str(row.id)] = row
    if not rows:
        raise ReplayError(NO_ROWS)
    return tuple(sorted(rows.values(), key=lambda row: row.at))


class _Counted:
    """Lines, and the number of the last one that was taken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            yield line
