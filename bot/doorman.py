"""Turns away what a person asks beyond the policy's limit: told once, not worked on, and nobody else waits for it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.replies import Cause, Failed
from bot.store.pace import Pace
from bot.types import Question
from router.money_policy import Limits
from router.types import Clock

TOO_FAST = "You have asked {most} questions within {window}, which is as many as I take from one person. I left the rest."


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A question that is not answered; `told` for the first of them, whose reply says so."""

    failure: Failed
    told: bool


class Doorman:
    """Applies the limits, in the order in which a person's questions came in: whoever slows down is answered again."""

    def __init__(self, pace: Pace, limits: Limits, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        windows = (("a minute", timedelta(minutes=1), limits.user_per_minute), ("an hour", timedelta(hours=1), limits.user_per_hour))
        self._windows = [(name, window, most) for name, window, most in windows if most is not None]

    async def turn_away(self, question: Question) -> TurnedAway | None:
        """Return how a question is turned away; None when it is taken. Raises StoreUnavailable."""
        found: TurnedAway | None = None
        for name, window, most in self._windows:
            before = await self._pace.before(question, window, most + 1)
            if before >= most and (found is None or found.told):
                failure = Failed(TOO_FAST.format(most=most, window=name), Cause.RATE_LIMIT, self._clock() + window)
                found = TurnedAway(failure, told=before == most)
        return found
