"""What the dashboard keeps: sessions that end, reveals that stay, and each change of the policy."""

import pytest

from bot.store.database import Database
from bot.store.policies import PolicyHistory
from bot.store.reveals import Reveals
from bot.store.sessions import LASTS, Sessions
from tests.fakes.clock import FakeClock


@pytest.fixture
def sessions(database: Database, clock: FakeClock) -> Sessions:
    return Sessions(database, clock)


async def test_a_session_is_found_until_it_is_closed(sessions: Sessions) -> None:
    opened = await sessions.open("a", "eve")
    assert await sessions.find("a") == opened
    await sessions.close("a")
    assert await sessions.find("a") is None


async def test_a_session_runs_out(sessions: Sessions, clock: FakeClock) -> None:
    await sessions.open("a", "eve")
    clock.advance(LASTS.total_seconds())
    assert await sessions.find("a") is None


async def test_opening_a_session_lets_go_of_those_that_ran_out(sessions: Sessions, clock: FakeClock) -> None:
    await sessions.open("a", "eve")
    clock.advance(LASTS.total_seconds())
    await sessions.open("a", "eve")
    assert await sessions.find("a") is not None


async def test_a_reveal_says_who_saw_what_and_when(database: Database, sessions: Sessions, clock: FakeClock) -> None:
    reveals, eve, bob = Reveals(database, clock), await sessions.open("a", "eve"), await sessions.open("b", "bob")
    await reveals.add(eve, "q_1", "flags")
    clock.advance(60)
    await reveals.add(bob, "q_2", "review")
    assert [(seen.name, seen.question_id, seen.page, seen.at) for seen in await reveals.latest(10)] == [
        ("bob", "q_2", "review", clock()),
        ("eve", "q_1", "flags", eve.opened_at),
    ]
    assert await reveals.of(eve, ["q_1", "q_2"]) == {"q_1"}


async def test_a_policy_is_kept_when_it_changes_and_when_it_changes_back(database: Database, clock: FakeClock) -> None:
    history = PolicyHistory(database, clock)
    for text in ("a = 1", "a = 1", "a = 2", "a = 1"):
        clock.advance(60)
        await history.note(text)
    kept = await history.latest(10)
    assert [policy.text for policy in kept] == ["a = 1", "a = 2", "a = 1"]
    assert kept[0].digest == kept[2].digest != kept[1].digest
    assert kept[0].since == clock()
