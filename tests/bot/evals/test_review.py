"""The review in the terminal takes a key for each answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.evals.review import NOTHING_LEFT, Console, review
from bot.evals.types import Drawn, Fault, Unit, Verdict, Why
from bot.store.database import Database
from bot.store.store import Store, make_store
from bot.types import Flag, FlagReason, FlagSource
from router.types import Tier
from tests.fakes.answered import AT, WEEK, keep_answered
from tests.fakes.clock import FakeClock


@dataclass
class Person:
    """Somebody at the terminal who presses prepared keys."""

    keys: list[str]
    lines: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def console(self) -> Console:
        return Console(self.shown.append, lambda said: self.keys.pop(0), lambda said: self.lines.pop(0))


@pytest.fixture
def store(database: Database, clock: FakeClock) -> Store:
    clock.now = AT + timedelta(hours=1)
    return make_store(database, clock)


def all_of_them(units: Sequence[Unit], size: int) -> list[Drawn]:
    return [Drawn(unit, Why.RANDOM, 1.0) for unit in units]


async def grade(store: Store, person: Person) -> int:
    await store.samples.draw(WEEK, 50, all_of_them, direct=False)
    return await review(store.reviews, "ann", person.console(), lambda: AT)


async def test_a_key_each_grades_what_is_left(store: Store) -> None:
    ids = [await keep_answered(store.database, f"is cr{number} up?") for number in range(3)]
    person = Person(["x", "A", "c", "s"])
    assert await grade(store, person) == 2
    verdicts = [[one.verdict for one in await store.reviews.of(question_id)] for question_id in ids]
    assert verdicts == [[Verdict.ACCEPTABLE], [Verdict.CANNOT_TELL], []]
    assert person.shown[-1] == NOTHING_LEFT


async def test_what_is_wrong_and_what_would_be_right_are_asked_for(store: Store) -> None:
    question_id = await keep_answered(store.database, remembered=True)
    await grade(store, Person(["n", "o"], ["since yesterday", "Down."]))
    (said,) = await store.reviews.of(question_id)
    assert (said.verdict, said.fault, said.comment, said.correction) == (
        Verdict.NOT_ACCEPTABLE,
        Fault.OUTDATED,
        "since yesterday",
        "Down.",
    )
    assert len(await store.switches.all("index.")) == 2, "the correction goes into the cache"


async def test_quitting_keeps_what_was_graded(store: Store) -> None:
    for number in range(3):
        await keep_answered(store.database, f"is cr{number} up?")
    assert await grade(store, Person(["a", "q"])) == 1
    assert (await store.reviews.progress(WEEK)).left == 2


async def test_the_reviewer_sees_match_flags_and_no_control_characters(store: Store) -> None:
    source = await keep_answered(store.database, "is cr1 up?", at=AT - timedelta(days=7), remembered=True)
    hit = await keep_answered(store.database, "cr1\x1b[31m up?", tier=Tier.CACHE, source=source)
    await store.flags.put(Flag(hit, "U9", FlagSource.FORM, FlagReason.OUTDATED, "it went down", AT))
    person = Person(["s"])
    await grade(store, person)
    shown = person.shown[0]
    assert "the cache matched: is cr1 up? (0.90, the same wording)" in shown
    assert "flagged: outdated it went down" in shown
    assert "\x1b" not in shown
