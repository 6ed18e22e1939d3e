"""A question at the terminal is answered here and recorded like every other, and no worker takes it away."""

import asyncio
import os

import pytest

from bot.replies import Failed
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.inbox import Inbox, State
from bot.store.records import Records
from bot.terminal import Terminal
from bot.types import Answered, Badge, Kind, Platform
from router.types import ModelFailure, Outcome, Visibility
from tests.bot.conftest import Backstage
from tests.fakes.policies import make_policy

EASY = "what is the default port of bgp?"


def terminal(backstage: Backstage) -> Terminal:
    return Terminal(backstage.inbox, backstage.records, backstage.assistant(make_policy()), backstage.clock)


async def test_an_answer_comes_with_its_badge_and_cost(backstage: Backstage) -> None:
    record = await terminal(backstage).ask(EASY)
    assert isinstance(record.reply, Answered)
    assert (record.reply.text, record.reply.badge, record.reply.usd) == (f"small: {EASY}", Badge.SMALL, backstage.small.usd)


async def test_the_question_is_kept_as_a_private_one_of_whoever_sits_there(backstage: Backstage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    asked = (await terminal(backstage).ask(EASY)).question
    place = asked.conversation
    assert (asked.kind, asked.user, asked.text, asked.private, asked.asked_at) == (Kind.ASK, "ada", EASY, True, backstage.clock())
    assert (place.platform, place.tenant, place.visibility) == (Platform.TERMINAL, "local", Visibility.DIRECT)
    assert [record.question for record in await backstage.records.recent(Platform.TERMINAL, "local", "ada", 5)] == [asked]


async def test_a_user_without_a_name_asks_by_number(backstage: Backstage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_000)
    assert (await terminal(backstage).ask(EASY)).question.user == "2000000000"


async def test_no_worker_can_take_the_question(backstage: Backstage) -> None:
    taken: list[object] = []

    async def meanwhile() -> None:
        taken.extend(await backstage.inbox.claim(8))

    backstage.small.before = meanwhile
    await terminal(backstage).ask(EASY)
    assert taken == []
    assert await backstage.inbox.counts() == {State.DONE: 1}


async def test_the_same_text_may_be_asked_twice(backstage: Backstage) -> None:
    first, second = await terminal(backstage).ask(EASY), await terminal(backstage).ask(EASY)
    assert first.question.id != second.question.id
    assert len(backstage.small.prompts) == 2


async def test_an_answer_that_failed_is_a_record_too(backstage: Backstage) -> None:
    backstage.small.failure = backstage.frontier.failure = ModelFailure(Outcome.TIMEOUT)
    record = await terminal(backstage).ask(EASY)
    assert isinstance(record.reply, Failed)
    assert (await backstage.records.get(record.question.id)) == record
    assert await backstage.inbox.counts() == {State.DONE: 1}


async def test_a_question_that_is_interrupted_is_left_to_nobody(backstage: Backstage) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    backstage.small.before = hang
    asking = asyncio.create_task(terminal(backstage).ask(EASY))
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await backstage.inbox.counts() == {State.CANCELLED: 1}


async def test_a_lost_database_is_said_so_before_a_model_is_paid(backstage: Backstage) -> None:
    gone = Database("postgresql://postgres@127.0.0.1:9/nothing")
    lost = Terminal(Inbox(gone, backstage.clock), Records(gone), backstage.assistant(make_policy()), backstage.clock)
    with pytest.raises(StoreUnavailable):
        await lost.ask(EASY)
    assert backstage.small.prompts == []
    await gone.close()
