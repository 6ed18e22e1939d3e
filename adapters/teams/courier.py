"""Delivers the bot's replies to Teams: placeholder, answer, its further parts and its buttons, each once."""

import contextlib

from adapters.teams.options import TeamsOptions
from adapters.teams.outbound import TAKEN_BACK, TeamsMessage, announced, continuation, remark, render
from adapters.teams.postbox import Postbox
from adapters.teams.sdk import connect
from adapters.teams.signs import WORKING, Signs
from adapters.teams.spots import Spot
from bot.replies import Announcement
from bot.store.addresses import Address, Addresses, Setting
from bot.store.errors import StoreUnavailable
from bot.store.parts import BUTTONS, STREAM, Part, Parts
from bot.types import DeliveryFailure, MessageGone, MessageRef, Platform, Question, Reply, Withdrawn, Working

STORE_S = 1.0
"""The database is back soon or not at all."""


class TeamsCourier:
    """The `Courier` of Teams. It repeats no call: its caller does, and says when it is in doubt.

    Teams takes no key by which a repeated post would be known, and cannot be asked what stands in a conversation. So each
    message is noted as soon as its id is known, and in doubt the note counts: what is lost between the two is posted
    once more rather than never.
    """

    def __init__(self, options: TeamsOptions, addresses: Addresses, parts: Parts) -> None:
        self._connector = connect(options)
        self._postbox = Postbox(options, self._connector, addresses)
        self._signs = Signs(self._connector)
        self._addresses = addresses
        self._parts = parts

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show the first reply to a question and return where it stands. Raises DeliveryFailure."""
        with _told():
            if in_doubt and (standing := await self._brought_up_to_date(question, reply)) is not None:
                return standing
            spot = await self._spot(question)
            if isinstance(reply, Working):
                return _ref(await self._place(question, spot))
            message = render(question, reply)
            stands = await self._posted(question, spot, 0, message)
            await self._complete(question, stands, message)
            return _ref(stands)

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        """Replace what stands at `ref`. Raises MessageGone when nothing stands there, and DeliveryFailure."""
        with _told():
            await self._signs.stop(question.id)
            spot = await self._at(ref, question)
            if isinstance(reply, Withdrawn):
                await self._withdraw(spot, question)
                return
            message = render(question, reply)
            await self._settle(question, spot, message)
            await self._complete(question, spot, message)
            if isinstance(reply, Working):
                self._signs.write(question.id, spot)

    async def say_privately(self, question: Question, reply: Reply) -> None:
        """Tell only the asker. Raises DeliveryFailure."""
        with _told():
            place = question.conversation
            address = await self._address(place.tenant, place.channel)
            alone = "" if address.setting is Setting.PERSONAL else question.user
            await self._postbox.post(Spot(address, place.thread, to=alone), render(question, reply))

    async def announce(self, channel: str, announcement: Announcement) -> None:
        """Say something in a conversation, by its id, that answers no question. Raises DeliveryFailure."""
        with _told():
            address = await self._addresses.of_channel(Platform.TEAMS, channel)
            if address is None:
                raise _unknown()
            await self._postbox.post(Spot(address), announced(announcement))

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
        await self._signs.close()
        await self._connector.close()

    async def _place(self, question: Question, spot: Spot) -> Spot:
        """Show the placeholder: in a personal chat a message that is being written, if none is there yet."""
        if spot.address.setting is Setting.PERSONAL and spot.conversation not in self._signs.streaming:
            began = await self._postbox.begin(spot, WORKING)
            if began is not None:
                await self._note(question, began, 0, STREAM)
                self._signs.stream(question.id, began)
                return began
        stands = await self._posted(question, spot, 0, render(question, Working()))
        self._signs.write(question.id, stands)
        return stands

    async def _settle(self, question: Question, spot: Spot, message: TeamsMessage) -> None:
        """Let a message take the place of the placeholder or of an earlier reply."""
        if any(part.number == STREAM and part.message == spot.message for part in await self._parts.of(question.id)):
            await self._postbox.finish(spot, message)
            await self._parts.drop(question.id, STREAM)
        else:
            await self._postbox.replace(spot, message)

    async def _posted(self, question: Question, spot: Spot, number: int, message: TeamsMessage) -> Spot:
        """Post one message of a reply, and note it."""
        stands = await self._postbox.post(spot, message)
        await self._note(question, stands, number)
        return stands

    async def _note(self, question: Question, stands: Spot, *numbers: int) -> None:
        await self._parts.note(question.id, *(Part(number, stands.address.channel, stands.message) for number in numbers))

    async def _complete(self, question: Question, spot: Spot, message: TeamsMessage) -> None:
        """Put what does not fit into the first message below it, each part once, and take away what is left of an earlier reply."""
        wanted = {number: continuation(text) for number, text in enumerate(message.rest, start=1)}
        if message.buttons is not None:
            wanted[BUTTONS] = TeamsMessage(card=message.buttons)
        standing = {part.number: part for part in await self._parts.of(question.id) if part.number not in (0, STREAM)}
        for number, part in wanted.items():
            if number in standing:
                with contextlib.suppress(MessageGone):
                    await self._postbox.replace(spot.at(standing[number].message), part)
                    continue
            await self._posted(question, spot.at(""), number, part)
        for number in standing.keys() - wanted.keys():
            await self._postbox.delete(spot.at(standing[number].message), remark(TAKEN_BACK))
            await self._parts.drop(question.id, number)

    async def _withdraw(self, spot: Spot, question: Question) -> None:
        """Delete the answer with all its parts."""
        parts = await self._parts.of(question.id)
        for message in dict.fromkeys([spot.message, *(part.message for part in parts)]):
            await self._postbox.delete(spot.at(message), render(question, Withdrawn()))

    async def _brought_up_to_date(self, question: Question, reply: Reply) -> MessageRef | None:
        """Return where an earlier try put the reply, once it shows what it should; None when it is not there."""
        first = next((part for part in await self._parts.of(question.id) if part.number == 0), None)
        if first is None:
            return None
        ref = MessageRef(Platform.TEAMS, question.conversation.tenant, first.channel, first.message)
        if not isinstance(reply, Working):
            try:
                await self.update(ref, question, reply)
            except MessageGone:
                return None
        return ref

    async def _spot(self, question: Question) -> Spot:
        """Return where a reply goes: the question's thread, for its asker alone if it is private."""
        place = question.conversation
        address = await self._address(place.tenant, place.channel)
        if not question.private or address.setting is Setting.PERSONAL:
            return Spot(address, place.thread)
        return Spot(address, place.thread, to=question.user, about=question.source.message if question.source else "")

    async def _at(self, ref: MessageRef, question: Question) -> Spot:
        """Return where a reply stands, which may be the asker's own conversation."""
        if ref.channel == question.conversation.channel:
            return (await self._spot(question)).at(ref.message)
        return Spot(await self._address(ref.tenant, ref.channel), message=ref.message)

    async def _address(self, tenant: str, channel: str) -> Address:
        address = await self._addresses.get(Platform.TEAMS, tenant, channel)
        if address is None:
            raise _unknown()
        return address


def _ref(spot: Spot) -> MessageRef:
    return MessageRef(Platform.TEAMS, spot.address.tenant, spot.address.channel, spot.message)


def _unknown() -> DeliveryFailure:
    """Return the failure of writing where we never were, or were taken out."""
    return DeliveryFailure("no_address", retry_after_s=None)


class _told(contextlib.AbstractContextManager[None]):  # noqa: N801 (reads as a verb)
    """Turns a lost database into a delivery failure, which is all that a courier may raise."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, StoreUnavailable):
            raise DeliveryFailure("store_unavailable", retry_after_s=STORE_S, in_doubt=True) from error
