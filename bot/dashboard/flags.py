"""The flags queue: what people flagged and nobody has dealt with."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.dashboard.cards import Card, Cards
from bot.dashboard.forms import FlagForm, parse
from bot.dashboard.frame import PREFIX
from bot.dashboard.html import Pages
from bot.dashboard.visit import Visit
from bot.store.store import Store
from bot.types import Flag
from bot.wording import REASONS
from router.types import Clock

TITLE = "Flags"
PATH = f"{PREFIX}/flags"
SHOWN = 30
NO_REASON = "no reason given"


@dataclass(frozen=True, slots=True)
class Flagged:
    """One answer and its open flags: how many, what they say is wrong, and when the last was raised. `card` is None when it is gone."""

    question_id: str
    count: int
    reasons: str
    last: datetime
    card: Card | None


@dataclass(frozen=True, slots=True)
class FlagsView:
    """The page; `more`: there are flags beyond those shown."""

    flagged: tuple[Flagged, ...]
    more: bool
    saved: str
    shown: int = SHOWN


class FlagsPage:
    """Lists open flags and closes them."""

    def __init__(self, store: Store, cards: Cards, pages: Pages, clock: Clock) -> None:
        self._store = store
        self._cards = cards
        self._pages = pages
        self._clock = clock

    async def show(self, visit: Visit) -> web.Response:
        """Show the answers with open flags, the last flagged first."""
        opened = await self._store.flags.open(SHOWN + 1)
        by_answer: dict[str, list[Flag]] = {}
        for one in opened[:SHOWN]:
            by_answer.setdefault(one.flag.question_id, []).append(one.flag)
        cards = await asyncio.gather(*(self._cards.of(visit.session, question_id) for question_id in by_answer))
        flagged = [
            Flagged(question_id, len(flags), _said(flags), flags[0].at, card)
            for (question_id, flags), card in zip(by_answer.items(), cards, strict=True)
        ]
        view = FlagsView(tuple(flagged), len(opened) > SHOWN, visit.query.get("saved", ""))
        return self._pages.page("flags.html", view, visit.frame(TITLE))

    async def resolve(self, visit: Visit) -> web.Response:
        """Close the open flags on an answer without a review of it."""
        form = parse(FlagForm, visit.fields)
        await self._store.flags.resolve(form.question_id, form.resolution, visit.session.name, self._clock())
        return web.Response(status=303, headers={"Location": PATH})


def _said(flags: list[Flag]) -> str:
    named = dict.fromkeys(REASONS[flag.reason] for flag in flags if flag.reason)
    return ", ".join(named) or NO_REASON
