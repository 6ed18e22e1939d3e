"""Teams end to end, signed: the real processes with their tokens and keys, against a fake Teams."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.demo.stack import demo_environment, free_port
from bot.setup import write_files
from bot.store.inbox import State
from bot.types import Badge
from tests.e2e.deployment import ANSWER_S, Served, eventually, served
from tests.fakes.teams import ADA, BOB, GROUP, OPS, Connector, FakeTeams, Posted, Said
from tests.fakes.teams.tokens import FORGED

pytestmark = pytest.mark.asyncio(loop_scope="module")

EASY = "what is the default administrative distance of OSPF on Cisco IOS?"


@dataclass
class Running:
    """A deployment that is registered with a fake Teams."""

    teams: FakeTeams
    served: Served

    @property
    def connector(self) -> Connector:
        return self.teams.connector

    def replies(self, said: Said) -> list[Posted]:
        """Return what the bot wrote in the thread of a message, without its buttons."""
        there = [one for one in self.connector.posted(said.place.conversation) if one.thread == said.thread]
        return [one for one in there if one.text]

    async def answer(self, said: Said) -> Posted:
        """Wait until a message is answered. Raises TimeoutError."""

        def final(_seen: Connector) -> Posted | None:
            return next((one for one in self.replies(said) if any(badge in one.text for badge in Badge)), None)

        return await self.connector.wait_for(final, ANSWER_S)

    async def ask(self, text: str, person: str = ADA) -> tuple[Said, Posted]:
        """Ask in a channel, and wait for the answer."""
        said = await self.teams.user(person).mention(text)
        assert said.told.status == 202
        return said, await self.answer(said)


def environment_for(teams: FakeTeams, folder: Path) -> dict[str, str]:
    """Return the environment of a deployment over simulated models whose Microsoft is the fake one."""
    policy, _ = write_files(folder, simulated=True, force=True)
    cloud = f'openid_url = "{teams.issuer.metadata_url}"\nlogin_url = "{teams.connector.base_url}"\nservice_hosts = ["127.0.0.1"]'
    text = policy.read_text(encoding="utf-8")
    assert "[teams]\n" in text
    policy.write_text(text.replace("[teams]\n", f"[teams]\n{cloud}\n"), encoding="utf-8")
    secrets = {"TEAMS_APP_ID": teams.app_id, "TEAMS_APP_PASSWORD": "fixture-secret", "TEAMS_TENANT_ID": teams.tenant}
    return demo_environment(folder, free_port()) | secrets


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with FakeTeams() as teams, served(environment_for(teams, tmp_path_factory.mktemp("teams"))) as started:
        teams.deliver_to(f"{started.address}/api/messages")
        yield Running(teams, started)


async def test_a_mention_is_answered_in_its_thread_with_its_badge(running: Running) -> None:
    said, answer = await running.ask(EASY)
    assert Badge.SMALL in answer.text
    assert "110" in answer.text
    assert running.replies(said) == [answer]


async def test_a_private_question_is_answered_to_its_asker_alone(running: Running) -> None:
    said = await running.teams.user(BOB).privately("what is the default eigrp hello interval?", GROUP)
    assert (await running.answer(said)).to == BOB
    assert {one.to for one in running.connector.posted(GROUP.conversation)} == {BOB}


async def test_a_forged_activity_ends_at_the_door(running: Running) -> None:
    said = await running.teams.user(ADA).mention(EASY)
    counts = await running.served.store.inbox.counts()
    for name, forger in FORGED.items():
        told = await running.teams.postman.forge(said.activity | {"id": name}, forger(running.teams.issuer, running.connector.service_url))
        assert (told.status, name) == (401, name)
    await running.answer(said)
    assert sum((await running.served.store.inbox.counts()).values()) == sum(counts.values())


async def test_a_message_that_is_delivered_again_is_answered_once(running: Running) -> None:
    said, answer = await running.ask("which port does syslog over tls use?")
    assert (await running.teams.user(ADA).again(said)).status == 202
    await running.ask("how many hosts fit in a /26?")
    assert running.replies(said) == [answer]


async def test_a_thumbs_down_with_its_reason_is_one_flag(running: Running) -> None:
    said, answer = await running.ask("what is the default hsrp priority?")
    person = running.teams.user(BOB)
    assert (await person.react(answer, "1f44e_thumbsdown")).status == 202
    told = await person.rate(answer, "dislike", "changed in 17.x")
    assert (told.status, told.json) == (200, {})
    (flag,) = [one for one in await running.served.store.flags.standing(100) if one.question in str(said.activity["text"])]
    assert (flag.flag.user, flag.flag.comment) == (BOB, "changed in 17.x")


async def test_a_deleted_question_takes_its_answer_with_it(running: Running) -> None:
    said, answer = await running.ask("which port does snmp use?")
    await running.teams.user(ADA).delete(said)
    assert await running.connector.wait_for(lambda seen: seen.find(answer) is None, ANSWER_S)


async def test_a_worker_killed_before_its_answer_is_shown_answers_once_after_its_restart(running: Running) -> None:
    said = await running.teams.user(ADA).mention("compare MPLS L3VPN with VXLAN EVPN for our WAN and the trade-offs of a migration")
    await running.connector.wait_for(lambda seen: any(said.id in str(call.activity) for call in seen.calls_of("typing")), ANSWER_S)
    running.served.kill("worker-1")
    answer = await running.answer(said)
    assert Badge.FRONTIER in answer.text
    assert running.replies(said) == [answer]


async def test_an_ingress_killed_after_its_acknowledgement_has_lost_nothing(running: Running) -> None:
    said = await running.teams.user(ADA).mention("which port does radius use?")
    assert said.told.status == 202
    running.served.kill("ingress")
    assert "1812" in (await running.answer(said)).text


async def test_every_question_left_its_record_and_one_token_was_enough(running: Running) -> None:
    await eventually(running.served.store.inbox.counts, lambda counts: counts.keys() <= {State.DONE, State.CANCELLED})
    assert all(record.reply for record in await running.served.store.records.latest(1000))
    assert running.connector.tokens <= 2, "one for each worker that there was"
    assert {one.conversation for one in running.connector.posted()} == {OPS.conversation, GROUP.conversation}
