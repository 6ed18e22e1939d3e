"""The review queue for the reviewers whom the policy names by their platform's user ids."""

from dataclasses import dataclass
from enum import StrEnum

from bot.evals.types import Progress, Review, Reviewable
from bot.store.samples import DIRECT
from bot.store.sessions import Session
from bot.store.store import Store
from router.evals_policy import EvalsPolicy
from router.types import Clock

PAGE = "app home"
SESSION = "slack:{user}"


class Graded(StrEnum):
    """What became of a verdict."""

    FIRST = "first"
    REPLACED = "replaced"
    """The reviewer had graded it before."""
    SECOND = "second"
    """Somebody else graded it while it was being read, and one was enough."""
    GONE = "gone"
    HIDDEN = "hidden"
    """This reviewer was not shown the answer, or it may not be shown any more."""
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Queue:
    """How a reviewer's queue stands. `progress` is None before a sample was drawn; `left`: something is left for this reviewer."""

    progress: Progress | None
    mine: int
    left: bool


class Reviewing:
    """Hands answers out and takes verdicts, from nobody but reviewers. Every method raises StoreUnavailable.

    As in the dashboard, what is handed out is on the trail of reveals before it is seen, and what only its asker saw
    stays unseen unless the policy's `direct_messages` says otherwise.
    """

    def __init__(self, store: Store, evals: EvalsPolicy, clock: Clock) -> None:
        self._reviews = store.reviews
        self._samples = store.samples
        self._reveals = store.reveals
        self._reviewers = frozenset(evals.reviewers)
        self._direct = evals.direct_messages
        self._clock = clock

    async def queue(self, user: str) -> Queue | None:
        """Return how a reviewer's queue stands; None for everybody else."""
        if user not in self._reviewers:
            return None
        weeks = await self._samples.weeks()
        progress = await self._reviews.progress(weeks[0].week) if weeks else None
        mine = progress.by_reviewer.get(user, 0) if progress else 0
        return Queue(progress, mine, await self._next(user) is not None)

    async def reveal_next(self, user: str) -> Reviewable | None:
        """Return what a reviewer is to look at next, on the trail from now on; None when nothing is left, or for no reviewer."""
        found = await self._next(user) if user in self._reviewers else None
        if found and not await self._was_shown(user, found.question.id):
            await self._reveals.add(self._session(user), found.question.id, PAGE)
        return found

    async def grade(self, review: Review) -> Graded:
        """Keep a verdict; a correction takes the place of the answer in the cache, where it was there."""
        if review.reviewer not in self._reviewers:
            return Graded.NOT_ALLOWED
        seen = await self._reviews.get(review.question_id, review.reviewer)
        if seen is None:
            return Graded.GONE
        if not self._may_be_shown(seen) or not await self._was_shown(review.reviewer, review.question_id):
            return Graded.HIDDEN
        others = any(one.reviewer != review.reviewer for one in await self._reviews.of(review.question_id))
        first = await self._reviews.put(review, into_cache=bool(review.correction))
        if first is None:
            return Graded.GONE
        if not first:
            return Graded.REPLACED
        return Graded.SECOND if others and not seen.drawn.twice else Graded.FIRST

    async def _next(self, user: str) -> Reviewable | None:
        waiting = await self._reviews.waiting(user, limit=1, direct=self._direct)
        return waiting[0] if waiting else None

    def _may_be_shown(self, seen: Reviewable) -> bool:
        return self._direct or seen.drawn.unit.stratum.channel != DIRECT

    async def _was_shown(self, user: str, question_id: str) -> bool:
        return question_id in await self._reveals.of(self._session(user), [question_id])

    def _session(self, user: str) -> Session:
        """Return what stands for a person on the trail: nobody signs in to Slack's Home tab, Slack vouches for the user."""
        now = self._clock()
        return Session(SESSION.format(user=user), user, now, now)
