"""Whatever the connector does, a question gets exactly one answer: the real adapter, a real store and worker, a failing Teams."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.store.inbox import State
from tests.bot.conftest import Backstage, backstage
from tests.contract.teams_stage import TeamsStage, teams_stage
from tests.fakes.slack.faults import Fault, FaultKind, accepted_then_reset, rate_limited, reset_before, server_error, slow
from tests.fakes.teams import ADA, BOB, OPS, Connector, Posted

__all__ = ["backstage"]

EASY = "what is the default port of bgp?"
ANSWER = "TCP 179."
PLACEHOLDER = "Working on it"


@dataclass(frozen=True)
class Play:
    """Teams, and everything behind the inbox."""

    stage: TeamsStage
    backstage: Backstage

    @property
    def connector(self) -> Connector:
        return self.stage.teams.connector

    async def finish(self) -> None:
        """Work until all is done, with as much time between two tries as they ask for."""
        for _ in range(12):
            await self.backstage.work()
            if (await self.backstage.inbox.counts()).keys() == {State.DONE}:
                return
            self.backstage.clock.advance(61)
        raise AssertionError(await self.backstage.inbox.counts())

    def answers(self) -> list[Posted]:
        return [one for one in self.connector.posted() if ANSWER in one.text]

    def buttons(self) -> list[Posted]:
        return [one for one in self.connector.posted() if one.actions]


@pytest.fixture
async def play(backstage: Backstage) -> AsyncIterator[Play]:
    backstage.small.says = ANSWER
    async with teams_stage(backstage) as stage:
        stage.courier._postbox._pacer._now = lambda: backstage.clock().timestamp()  # the wait that Teams asks for is the test's to give
        backstage.couriers = {stage.platform: stage.courier}
        yield Play(stage, backstage)


NOT_TAKEN = {
    "412": server_error("*", status=412),
    "429 without Retry-After": rate_limited("*", retry_after_s=0),
    "429 with Retry-After": rate_limited("*", retry_after_s=1),
    "500": server_error("*", status=500),
    "502": server_error("*", status=502),
    "503": server_error("*", status=503),
    "504": server_error("*", status=504),
    "a cut connection": reset_before("*"),
}


def on(what: str, fault: Fault, times: int = 1) -> Fault:
    return Fault(fault.kind, what, times, seconds=fault.seconds, status=fault.status)


@pytest.mark.parametrize("what", ["post", "update"])
@pytest.mark.parametrize("fault", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_a_call_that_is_not_taken_is_made_again_until_it_is(play: Play, what: str, fault: Fault) -> None:
    play.connector.fail(on(what, fault, times=2))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.finish()
    assert (len(play.answers()), len(play.buttons()), len(play.connector.posted())) == (1, 1, 2)
    assert len(play.backstage.small.prompts) == 1


async def test_the_time_that_teams_asks_for_is_left_to_it(play: Play) -> None:
    play.connector.fail(rate_limited("update", retry_after_s=40))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.backstage.work()
    for seconds, answers in ((39, 0), (2, 1)):
        play.backstage.clock.advance(seconds)
        await play.backstage.work()
        assert len(play.answers()) == answers


async def test_an_update_whose_answer_got_lost_is_repeated_in_place(play: Play) -> None:
    play.connector.fail(accepted_then_reset("update"))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.finish()
    assert (len(play.answers()), len(play.connector.posted())) == (1, 2)


async def test_a_post_whose_answer_got_lost_still_brings_one_answer(play: Play) -> None:
    """Teams cannot be asked whether the placeholder arrived, so a second one may stand; the answer stands once."""
    play.connector.fail(accepted_then_reset("post"))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.finish()
    assert len(play.answers()) == 1
    assert len([one for one in play.connector.posted() if PLACEHOLDER in one.text]) <= 1


async def test_slow_answers_of_teams_bring_one_answer(play: Play) -> None:
    play.connector.fail(slow("post", 0.4, times=2), slow("update", 0.4))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.finish()
    assert (len(play.answers()), len(play.connector.posted())) == (1, 2)


async def test_a_placeholder_that_somebody_deleted_is_replaced_by_the_answer(play: Play) -> None:
    async def delete() -> None:
        for one in play.connector.posted():
            play.connector.take_away(one)

    play.backstage.small.before = delete
    await play.stage.teams.user(ADA).mention(EASY)
    await play.finish()
    assert len(play.answers()) == 1


async def test_a_token_that_is_not_accepted_any_more_is_replaced_at_once(play: Play) -> None:
    play.connector.fail(Fault(FaultKind.ERROR, "post", 1, status=401, error="Unauthorized"))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.backstage.work()
    assert len(play.answers()) == 1
    assert play.connector.tokens == 2


async def test_one_token_serves_many_answers(play: Play) -> None:
    for number in range(6):
        await play.stage.teams.user(ADA if number % 2 else BOB).mention(f"{EASY} ({number})")
    await play.finish()
    assert (len(play.answers()), play.connector.tokens) == (6, 1)


async def test_a_slow_token_server_does_not_stop_the_event_loop(play: Play) -> None:
    play.connector.fail(slow("token", 0.6))
    await play.stage.teams.user(ADA).mention(EASY)
    working = asyncio.create_task(play.finish())
    ticks = 0
    while not working.done():
        await asyncio.sleep(0.01)
        ticks += 1
    await working
    assert ticks > 20
    assert len(play.answers()) == 1


async def test_a_conversation_that_is_closed_to_us_does_not_hold_up_another(play: Play) -> None:
    play.connector.fail(Fault(FaultKind.ERROR, "post", status=403, error="BotNotInConversationRoster", channel=OPS.conversation))
    await play.stage.teams.user(ADA).mention(EASY)
    await play.stage.teams.user(BOB).dm(EASY)
    for _ in range(3):
        await play.backstage.work()
        play.backstage.clock.advance(61)
    assert [one.conversation for one in play.answers()] == ["a:11bob"]
    assert await play.backstage.inbox.counts() == {State.DEAD: 1, State.DONE: 1}


@pytest.mark.parametrize("status", [403, 405, 501])
async def test_an_answer_that_teams_does_not_delete_says_that_it_was_taken_back(play: Play, status: int) -> None:
    said = await play.stage.teams.user(ADA).mention(EASY)
    await play.finish()
    play.connector.fail(Fault(FaultKind.ERROR, "delete", status=status, error="NotImplemented"))
    await play.stage.teams.user(ADA).delete(said)
    await play.backstage.work()
    assert play.answers() == play.buttons() == []
    assert all("taken back" in one.text for one in play.connector.posted())
    assert State.DEAD not in await play.backstage.inbox.counts()


@pytest.mark.parametrize("status", [403, 405, 501])
async def test_a_chat_that_takes_no_stream_gets_a_message_that_becomes_the_answer(play: Play, status: int) -> None:
    play.connector.fail(Fault(FaultKind.ERROR, "typing", 1, status=status, error="ContentStreamNotAllowed"))
    await play.stage.teams.user(ADA).dm(EASY)
    await play.finish()
    assert [one.updates for one in play.answers()] == [1]
    assert len(play.connector.posted()) == 2


@pytest.mark.parametrize("fault", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_the_end_of_a_stream_that_is_not_taken_is_sent_again(play: Play, fault: Fault) -> None:
    play.connector.fail(on("post", fault, times=2))
    await play.stage.teams.user(ADA).dm(EASY)
    await play.finish()
    assert (len(play.answers()), len(play.connector.posted())) == (1, 2)
    assert [stream.over for stream in play.connector.streams.all] == [True]


async def test_a_stream_that_teams_has_ended_is_replaced_by_the_answer(play: Play) -> None:
    play.connector.fail(Fault(FaultKind.ERROR, "post", 1, status=403, error="ContentStreamNotAllowed"))
    await play.stage.teams.user(ADA).dm(EASY)
    await play.finish()
    assert len(play.answers()) == 1
