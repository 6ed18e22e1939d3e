"""Slack for the contract tests: the real adapter and the fake of Slack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from adapters.slack.app import SlackIngress
from adapters.slack.courier import SlackCourier
from bot.desk import new_id
from bot.types import Platform
from tests.bot.conftest import Backstage
from tests.contract.stage import ADA, BOB, Button, Said, Shown
from tests.fakes.slack import FakeSlack, Message, live_mentions, shown_text
from tests.fakes.slack.events import event_callback, posted
from tests.fakes.slack.json_values import object_at, objects_at, text_at
from tests.fakes.slack.people import Person
from tests.fakes.slack.people import Said as SlackSaid
from tests.fakes.slack.workspace import ADA as SLACK_ADA
from tests.fakes.slack.workspace import BOB as SLACK_BOB
from tests.fakes.slack.workspace import OPS
from tests.fakes.slack_rig import options_for

PEOPLE = {ADA: SLACK_ADA, BOB: SLACK_BOB}


@dataclass
class SlackStage:
    """People of one workspace, in one channel."""

    slack: FakeSlack
    courier: SlackCourier
    platform: Platform = Platform.SLACK

    async def mention(self, person: str, text: str, *, under: Said | None = None) -> Said:
        said = await self._person(person).mention(OPS, text, thread_ts=under.thread if under else "")
        return self._said(person, said)

    async def direct(self, person: str, text: str) -> Said:
        return self._said(person, await self._person(person).dm(text))

    async def privately(self, person: str, text: str) -> Said:
        assert (await self._person(person).slash(OPS, "/ask", text)).ok
        return Said(person, OPS, "", "")

    async def follow_up(self, said: Said, text: str) -> Said:
        return self._said(said.person, await self._person(said.person).say(said.channel, text, thread_ts=said.thread))

    async def as_the_bot(self, said: Said, text: str) -> None:
        workspace = self.slack.workspace
        own = Message(said.channel, workspace.next_ts(), workspace.bot_user, text, thread_ts=said.thread, bot=workspace.bot)
        await self.slack.postman.emit(posted(workspace, own))

    async def redeliver(self, said: Said) -> None:
        workspace = self.slack.workspace
        for event in posted(workspace, self._standing(said.channel, said.message)):
            await self.slack.postman.send(event_callback(workspace, event))

    async def edit(self, said: Said, text: str) -> None:
        await self._person(said.person).edit(self._standing(said.channel, said.message), text)

    async def delete(self, said: Said) -> None:
        await self._person(said.person).delete(self._standing(said.channel, said.message))

    async def thumbs_down(self, person: str, shown: Shown) -> None:
        answer = self._standing(shown.channel, shown.message)
        (thumbs,) = [one for one in _elements(answer) if text_at(one, "type") == "feedback_buttons"]
        value = text_at(object_at(thumbs, "negative_button"), "value")
        await self._person(person).press(answer, text_at(thumbs, "action_id"), value=value)
        await self._person(person).react(answer, "-1::skin-tone-3")

    async def press(self, person: str, shown: Shown, button: Button) -> None:
        answer = self._standing(shown.channel, shown.message)
        (action,) = [text_at(one, "action_id") for one in _elements(answer) if _label(one) == button]
        assert (await self._person(person).press(answer, action)).ok

    async def shown(self) -> list[Shown]:
        await self.slack.settle()
        workspace = self.slack.workspace
        return [self._shown(one) for one in (*workspace.bot_messages(), *workspace.ephemerals)]

    def _shown(self, message: Message) -> Shown:
        names = {theirs: name for name, theirs in PEOPLE.items()}
        buttons = frozenset(label for one in _elements(message) if (label := _label(one)))
        to, live = names.get(message.ephemeral_to, ""), tuple(live_mentions(message))
        return Shown(message.channel, message.root if not to else "", message.ts, shown_text(message), buttons, to, live)

    def _person(self, person: str) -> Person:
        return self.slack.user(PEOPLE[person])

    def _said(self, person: str, said: SlackSaid) -> Said:
        assert all(delivery.ok for delivery in said.deliveries)
        return Said(person, said.message.channel, said.message.root, said.message.ts)

    def _standing(self, channel: str, ts: str) -> Message:
        hidden = (one for one in self.slack.workspace.ephemerals if one.ts == ts)
        found = self.slack.workspace.find(channel, ts) or next(hidden, None)
        assert found
        return found


def _elements(message: Message) -> list[dict[str, object]]:
    return [element for block in message.blocks for element in objects_at(block, "elements")]


def _label(element: dict[str, object]) -> str:
    return text_at(object_at(element, "text"), "text") if text_at(element, "type") == "button" else ""


@asynccontextmanager
async def slack_stage(backstage: Backstage) -> AsyncIterator[SlackStage]:
    """Serve the real ingress on loopback and let Slack deliver to it."""
    async with FakeSlack() as slack:
        options = options_for(slack)
        courier = SlackCourier(options, clock=backstage.clock)
        ingress = SlackIngress(options, backstage.desk, clock=backstage.clock, new_id=new_id)
        app = web.Application()
        ingress.routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        await ingress.start()
        try:
            yield SlackStage(slack, courier)
        finally:
            slack.deliver_to("")
            await ingress.stop()
            await courier.close()
            await runner.cleanup()
