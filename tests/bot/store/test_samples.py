"""A week is drawn once, from what was shown to people, with flags on top."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.evals.sampling import draw
from bot.evals.types import Drawn, Unit
from bot.store.database import Database
from bot.store.eval_tables import samples
from bot.store.flags import Flags
from bot.store.samples import Samples, Week
from bot.types import Flag, FlagSource
from router.types import Tier, Visibility
from tests.fakes.answered import AT, WEEK, keep_answered
from tests.fakes.clock import FakeClock


@pytest.fixture
def sampling(database: Database, clock: FakeClock) -> Samples:
    return Samples(database, clock)


def choose(units: Sequence[Unit], size: int) -> list[Drawn]:
    return draw(units, size, twice=0.5, random=Random(1))


async def rows(database: Database) -> dict[str, tuple[str, str, str, float]]:
    found = await database.rows(select(samples))
    return {row["question_id"]: (row["why"], row["kind"], row["channel"], row["weight"]) for row in found}


async def flag(database: Database, question_id: str) -> None:
    await Flags(database).put(Flag(question_id, "U9", FlagSource.BUTTON, None, "", AT + timedelta(hours=1)))


async def test_a_week_s_answers_are_drawn_with_their_weights(database: Database, sampling: Samples) -> None:
    for number in range(8):
        await keep_answered(database, f"is cr{number} up?", tier=Tier.SMALL)
    await keep_answered(database, at=AT - timedelta(days=7))
    week = await sampling.draw(WEEK, 4, choose, direct=False)
    assert (week.answers, week.drawn, week.flagged) == (8, 4, 0)
    assert list((await rows(database)).values()) == [("random", "status", "C1", 2.0)] * 4


async def test_drawing_a_week_again_changes_nothing(database: Database, sampling: Samples) -> None:
    for number in range(5):
        await keep_answered(database, f"is cr{number} up?")
    first = await sampling.draw(WEEK, 3, choose, direct=False)
    drawn = await rows(database)
    assert await sampling.draw(WEEK, 3, choose, direct=False) == first
    assert await rows(database) == drawn


async def test_a_running_week_is_drawn_on_from_what_came_since(database: Database, clock: FakeClock) -> None:
    clock.now = AT + timedelta(minutes=1)
    sampling = Samples(database, clock)
    await keep_answered(database)
    await sampling.draw(WEEK, 10, choose, direct=False)
    await keep_answered(database, at=AT + timedelta(hours=3))
    clock.advance(4 * 3600)
    assert await sampling.draw(WEEK, 10, choose, direct=False) == Week(WEEK, clock(), 2, 2, 0, 0)


async def test_a_flagged_answer_is_added_on_top_and_marked(database: Database, sampling: Samples) -> None:
    ids = [await keep_answered(database, f"is cr{number} up?") for number in range(6)]
    for question_id in ids:
        await flag(database, question_id)
    week = await sampling.draw(WEEK, 2, choose, direct=False)
    assert (week.drawn, week.flagged) == (2, 4)
    assert sorted(why for why, _, _, _ in (await rows(database)).values()) == ["flag"] * 4 + ["random"] * 2


async def test_an_answer_is_never_drawn_twice(database: Database, sampling: Samples) -> None:
    """One that is drawn in its own week and flagged in the next does not come back."""
    question_id = await keep_answered(database, at=AT - timedelta(days=7))
    await sampling.draw("2026-W46", 5, choose, direct=False)
    await flag(database, question_id)
    await keep_answered(database)
    await sampling.draw(WEEK, 5, choose, direct=False)
    assert len(await rows(database)) == 2
    assert (await sampling.weeks())[0].flagged == 0


async def test_what_only_its_asker_saw_is_drawn_where_the_policy_allows_it(database: Database, sampling: Samples) -> None:
    direct = await keep_answered(database, channel="D1", visibility=Visibility.DIRECT)
    private = await keep_answered(database, private=True)
    for question_id in (direct, private):
        await flag(database, question_id)
    assert (await sampling.draw(WEEK, 5, choose, direct=False)).flagged == 0
    assert await rows(database) == {}
    await sampling.draw("2026-W47", 5, choose, direct=True)
    assert {channel for _, _, channel, _ in (await rows(database)).values()} == {"direct"}


async def test_a_week_that_is_none_is_refused(sampling: Samples) -> None:
    with pytest.raises(ValueError, match="a week looks like"):
        await sampling.draw("soon", 5, choose, direct=False)
