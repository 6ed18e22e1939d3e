"""The review queue: one answer after the other, a verdict on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.dashboard.cards import Card, Cards
from bot.dashboard.forms import ReviewForm, parse
from bot.dashboard.frame import PREFIX
from bot.dashboard.html import Pages
from bot.dashboard.visit import Refused, Visit
from bot.evals.drawing import draw_latest
from bot.evals.types import Fault, Progress, Review, Verdict
from bot.store.store import Store
from bot.wording import FAULTS
from router.evals_policy import EvalsPolicy
from router.types import Clock

TITLE = "Review"
PATH = f"{PREFIX}/review"
PAGE = "review"
NO_SUCH_ANSWER = "There is no such answer any more."
NOT_SEEN = "Reveal the answer before you judge it."
CONTRADICTION = "You said what is wrong with it, and that it is acceptable. Which is it?"
KEYS: Mapping[Fault, str] = {
    Fault.WRONG: "w",
    Fault.OUTDATED: "o",
    Fault.WRONG_MATCH: "m",
    Fault.INCOMPLETE: "i",
    Fault.UNSAFE: "u",
    Fault.SHOULD_ESCALATE: "e",
}
"""Those of the terminal's review."""
MAX_SKIPPED = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """A fault that can be chosen."""

    fault: Fault
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: a verdict that was given before, or what could not be taken."""

    fault: Fault | None = None
    comment: str = ""
    correction: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The page. `card` is None when nothing is left. `saved` is the answer judged last; `onward` the queue that goes on."""

    card: Card | None
    progress: Progress | None
    page: str
    onward: str
    skip: str = ""
    saved: str = ""
    problem: str = ""
    typed: Typed = Typed()
    faults: tuple[Choice, ...] = tuple(Choice(fault, FAULTS[fault], key) for fault, key in KEYS.items())


class ReviewPage:
    """Shows what is to be judged and keeps the verdicts."""

    def __init__(self, store: Store, cards: Cards, pages: Pages, evals: EvalsPolicy, clock: Clock) -> None:
        self._store = store
        self._cards = cards
        self._pages = pages
        self._evals = evals
        self._clock = clock

    async def show_next(self, visit: Visit) -> web.Response:
        """Show what this reviewer should judge next."""
        skipped = _skipped(visit)
        question_id = await self._next(visit, skipped)
        card = await self._cards.of(visit.session, question_id) if question_id else None
        skip = f"{PATH}?{urlencode({'skip': '.'.join([*skipped, question_id])})}" if question_id else ""
        view = ReviewView(card, await self._progress(), PATH, PATH, skip, saved=visit.query.get("saved", ""))
        return self._pages.page("review.html", view, visit.frame(TITLE))

    async def draw(self, visit: Visit) -> web.Response:
        """Draw the sample of the last complete week, or of the running one where there was none."""
        del visit
        await draw_latest(self._store.samples, self._evals, self._clock)
        return web.Response(status=303, headers={"Location": PATH})

    async def show_one(self, visit: Visit) -> web.Response:
        """Show one answer, judged or not."""
        card = await self._card(visit, visit.names["question"])
        onward = f"{PREFIX}/flags" if card.flags else PATH
        mine = card.mine
        typed = Typed(mine.fault, mine.comment, mine.correction, mine.verdict) if mine else Typed()
        view = ReviewView(card, None, visit.path, onward, typed=typed)
        return self._pages.page("review.html", view, visit.frame(TITLE))

    async def save(self, visit: Visit) -> web.Response:
        """Keep a verdict, which closes the flags that it settles."""
        form = parse(ReviewForm, visit.fields)
        card = await self._card(visit, form.question_id)
        if card.words is None:
            raise Refused(403, NOT_SEEN)
        if form.fault and form.verdict is not Verdict.NOT_ACCEPTABLE:
            return self._again(visit, card, form)
        review = Review(form.question_id, visit.session.name, form.verdict, self._clock(), form.fault, form.comment, form.correction)
        await self._store.reviews.put(review, into_cache=form.into_cache)
        if form.reveal_next and form.onward == PATH:
            await self._reveal_next(visit)
        return web.Response(status=303, headers={"Location": f"{form.onward}?{urlencode({'saved': form.question_id})}"})

    def _again(self, visit: Visit, card: Card, form: ReviewForm) -> web.Response:
        typed = Typed(form.fault, form.comment, form.correction, form.verdict)
        view = ReviewView(card, None, f"{PATH}/{form.question_id}", form.onward, problem=CONTRADICTION, typed=typed)
        return self._pages.page("review.html", view, visit.frame(TITLE), status=400)

    async def _reveal_next(self, visit: Visit) -> None:
        question_id = await self._next(visit, ())
        card = await self._cards.of(visit.session, question_id) if question_id else None
        if card and not card.secret:
            await self._store.reveals.add(visit.session, question_id, PAGE)

    async def _card(self, visit: Visit, question_id: str) -> Card:
        card = await self._cards.of(visit.session, question_id)
        if card is None:
            raise Refused(404, NO_SUCH_ANSWER)
        return card

    async def _next(self, visit: Visit, skipped: tuple[str, ...]) -> str:
        waiting = await self._store.reviews.waiting(visit.session.name, limit=len(skipped) + 1)
        return next((one.question.id for one in waiting if one.question.id not in skipped), "")

    async def _progress(self) -> Progress | None:
        weeks = await self._store.samples.weeks()
        return await self._store.reviews.progress(weeks[0].week) if weeks else None


def _skipped(visit: Visit) -> tuple[str, ...]:
    """Return what this reviewer put off, from the address: the last of them, so that a queue of nothing else starts over."""
    named = [one for one in visit.query.get("skip", "").split(".") if one]
    return tuple(named[-MAX_SKIPPED:])
