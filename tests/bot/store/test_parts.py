"""The messages of a reply are noted, so that each is posted once."""

import pytest

from bot.store.database import Database
from bot.store.forget import forget_user
from bot.store.inbox import Inbox
from bot.store.parts import BUTTONS, Part, Parts
from bot.types import MessageRef, Platform
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

FIRST, SECOND, BELOW = Part(0, "C1", "m0"), Part(1, "C1", "m1"), Part(BUTTONS, "C1", "m2")


@pytest.fixture
async def parts(database: Database, clock: FakeClock) -> Parts:
    await Inbox(database, clock).add(make_question(question_id="q_1"))
    return Parts(database)


async def test_parts_come_back_by_their_number(parts: Parts) -> None:
    await parts.note("q_1", SECOND, FIRST)
    await parts.note("q_1", BELOW)
    assert await parts.of("q_1") == (BELOW, FIRST, SECOND)


async def test_the_last_note_of_a_part_counts(parts: Parts) -> None:
    await parts.note("q_1", FIRST)
    await parts.note("q_1", Part(0, "C1", "m9"))
    assert await parts.of("q_1") == (Part(0, "C1", "m9"),)


async def test_a_dropped_part_is_gone(parts: Parts) -> None:
    await parts.note("q_1", FIRST, SECOND)
    await parts.drop("q_1", 1)
    assert await parts.of("q_1") == (FIRST,)


async def test_a_part_leads_to_its_question(parts: Parts) -> None:
    await parts.note("q_1", FIRST, SECOND)
    assert await parts.question_at(MessageRef(Platform.SLACK, "T1", "C1", "m1")) == "q_1"
    assert await parts.question_at(MessageRef(Platform.SLACK, "T2", "C1", "m1")) is None
    assert await parts.question_at(MessageRef(Platform.SLACK, "T1", "C1", "m7")) is None


async def test_a_question_that_is_not_there_keeps_no_parts(parts: Parts) -> None:
    await parts.note("q_forgotten", FIRST)
    assert await parts.of("q_forgotten") == ()


async def test_a_forgotten_person_s_parts_are_forgotten(parts: Parts, database: Database) -> None:
    await parts.note("q_1", FIRST)
    await forget_user(database, "U1")
    assert await parts.of("q_1") == ()
