"""Draws the answers that a test names, instead of chance."""

from bot.evals.types import Drawn, Stratum, Unit, Why
from bot.evals.weeks import week_of
from bot.store.store import Store
from router.types import Tier
from tests.fakes.clock import FakeClock


async def sample(store: Store, clock: FakeClock, *question_ids: str, channel: str = "C1") -> str:
    """Draw answers for review, in this order; return the week. `channel` is `direct` for what only its asker saw."""
    clock.advance(60)  # what is answered at the moment of the draw is not in it
    drawn = [Drawn(Unit(one, Stratum(Tier.SMALL, "status", channel)), Why.RANDOM, 1.0) for one in question_ids]
    week = await store.samples.draw(week_of(clock()), len(drawn), lambda units, size: drawn, direct=True)
    return week.week
