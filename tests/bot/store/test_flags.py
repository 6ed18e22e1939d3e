"""One person has at most one verdict on an answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from bot.store.flags import Flags
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.types import Flag, FlagReason, FlagSource, Resolution
from tests.bot.store.test_records import RESULT
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
async def question_id(database: Database, clock: FakeClock) -> str:
    question = make_question("is cr1 up?")
    inbox = Inbox(database, clock)
    await inbox.add(question)
    (claim,) = await inbox.claim(1)
    await Records(database).keep(claim, RESULT, at=AT, expires_at=AT)
    return question.id


@pytest.fixture
def flags(database: Database) -> Flags:
    return Flags(database)


def flag_of(question_id: str) -> Flag:
    return Flag(question_id, "U1", FlagSource.REACTION, None, "", AT)


async def test_a_flag_is_listed_with_the_question_decision_and_answer(flags: Flags, question_id: str) -> None:
    assert await flags.put(flag_of(question_id)) is True
    (listed,) = await flags.standing(10)
    assert listed.flag == flag_of(question_id)
    assert (listed.question, listed.tier, listed.model, listed.answer) == ("is cr1 up?", "small", "y-2026", "Port 179.")
    assert listed.reasons == ("asks for one fact",)


async def test_a_second_flag_of_a_person_replaces_the_first(flags: Flags, question_id: str) -> None:
    await flags.put(flag_of(question_id))
    reasoned = replace(
        flag_of(question_id), source=FlagSource.FORM, reason=FlagReason.WRONG, comment="port 180", at=AT + timedelta(seconds=5)
    )
    assert await flags.put(reasoned) is False
    (listed,) = await flags.standing(10)
    assert listed.flag == reasoned


async def test_a_bare_flag_does_not_wipe_out_the_reason_given_before(flags: Flags, question_id: str) -> None:
    await flags.put(replace(flag_of(question_id), reason=FlagReason.WRONG, comment="port 180"))
    await flags.put(flag_of(question_id))
    (listed,) = await flags.standing(10)
    assert (listed.flag.reason, listed.flag.comment) == (FlagReason.WRONG, "port 180")


async def test_two_people_flag_the_same_answer_once_each(flags: Flags, question_id: str) -> None:
    await flags.put(flag_of(question_id))
    await flags.put(replace(flag_of(question_id), user="U2"))
    assert len(await flags.standing(10)) == 2


async def test_a_retracted_flag_does_not_stand_and_can_be_raised_again(flags: Flags, question_id: str) -> None:
    await flags.put(flag_of(question_id))
    assert await flags.retract(question_id, "U1", AT)
    assert await flags.standing(10) == ()
    assert not await flags.retract(question_id, "U1", AT)
    await flags.put(flag_of(question_id))
    assert len(await flags.standing(10)) == 1


async def test_calling_an_answer_helpful_takes_the_flag_back(flags: Flags, question_id: str) -> None:
    await flags.put(flag_of(question_id))
    await flags.put(flag_of(question_id), helpful=True)
    assert await flags.standing(10) == ()


async def test_a_flag_on_an_answer_that_nobody_gave_is_not_kept(flags: Flags) -> None:
    assert await flags.put(flag_of("q_unknown")) is None
    assert await flags.standing(10) == ()


async def test_a_flag_that_was_dealt_with_stands_but_is_not_open(flags: Flags, question_id: str) -> None:
    await flags.put(flag_of(question_id))
    assert await flags.resolve(question_id, Resolution.UPHELD, "eve", AT) == 1
    assert len(await flags.standing(10)) == 1
    assert await flags.open(10) == ()


async def test_dealing_with_an_answer_closes_everybody_s_flags_on_it_once(flags: Flags, question_id: str) -> None:
    for user in ("U1", "U2"):
        await flags.put(replace(flag_of(question_id), user=user))
    assert await flags.resolve(question_id, Resolution.DISMISSED, "eve", AT) == 2
    assert await flags.resolve(question_id, Resolution.UPHELD, "eve", AT) == 0


async def test_a_flag_that_is_raised_again_is_open_again(flags: Flags, question_id: str) -> None:
    await flags.put(flag_of(question_id))
    await flags.resolve(question_id, Resolution.DISMISSED, "eve", AT)
    await flags.put(flag_of(question_id))
    assert len(await flags.open(10)) == 1
