"""One who asks too fast is told once and waits alone."""

from datetime import timedelta

import pytest

from bot.replies import Cause, Failed
from bot.store.inbox import State
from bot.types import Answered, Kind
from tests.bot.conftest import Backstage
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question

LIMITS = "[limits]\nuser_per_minute = 3\n"
TOLD = "You have asked 3 questions within a minute, which is as many as I take from one person. I left the rest."


@pytest.fixture
def office(backstage: Backstage) -> Backstage:
    backstage.policy = make_policy(LIMITS)
    return backstage


async def ask(office: Backstage, count: int = 1, user: str = "U1", kind: Kind = Kind.ASK) -> None:
    for _ in range(count):
        await office.inbox.add(make_question(user=user, kind=kind, parent="q_0" if kind is Kind.ESCALATE else ""))


def shown(office: Backstage) -> list[str]:
    return [reply.text for reply in office.courier.shown.values() if isinstance(reply, Answered | Failed)]


async def test_what_exceeds_the_limit_is_left_and_its_asker_is_told_once(office: Backstage) -> None:
    await ask(office, 10)
    await office.work()
    assert len(office.small.prompts) == 3
    assert [text for text in shown(office) if "as many as I take" in text] == [TOLD]
    assert len(shown(office)) == 4, "what was left shows nothing"
    assert await office.inbox.counts() == {State.DONE: 10}


async def test_who_asks_too_fast_learns_when_to_ask_again_and_can_then(office: Backstage) -> None:
    await ask(office, 4)
    await office.work()
    (failed,) = [reply for reply in office.courier.shown.values() if isinstance(reply, Failed)]
    assert (failed.cause, failed.until) == (Cause.RATE_LIMIT, office.clock() + timedelta(minutes=1))
    office.clock.advance(61)
    await ask(office, 1)
    await office.work()
    assert len(office.small.prompts) == 4


async def test_others_are_not_counted(office: Backstage) -> None:
    for user in ("U1", "U2", "U3", "U4"):
        await ask(office, 3, user)
    await office.work()
    assert len(office.small.prompts) == 12


async def test_buttons_count_as_questions(office: Backstage) -> None:
    await ask(office, 2)
    await ask(office, 3, kind=Kind.ESCALATE)
    await office.work()
    assert len(office.small.prompts) + len(office.frontier.prompts) == 3


async def test_the_longer_window_counts_as_well(office: Backstage) -> None:
    office.policy = make_policy("[limits]\nuser_per_minute = 3\nuser_per_hour = 4\n")
    for _ in range(3):
        await ask(office, 2)
        await office.work()
        office.clock.advance(120)
    assert len(office.small.prompts) == 4
    assert [text for text in shown(office) if "within an hour" in text] == [TOLD.replace("3", "4").replace("a minute", "an hour")]


async def test_a_question_that_was_left_keeps_why(office: Backstage) -> None:
    await ask(office, 3)
    late = make_question()
    await office.inbox.add(late)
    await ask(office, 1)
    await office.work()
    record = await office.records.get(late.id)
    assert record
    assert isinstance(record.reply, Failed)
    assert record.reply.cause is Cause.RATE_LIMIT


async def test_hundreds_of_one_person_s_questions_do_not_keep_others_waiting(office: Backstage) -> None:
    """Everybody's first question comes before anybody's second, and what is left costs no placeholder and no model."""
    await ask(office, 500)
    others = [f"U{number}" for number in range(2, 22)]
    for user in others:
        await ask(office, 1, user)
    worker, claimed, waiting = office.worker(), 0, set(others)
    while waiting:
        claims = await office.inbox.claim(16)
        claimed += len(claims)
        for claim in claims:
            await worker._handle(claim)
            waiting.discard(claim.question.user)
    assert claimed <= len(others) + 16
    await office.work()
    assert len(office.small.prompts) == len(others) + 3
    assert office.courier.posts == len(others) + 3 + 1


async def test_a_flood_is_closed_together_and_each_question_has_its_record(office: Backstage) -> None:
    await ask(office, 1200)
    worker, claimed = office.worker(), 0
    while claims := await office.inbox.claim(8):
        claimed += len(claims)
        for claim in claims:
            await worker._handle(claim)
    assert claimed == 8, "what was not in hand when the first was turned away needed no worker"
    assert await office.inbox.counts() == {State.DONE: 1200}
    left = [record for record in await office.records.latest(2000) if isinstance(record.reply, Failed)]
    assert len(left) == 1200 - 3
    assert [text for text in shown(office) if "as many as I take" in text] == [TOLD]


async def test_without_limits_everything_is_answered(backstage: Backstage) -> None:
    await ask(backstage, 10)
    await backstage.work()
    assert len(backstage.small.prompts) == 10
