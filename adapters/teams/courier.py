"""Delivers the bot's replies to Teams: placeholder, answer, its further parts and its buttons, each once."""

import contextlib
from dataclasses import replace

from adapters.later import Later
from adapters.pacer import Pacer
from adapters.teams.faults import BUSY, UNTARGETABLE, status_of
from adapters.teams.options import TeamsOptions
from adapters.teams.outbound import TeamsMessage, announced, continuation, render
from adapters.teams.sdk import connect
from adapters.teams.spots import Spot
from adapters.teams.typing import Typing
from bot.replies import Announcement
from bot.store.addresses import Address, Addresses, Setting
from bot.store.errors import StoreUnavailable
from bot.store.parts import BUTTONS, Part, Parts
from bot.types import DeliveryFailure, MessageGone, MessageRef, Platform, Question, Reply, Withdrawn, Working

BURST = 6
"""Messages that one conversation takes at once: 7 in a second, 8 in two (learn.microsoft.com, Rate limiting for bots)."""

STORE_S = 1.0
"""The database is back soon or not at all."""


class TeamsCourier:
    """The `Courier` of Teams. It repeats no call: its caller does, and says when it is in doubt.

    Teams takes no key by which a repeated post would be known, and cannot be asked what stands in a conversation. So each
    message is noted as soon as its id is known, and in doubt the note counts: what is lost between the two is posted
    once more rather than never.
    """

    def __init__(self, options: TeamsOptions, addresses: Addresses, parts: Parts) -> None:
        self._line = connect(options)
        self._addresses = addresses
        self._parts = parts
        self._pacer = Pacer(options.pace_s, burst=BURST)
        self._later = Later()
        self._typing = Typing(self._line, self._later)

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show the first reply to a question and return where it stands. Raises DeliveryFailure."""
        with _told():
            if in_doubt and (standing := await self._standing(question)) is not None:
                if not isinstance(reply, Working):
                    await self.update(standing, question, reply)
                return standing
            spot = await self._spot(question)
            message = render(question, reply)
            spot = await self._posted(question, spot, 0, message)
            await self._complete(question, spot, message)
        if isinstance(reply, Working):
            self._typing.start(question.id, spot)
        return _ref(question, spot)

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        """Replace what stands at `ref`. Raises MessageGone when nothing stands there, and DeliveryFailure."""
        with _told():
            self._typing.stop(question.id)
            spot = await self._at(ref, question)
            if isinstance(reply, Withdrawn):
                await self._withdraw(spot, question)
                return
            message = render(question, reply)
            await self._line.replace(spot, message)
            await self._complete(question, spot, message)

    async def say_privately(self, question: Question, reply: Reply) -> None:
        """Tell only the asker. Raises DeliveryFailure."""
        with _told():
            spot = await self._spot(replace(question, private=True))
            await self._whisper(question, spot, render(question, reply))

    async def announce(self, channel: str, announcement: Announcement) -> None:
        """Say something in a conversation, by its id, that answers no question. Raises DeliveryFailure."""
        with _told():
            address = await self._addresses.of_channel(Platform.TEAMS, channel)
            if address is None:  # we were never there, or were taken out
                raise DeliveryFailure("no_address", retry_after_s=None)
            await self._pacer.take(channel)
            await self._line.post(Spot(address), announced(announcement))

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
        self._typing.stop_all()
        await self._later.drain()
        await self._line.close()

    async def _posted(self, question: Question, spot: Spot, number: int, message: TeamsMessage) -> Spot:
        """Post one message, and note it. What one person alone may see goes to him directly where it cannot stand here."""
        await self._pacer.take(spot.conversation)
        try:
            stands = await self._whisper(question, spot, message) if spot.to else spot.at(await self._line.post(spot, message))
        except DeliveryFailure as failure:
            if status_of(failure) in BUSY and failure.retry_after_s is not None:
                self._pacer.close(spot.conversation, failure.retry_after_s)
            raise
        await self._parts.note(question.id, Part(number, stands.address.channel, stands.message))
        return stands

    async def _whisper(self, question: Question, spot: Spot, message: TeamsMessage) -> Spot:
        """Tell one person something: here if Teams can, and else in a conversation of our own."""
        if spot.to:
            try:
                return spot.at(await self._line.post(spot, message))
            except DeliveryFailure as failure:
                if status_of(failure) not in UNTARGETABLE:
                    raise
            spot = Spot(await self._personal(spot.address, question.user))
        return spot.at(await self._line.post(spot, message))

    async def _complete(self, question: Question, spot: Spot, message: TeamsMessage) -> None:
        """Put what does not fit into the first message below it, each part once."""
        wanted = {number: continuation(text) for number, text in enumerate(message.rest, start=1)}
        if message.buttons is not None:
            wanted[BUTTONS] = TeamsMessage(card=message.buttons)
        if not wanted:
            return
        standing = {part.number: part for part in await self._parts.of(question.id)}
        for number, part in wanted.items():
            if number in standing:
                await self._line.replace(spot.at(standing[number].message), part)
            else:
                await self._posted(question, spot.at(""), number, part)

    async def _withdraw(self, spot: Spot, question: Question) -> None:
        """Delete the answer with all its parts; one that is gone already is as good."""
        parts = await self._parts.of(question.id)
        for message in dict.fromkeys([spot.message, *(part.message for part in parts)]):
            with contextlib.suppress(MessageGone):
                await self._line.delete(spot.at(message))

    async def _standing(self, question: Question) -> MessageRef | None:
        """Return where an earlier try put the reply."""
        first = next((part for part in await self._parts.of(question.id) if part.number == 0), None)
        return MessageRef(Platform.TEAMS, question.conversation.tenant, first.channel, first.message) if first else None

    async def _spot(self, question: Question) -> Spot:
        """Return where a reply goes: the question's thread, for its asker alone if it is private."""
        place = question.conversation
        address = await self._address(place.tenant, place.channel)
        alone = question.private and address.setting is not Setting.PERSONAL
        about = question.source.message if alone and question.source else ""
        return Spot(address, place.thread, to=question.user if alone else "", about=about)

    async def _at(self, ref: MessageRef, question: Question) -> Spot:
        """Return where a reply stands, which may be the asker's own conversation."""
        if ref.channel == question.conversation.channel:
            return (await self._spot(question)).at(ref.message)
        return Spot(await self._address(ref.tenant, ref.channel), message=ref.message)

    async def _address(self, tenant: str, channel: str) -> Address:
        address = await self._addresses.get(Platform.TEAMS, tenant, channel)
        if address is None:  # the app was taken out of the conversation
            raise DeliveryFailure("no_address", retry_after_s=None)
        return address

    async def _personal(self, near: Address, user: str) -> Address:
        """Return a person's own conversation with us, opened if there is none."""
        known = await self._addresses.personal(Platform.TEAMS, near.tenant, user)
        if known is not None:
            return known
        opened = replace(near, channel=await self._line.open(near, user), setting=Setting.PERSONAL, user=user)
        await self._addresses.put(opened)
        return opened


def _ref(question: Question, spot: Spot) -> MessageRef:
    return MessageRef(Platform.TEAMS, question.conversation.tenant, spot.address.channel, spot.message)


class _told(contextlib.AbstractContextManager[None]):  # noqa: N801 (reads as a verb)
    """Turns a lost database into a delivery failure, which is all that a courier may raise."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, StoreUnavailable):
            raise DeliveryFailure("store_unavailable", retry_after_s=STORE_S, in_doubt=True) from error
