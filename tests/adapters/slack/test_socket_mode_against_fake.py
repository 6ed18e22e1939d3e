"""The real ingress over Socket Mode: acknowledged after the commit alone, and back after every kind of break."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.sockets import Sockets, Timing
from adapters.slack.web import SlackWeb
from tests.fakes.slack import FakeSlack, refuse
from tests.fakes.slack.workspace import ADA, OPS
from tests.fakes.slack_rig import Rig, options_for, rigged


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with FakeSlack(limit_s=1.0) as slack:
        slack.postman.pauses_s = (0.0, 0.0)
        async with rigged(slack, options_for(slack, socket_mode=True)) as rig:
            await slack.wait_for(lambda _: len(slack.sockets.connections) == 2)
            yield rig


async def test_a_mention_over_two_connections_is_taken_once(rig: Rig) -> None:
    said = await rig.slack.user(ADA).mention(OPS, "is core1 up?")
    assert [one.ok for one in said.deliveries] == [True, True]
    assert [one.text for one in rig.desk.taken] == ["is core1 up?"]


async def test_an_envelope_is_acknowledged_after_the_commit_alone(rig: Rig) -> None:
    rig.desk.gate.clear()
    asking = asyncio.create_task(rig.slack.user(ADA).dm("is core1 up?"))
    await rig.desk.arrived.wait()
    await asyncio.wait({asking}, timeout=0.2)
    assert rig.slack.sockets.acks == []
    rig.desk.gate.set()
    assert (await asking).deliveries[0].ok
    assert len(rig.desk.committed_at) == len(rig.slack.sockets.acks) == 1


async def test_without_a_commit_there_is_no_acknowledgement_and_the_envelope_comes_again(rig: Rig) -> None:
    rig.desk.down = True
    asking = asyncio.create_task(rig.slack.user(ADA).dm("is core1 up?"))
    await rig.desk.arrived.wait()
    await asyncio.sleep(0)
    assert rig.slack.sockets.acks == []
    rig.desk.down = False
    delivery = (await asking).deliveries[0]
    assert ([one.error for one in delivery.tries], delivery.ok) == (["http_timeout", ""], True)
    assert [one.text for one in rig.desk.taken] == ["is core1 up?"]


async def test_commands_and_their_help_work_over_the_socket(rig: Rig) -> None:
    await rig.slack.user(ADA).slash(OPS, "/ask", "is core1 up?")
    await rig.slack.user(ADA).slash(OPS, "/ask", "help")
    assert [one.private for one in rig.desk.taken] == [True]
    assert [one.ephemeral_to for one in rig.slack.workspace.ephemerals] == [ADA]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_goodbye_leaves_no_gap(rig: Rig, reason: str) -> None:
    before = len(rig.slack.workspace.calls_of("apps.connections.open"))
    await rig.slack.sockets.say_goodbye(reason, close=False)
    await rig.slack.wait_for(lambda now: len(now.calls_of("apps.connections.open")) >= before + 2)
    await rig.slack.wait_for(lambda _: len(rig.slack.sockets.connections) == 2)
    assert (await rig.slack.user(ADA).dm("still there?")).deliveries[0].ok


async def test_a_cut_line_and_a_refusal_are_overcome(rig: Rig) -> None:
    before = len(rig.slack.workspace.calls_of("apps.connections.open"))
    rig.slack.fail(refuse("apps.connections.open", "internal_error", times=2))
    await rig.slack.sockets.close()
    await rig.slack.wait_for(lambda now: len(now.calls_of("apps.connections.open")) >= before + 4, within_s=25)
    await rig.slack.wait_for(lambda _: len(rig.slack.sockets.connections) == 2, within_s=25)
    assert (await rig.slack.user(ADA).dm("still there?")).deliveries[0].ok


async def test_a_line_that_is_open_but_deaf_is_replaced() -> None:
    async with FakeSlack() as slack:
        web = SlackWeb(options_for(slack, socket_mode=True))
        sockets = Sockets(slack.app_token, lambda: web.client, acknowledged, Timing(deaf_s=0.8, look_s=0.05, ping_s=0.2, pause_s=0.05))
        sockets.start()
        await slack.wait_for(lambda _: len(slack.sockets.connections) == 2 and slack.sockets.pings > 2)
        before = len(slack.workspace.calls_of("apps.connections.open"))
        slack.sockets.deaf = True
        await slack.wait_for(lambda now: len(now.calls_of("apps.connections.open")) >= before + 2, within_s=10)
        slack.sockets.deaf = False
        await slack.wait_for(lambda _: len(slack.sockets.connections) == 2, within_s=10)
        delivered = (await slack.user(ADA).dm("still there?")).deliveries[0]
        await sockets.stop()
        await web.close()
    assert delivered.ok


async def acknowledged(request: SocketModeRequest) -> SocketModeResponse:
    return SocketModeResponse(envelope_id=request.envelope_id)
