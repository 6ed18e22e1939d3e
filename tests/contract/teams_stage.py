"""Teams for the contract tests: the real adapter and the fake of Teams."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from adapters.teams.app import TeamsIngress
from adapters.teams.courier import TeamsCourier
from bot.desk import Desk, new_id
from bot.store.store import make_store
from bot.types import MessageRef, Platform
from tests.adapters.teams.rig import options_for
from tests.bot.conftest import Backstage
from tests.contract.stage import ADA, BOB, Button, Said, Shown
from tests.fakes.slack.json_values import JsonObject, object_at, objects_at, text_at
from tests.fakes.teams import ADA as TEAMS_ADA
from tests.fakes.teams import BOB as TEAMS_BOB
from tests.fakes.teams import BOT, BOT_NAME, OPS, TENANT, FakeTeams, Frame, Person, Posted
from tests.fakes.teams import Said as TeamsSaid
from tests.fakes.teams.activities import mention_text

PEOPLE = {ADA: TEAMS_ADA, BOB: TEAMS_BOB}
TAGS = re.compile(r"<(?:at|script|img|a|iframe|style)\b", re.IGNORECASE)


@dataclass
class TeamsStage:
    """People of one tenant, in one channel."""

    teams: FakeTeams
    courier: TeamsCourier
    desk: Desk
    platform: Platform = Platform.TEAMS
    _said: dict[str, TeamsSaid] = field(default_factory=dict)

    async def mention(self, person: str, text: str, *, under: Said | None = None) -> Said:
        return self._kept(person, await self._person(person).mention(text, OPS, thread=under.thread if under else ""))

    async def direct(self, person: str, text: str) -> Said:
        return self._kept(person, await self._person(person).dm(text))

    async def privately(self, person: str, text: str) -> Said:
        return self._kept(person, await self._person(person).privately(text, OPS))

    async def follow_up(self, said: Said, text: str) -> Said:
        """Teams brings messages without a mention where the app asked for that consent."""
        return self._kept(said.person, await self._person(said.person).say(OPS, text, thread=said.thread))

    async def as_the_bot(self, said: Said, text: str) -> None:
        frame = Frame(self.teams.connector.service_url, BOT, OPS, said.thread)
        assert (await self.teams.postman.send(frame.message("1", text))).status < 300

    async def redeliver(self, said: Said) -> None:
        assert (await self._person(said.person).again(self._said[said.message])).status < 300

    async def edit(self, said: Said, text: str) -> None:
        still = f"{mention_text(BOT_NAME)} {text}"
        assert (await self._person(said.person).edit(self._said[said.message], still)).status < 300

    async def delete(self, said: Said) -> None:
        assert (await self._person(said.person).delete(self._said[said.message])).status < 300

    async def thumbs_down(self, person: str, shown: Shown) -> None:
        (answer,) = [one for one in self.teams.connector.posted() if one.id == shown.message]
        assert (await self._person(person).rate(answer, "dislike", "not true")).status == 200
        assert (await self._person(person).react(answer, "1f44e_thumbsdown")).status < 300

    async def press(self, person: str, shown: Shown, button: Button) -> None:
        replies = next(group for group in await self._replies() if group[0].id == shown.message)
        card = next(one for one in replies if button in _titles(one))
        assert (await self._person(person).press(card, button)).status == 200

    async def shown(self) -> list[Shown]:
        return [_shown(group) for group in await self._replies()]

    async def _replies(self) -> list[list[Posted]]:
        """Return the messages of each reply: what is said, and what is below it."""
        groups: dict[str, list[Posted]] = {}
        for one in self.teams.connector.posted():
            question = await self.desk.question_at(MessageRef(Platform.TEAMS, TENANT, one.conversation, one.id))
            groups.setdefault(question or one.id, []).append(one)
        return list(groups.values())

    def _person(self, person: str) -> Person:
        return self.teams.user(PEOPLE[person])

    def _kept(self, person: str, said: TeamsSaid) -> Said:
        assert 200 <= said.told.status < 300
        self._said[said.id] = said
        return Said(person, said.place.conversation, said.thread, said.id)


def _claims(posted: Posted) -> list[JsonObject]:
    return [object_at(claim, "appearance") for entity in posted.entities for claim in objects_at(entity, "citation")]


def _cited(page: JsonObject) -> str:
    """Return what Teams shows at a mark."""
    return f"{text_at(page, 'name')} {text_at(page, 'abstract')}"


def _titles(posted: Posted) -> set[str]:
    return {text_at(action, "title") for action in posted.actions}


def _shown(group: list[Posted]) -> Shown:
    first = group[0]
    text = "\n".join([*(one.shown for one in group), *(_cited(claim) for one in group for claim in _claims(one))])
    buttons = frozenset(title for one in group for title in _titles(one))
    names = {theirs: name for name, theirs in PEOPLE.items()}
    mentions = [text_at(entity, "text") for one in group for entity in one.entities if text_at(entity, "type") == "mention"]
    live = (*mentions, *TAGS.findall(text))
    return Shown(first.conversation, first.thread if not first.to else "", first.id, text, buttons, names.get(first.to, ""), live)


@asynccontextmanager
async def teams_stage(backstage: Backstage) -> AsyncIterator[TeamsStage]:
    """Serve the real ingress on loopback and let Teams deliver to it."""
    async with FakeTeams() as teams:
        options, store = options_for(teams), make_store(backstage.database, backstage.clock)
        courier = TeamsCourier(options, store.addresses, store.parts)
        ingress = TeamsIngress(options, backstage.desk, clock=backstage.clock, new_id=new_id)
        app = web.Application()
        ingress.routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
        await ingress.start()
        try:
            yield TeamsStage(teams, courier, backstage.desk)
        finally:
            await ingress.stop()
            await courier.close()
            await runner.cleanup()
