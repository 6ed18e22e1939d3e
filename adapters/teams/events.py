"""Handles messages and their changes, reactions, and being installed."""

import logging

from adapters.fields import Fields
from adapters.teams.commands import Command, command
from adapters.teams.inbound import Place, Said, follows_up, heard, reactions
from adapters.teams.outbound import TeamsMessage
from adapters.teams.reception import Reception
from adapters.teams.seen import Seen
from adapters.teams.spots import Spot
from adapters.teams.views import help_card, status_card
from bot.types import Flag, FlagSource, Kind

_log = logging.getLogger(__name__)


class EventHandlers:
    """One method per kind of event. Each commits before it returns and raises StoreUnavailable when it could not."""

    def __init__(self, reception: Reception) -> None:
        self._options = reception.options
        self._desk = reception.desk
        self._clock = reception.clock
        self._new_id = reception.new_id
        self._speaker = reception.speaker
        self._known = reception.known
        self._seen = Seen()

    async def message(self, activity: Fields, place: Place) -> None:
        """Take a question, an edit or a deletion."""
        said = heard(activity, place)
        if said is None or not (said.addressed or said.kind is Kind.DELETED or await self._is_follow_up(said)):
            return
        asked = command(said)
        if asked.command is not Command.ASK:
            await self._told(said, asked.command)
            return
        thread = await self._thread_of(said)
        question = asked.said.question(self._new_id(), self._clock(), thread)
        taken = await self._desk.take(question)
        _log.info("%s question=%s kind=%s", taken.value, question.id, question.kind.value)

    async def reaction(self, activity: Fields, place: Place) -> None:
        """Put a flag on an answer, or take it back."""
        for seen in reactions(activity, place, self._options):
            question_id = await self._desk.question_at(seen.at)
            if question_id is None:
                continue
            if seen.added:
                await self._desk.flag(Flag(question_id, seen.user, FlagSource.REACTION, None, "", self._clock()))
            else:
                await self._desk.retract(question_id, seen.user)

    async def installation(self, activity: Fields, place: Place) -> None:
        """Welcome people where we are added, and forget the way to where we were taken out."""
        action = activity.text("action")
        if action == "remove":
            await self._known.leave(place.address)
        elif action == "add" and self._seen.first(f"add/{place.address.channel}/{activity.text('id')}"):
            await self._known.meet(place.address, anew=True)
            self._speaker.say(Spot(place.address), TeamsMessage(card=help_card()))
        _log.info("installation %s setting=%s", action, place.address.setting.value)

    async def _is_follow_up(self, said: Said) -> bool:
        """Whether a message without a mention is for us all the same: in a thread of ours, or as a change of what was asked."""
        if said.kind is not Kind.EDITED and (self._options.follow_ups == "mention" or said.thread == said.message):
            return False
        askers = await self._desk.askers(said.place.conversation(said.thread))
        return bool(askers) if said.kind is Kind.EDITED else follows_up(said, askers, self._options.follow_ups)

    async def _thread_of(self, said: Said) -> str:
        """Return the thread of the answer that a message quotes, where there are no threads but ours."""
        if said.place.thread or not said.quoted:
            return said.thread
        question_id = await self._desk.question_at(said.place.ref(said.quoted))
        record = await self._desk.record(question_id) if question_id else None
        return record.question.conversation.thread if record else said.thread

    async def _told(self, said: Said, wish: Command) -> None:
        """Answer a command that is no question, once."""
        if not self._seen.first(f"{wish.value}/{said.place.address.channel}/{said.message}"):
            return
        place = said.place
        card = help_card()
        if wish is Command.STATUS:
            card = status_card(await self._desk.status(place.conversation(said.thread), place.user))
        alone = place.user if place.targeted else ""
        self._speaker.say(Spot(place.address, place.thread, to=alone, about=said.message if alone else ""), TeamsMessage(card=card))
