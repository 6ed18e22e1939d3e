"""Turns away what a person asks beyond the policy's limit: told once, not worked on, and nobody else waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.replies import Cause, Failed
from bot.store.pace import Limit, Pace
from bot.types import Question
from router.money_policy import Limits
from router.types import Clock

TOO_FAST = "You have asked {most} questions within {window}, which is as many as I take from one person. I left the rest."


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A question that is not answered; `told` for the first of them, whose reply says so.

    What the same person asks after it and before `rest_until` is beyond the limit as well, and nobody is told.
    """

    failure: Failed
    told: bool
    rest_until: datetime


class Doorman:
    """Applies the limits, in the order in which a person's questions came in: whoever slows down is answered again."""

    def __init__(self, pace: Pace, limits: Limits, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        windows = (("a minute", timedelta(minutes=1), limits.user_per_minute), ("an hour", timedelta(hours=1), limits.user_per_hour))
        self._limits = [Limit(name, window, most) for name, window, most in windows if most is not None]

    async def turn_away(self, question: Question) -> TurnedAway | None:
        """Return how a question is turned away; None when it is taken. Raises StoreUnavailable."""
        found: TurnedAway | None = None
        for limit in self._limits:
            before = await self._pace.before(question, limit)
            if before.full_until and (found is None or found.told):
                failure = Failed(TOO_FAST.format(most=limit.most, window=limit.name), Cause.RATE_LIMIT, self._clock() + limit.window)
                found = TurnedAway(failure, before.count == limit.most, before.full_until)
        return found

    async def leave_rest(self, question: Question, beyond: TurnedAway) -> None:
        """Close, with a record each, what the person asked after a question that is turned away. Raises StoreUnavailable.

        However much it is, it costs a few transactions, and nobody else waits for it.
        """
        await self._pace.close_rest(question, beyond.rest_until, beyond.failure, self._clock())
