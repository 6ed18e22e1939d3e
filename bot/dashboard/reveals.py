"""Revealing a question's words, and the trail of who did."""

from dataclasses import dataclass

from aiohttp import web

from bot.dashboard.cards import Cards
from bot.dashboard.forms import RevealForm, parse
from bot.dashboard.html import Pages
from bot.dashboard.visit import Refused, Visit
from bot.store.reveals import Reveal
from bot.store.store import Store

TITLE = "Reveals"
SHOWN = 200
NO_SUCH_ANSWER = "There is no such answer any more."
NOT_REVEALED = "Only its asker saw this answer, and the policy keeps it that way (`direct_messages` under [evals])."


@dataclass(frozen=True, slots=True)
class RevealsView:
    """The last reveals, newest first."""

    reveals: tuple[Reveal, ...]
    shown: int = SHOWN


class RevealsPage:
    """Reveals, and shows what was revealed."""

    def __init__(self, store: Store, cards: Cards, pages: Pages) -> None:
        self._reveals = store.reveals
        self._cards = cards
        self._pages = pages

    async def show(self, visit: Visit) -> web.Response:
        """Show the trail."""
        view = RevealsView(await self._reveals.latest(SHOWN))
        return self._pages.page("reveals.html", view, visit.frame(TITLE))

    async def reveal(self, visit: Visit) -> web.Response:
        """Note that this session sees a question from now on, and go back to the page that asked."""
        form = parse(RevealForm, visit.fields)
        card = await self._cards.of(visit.session, form.question_id)
        if card is None:
            raise Refused(404, NO_SUCH_ANSWER)
        if card.secret:
            raise Refused(403, NOT_REVEALED)
        if card.words is None:
            await self._reveals.add(visit.session, form.question_id, form.page.split("/")[2])
        return web.Response(status=303, headers={"Location": form.page})
