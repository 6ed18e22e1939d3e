"""Draws the sample of a week as the policy wants it."""

from collections.abc import Sequence
from functools import partial
from random import Random, SystemRandom

from bot.evals.sampling import draw
from bot.evals.types import Drawn, Unit
from bot.evals.weeks import week_before, week_of
from bot.store.samples import Samples, Week
from router.evals_policy import EvalsPolicy
from router.types import Clock


async def draw_week(samples: Samples, policy: EvalsPolicy, week: str, random: Random | None = None) -> Week:
    """Draw a week's sample, or what it still lacks. Raises StoreUnavailable, NotAWeek."""
    choose = partial(_choose, twice=policy.twice_share, random=random or SystemRandom())
    return await samples.draw(week, policy.sample_per_week, choose, direct=policy.direct_messages)


async def draw_latest(samples: Samples, policy: EvalsPolicy, clock: Clock) -> Week:
    """Draw the last complete week's sample; the running week's where nothing was answered before it."""
    last = await draw_week(samples, policy, week_before(clock()))
    return last if last.answers else await draw_week(samples, policy, week_of(clock()))


def _choose(units: Sequence[Unit], size: int, *, twice: float, random: Random) -> list[Drawn]:
    return draw(units, size, twice=twice, random=random)
