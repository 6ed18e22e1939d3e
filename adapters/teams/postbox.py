"""Writes into conversations at the pace that Teams allows, and to one person alone where that is wanted."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from adapters.pacer import Pacer
from adapters.teams.faults import TOO_MANY, UNCHANGEABLE, UNDELETABLE, UNTARGETABLE, status_of
from adapters.teams.options import TeamsOptions
from adapters.teams.outbound import TeamsMessage
from adapters.teams.sdk import Connector
from adapters.teams.spots import Spot
from bot.store.addresses import Address, Addresses, Setting
from bot.types import DeliveryFailure, MessageGone, Platform

BURST = 6
"""Messages that one conversation takes at once: 7 in a second, 8 in two (learn.microsoft.com, Rate limiting for bots)."""

T = TypeVar("T")


class Postbox:
    """Every method raises DeliveryFailure and StoreUnavailable, nothing else."""

    def __init__(self, options: TeamsOptions, connector: Connector, addresses: Addresses) -> None:
        self._connector = connector
        self._addresses = addresses
        self._pacer = Pacer(options.pace_s, burst=BURST)

    async def post(self, spot: Spot, message: TeamsMessage) -> Spot:
        """Post a message, and return where it stands: what one person alone may see goes to him directly where it cannot here."""
        if not spot.to:
            return spot.at(await self._paced(spot, lambda: self._connector.post(spot, message)))
        try:
            return spot.at(await self._paced(spot, lambda: self._connector.post(spot, message)))
        except DeliveryFailure as failure:
            if status_of(failure) not in UNTARGETABLE:
                raise
        own = Spot(await self._personal(spot.address, spot.to))
        return own.at(await self._paced(own, lambda: self._connector.post(own, message)))

    async def begin(self, spot: Spot, text: str) -> Spot | None:
        """Begin a message that is being written; None where that is not to be had."""
        try:
            return spot.at(await self._paced(spot, lambda: self._connector.stream(spot, text, 1)))
        except DeliveryFailure as failure:
            if status_of(failure) not in UNTARGETABLE:
                raise
        return None

    async def replace(self, spot: Spot, message: TeamsMessage) -> None:
        """Replace a message. Raises MessageGone where it cannot be changed any more, so that it is posted anew."""
        try:
            await self._paced(spot, lambda: self._connector.replace(spot, message))
        except DeliveryFailure as failure:
            if status_of(failure) in UNCHANGEABLE:
                raise MessageGone from failure
            raise

    async def finish(self, spot: Spot, message: TeamsMessage) -> None:
        """End a message that was being written; one whose time is over is replaced. Raises MessageGone."""
        try:
            await self._paced(spot, lambda: self._connector.finish(spot, message))
        except DeliveryFailure as failure:
            if status_of(failure) not in UNCHANGEABLE:
                raise
            await self.replace(spot, message)

    async def delete(self, spot: Spot, instead: TeamsMessage) -> None:
        """Delete a message, or put `instead` in its place where Teams does not delete; one that is gone already is as good."""
        try:
            await self._paced(spot, lambda: self._connector.delete(spot))
        except MessageGone:
            return
        except DeliveryFailure as failure:
            if status_of(failure) not in UNDELETABLE:
                raise
            with contextlib.suppress(MessageGone):
                await self.replace(spot, instead)

    async def _paced(self, spot: Spot, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call in its turn. A conversation that Teams holds back is left alone until its time has come."""
        await self._pacer.take(spot.conversation)
        try:
            return await call()
        except DeliveryFailure as failure:
            if status_of(failure) == TOO_MANY and failure.retry_after_s is not None:
                self._pacer.close(spot.conversation, failure.retry_after_s)
            raise

    async def _personal(self, near: Address, user: str) -> Address:
        """Return a person's own conversation with us, opened if there is none."""
        known = await self._addresses.personal(Platform.TEAMS, near.tenant, user)
        if known is not None:
            return known
        opened = replace(near, channel=await self._connector.open(near, user), setting=Setting.PERSONAL, user=user)
        await self._addresses.put(opened)
        return opened
