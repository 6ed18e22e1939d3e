"""The policy in force, and what changed before."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiohttp import web

from bot.dashboard.html import Pages
from bot.dashboard.visit import Visit
from bot.store.policies import KeptPolicy, PolicyHistory

TITLE = "Policy"
SHOWN = 20
CONTEXT_LINES = 2


class Mark(StrEnum):
    """What became of a line."""

    ADDED = "added"
    REMOVED = "removed"
    KEPT = "kept"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """The policy that came into force at `since`, and how it differs from the one before; nothing for the first."""

    digest: str
    since: datetime
    lines: tuple[Line, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The page: the newest policy's text, and the changes, newest first."""

    text: str
    changes: tuple[Change, ...]


class PolicyPage:
    """Shows the policies that were in force."""

    def __init__(self, history: PolicyHistory, pages: Pages) -> None:
        self._history = history
        self._pages = pages

    async def show(self, visit: Visit) -> web.Response:
        """Show the newest and how it came about."""
        kept = await self._history.latest(SHOWN + 1)
        view = PolicyView(kept[0].text if kept else "", changes_of(kept)[:SHOWN])
        return self._pages.page("policy.html", view, visit.frame(TITLE))


def changes_of(kept: Sequence[KeptPolicy]) -> tuple[Change, ...]:
    """Return each policy with its difference from the one before it; both are in the order of newest first."""
    before = [*kept[1:], None]
    return tuple(
        Change(new.digest, new.since, difference(old.text, new.text) if old else (), first=old is None)
        for new, old in zip(kept, before, strict=False)  # nothing was before the first, if there is one
    )


def difference(old: str, new: str) -> tuple[Line, ...]:
    """Return the lines that differ, with a few around them."""
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=CONTEXT_LINES)
    marks = {"+": Mark.ADDED, "-": Mark.REMOVED, " ": Mark.KEPT}
    lines = [Line(Mark.GAP, "") if line.startswith("@@") else Line(marks[line[0]], line[1:]) for line in list(found)[2:]]
    return tuple(lines[1:])
