"""Processes are killed at random moments; no acknowledged question is lost and none is answered twice."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.store.inbox import State
from tests.e2e.deployment import Running, deployed, environment_for, is_final
from tests.fakes.slack import Channel, ChannelKind, FakeSlack, Message
from tests.fakes.slack.workspace import ADA, BOB, OPS

CHANNELS = 12
ASK_EVERY_S = 0.4
KILL_EVERY_S = (0.3, 6.0)
DRAIN_S = 240.0
QUESTIONS = (
    "what is the default administrative distance of OSPF on Cisco IOS?",
    "why can an OSPF adjacency flap after a link-state database overflow?",
    "how do I save the running config on Cisco IOS?",
)


async def ask_until(running: Running, stop: asyncio.Event, rng: random.Random) -> list[Message]:
    """Let people ask at a steady rate; return the questions whose event was acknowledged."""
    taken: list[Message] = []

    async def one(user: str, channel: str, text: str) -> None:
        said = await running.slack.user(user).mention(channel, text)
        if any(delivery.ok for delivery in said.deliveries):
            taken.append(said.message)

    async with asyncio.TaskGroup() as group:
        while not stop.is_set():
            group.create_task(one(rng.choice((ADA, BOB)), f"C0KILL{rng.randrange(CHANNELS):04d}", rng.choice(QUESTIONS)))
            await asyncio.sleep(ASK_EVERY_S)
    return taken


async def kill_at_random(running: Running, kills: int, rng: random.Random) -> list[str]:
    """SIGKILL the ingress or the worker so many times; return who was killed."""
    killed: list[str] = []
    while len(killed) < kills:
        await asyncio.sleep(rng.uniform(*KILL_EVERY_S))
        alive = sorted(running.supervisor.pids)
        if alive:
            victim = rng.choice(alive)
            running.kill(victim)
            killed.append(victim)
    return killed


async def drained(running: Running) -> dict[State, int]:
    """Wait until nothing is left to do."""
    async with asyncio.timeout(DRAIN_S):
        while True:
            counts = await running.store.inbox.counts()
            if not counts.keys() & {State.WAITING, State.RECORDED}:
                return counts
            await asyncio.sleep(0.5)


@pytest.mark.timeout(3600)
async def test_random_kills_lose_no_acknowledged_question_and_answer_none_twice(tmp_path: Path, kills: int) -> None:
    rng = random.Random(20261123)
    stop = asyncio.Event()
    async with FakeSlack() as slack:
        members = frozenset({slack.workspace.bot_user, ADA, BOB})
        for number in range(CHANNELS):
            slack.workspace.put_channel(Channel(f"C0KILL{number:04d}", f"kill-{number}", ChannelKind.PUBLIC, members))
        async with deployed(slack, environment_for(slack, tmp_path)) as running:
            asking = asyncio.create_task(ask_until(running, stop, rng))
            killed = await kill_at_random(running, kills, rng)
            stop.set()
            taken = await asking
            counts = await drained(running)
            finals = [[reply for reply in running.replies(question) if is_final(reply)] for question in taken]
            leftovers = [reply for question in taken for reply in running.replies(question) if not is_final(reply)]
    print(f"kills={killed.count('worker-1')} worker, {killed.count('ingress')} ingress; acknowledged={len(taken)}; states={counts}")  # noqa: T201 (the figure that a release note quotes)
    assert len(taken) > kills
    assert [len(replies) for replies in finals] == [1] * len(taken)
    assert leftovers == []
    assert counts.get(State.DEAD, 0) == 0


async def test_two_workers_on_postgresql_answer_each_question_once(tmp_path: Path, ready_postgres_url: str) -> None:
    async with FakeSlack() as slack:
        environment = environment_for(slack, tmp_path, database_url=ready_postgres_url)
        async with deployed(slack, environment, workers=2) as running:
            said = [await slack.user(user).mention(OPS, text) for text in QUESTIONS for user in (ADA, BOB)]
            await drained(running)
            finals = [[reply for reply in running.replies(each.message) if is_final(reply)] for each in said]
    assert [len(replies) for replies in finals] == [1] * len(said)
