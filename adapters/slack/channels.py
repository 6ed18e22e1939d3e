"""Knows which channels are private, since mentions and commands do not say."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.fields import Fields
from adapters.slack.inbound import stated_visibility
from adapters.slack.web import SlackWeb
from bot.types import DeliveryFailure
from router.types import Clock, Visibility

ASK_S = 1.0
"""How long a question waits for Slack to say what its channel is: once a channel, and well within Slack's three seconds."""

KNOWN_FOR = timedelta(minutes=10)
"""A public channel may be made private at any time."""

UNKNOWN_FOR = timedelta(seconds=60)
REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class _Known:
    visibility: Visibility
    until: datetime


class Channels:
    """Learns from every event that names its channel's kind, and asks `conversations.info` about the others.

    What cannot be learned is private: an answer that is shared too little costs a model call, one that is shared too
    widely cannot be taken back.
    """

    def __init__(self, web: SlackWeb, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[Visibility]] = {}

    async def visibility(self, channel: str, channel_type: str, *, external: bool = False) -> Visibility:
        """Return who can see a channel. Raises nothing."""
        stated = stated_visibility(channel, channel_type, external=external)
        if stated is not None:
            if channel_type and not external:
                self._remember(channel, stated, KNOWN_FOR)
            return stated
        known = self._known.get(channel)
        if known is not None and self._clock() < known.until:
            return known.visibility
        return await self._ask_once(channel)

    async def stop(self) -> None:
        """Stop asking."""
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask_once(self, channel: str) -> Visibility:
        """Ask about a channel, and let all who want to know meanwhile wait for the same answer."""
        asking = self._asking.get(channel)
        if asking is None:
            asking = asyncio.create_task(self._ask(channel))
            self._asking[channel] = asking
            asking.add_done_callback(lambda _: self._asking.pop(channel, None))
        return await asyncio.shield(asking)

    async def _ask(self, channel: str) -> Visibility:
        try:
            response = await self._web.call(lambda client: client.conversations_info(channel=channel), ASK_S)
        except DeliveryFailure:
            self._remember(channel, Visibility.PRIVATE, UNKNOWN_FOR)
            return Visibility.PRIVATE
        found = _visibility_of(Fields(response.data).at("channel"))
        self._remember(channel, found, KNOWN_FOR)
        return found

    def _remember(self, channel: str, visibility: Visibility, lasts: timedelta) -> None:
        self._known.pop(channel, None)
        self._known[channel] = _Known(visibility, self._clock() + lasts)
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]


def _visibility_of(channel: Fields) -> Visibility:
    """Read a conversation object: public only when Slack says so in every respect."""
    if channel.true("is_im"):
        return Visibility.DIRECT
    closed = any(channel.true(name) for name in ("is_private", "is_mpim", "is_group", "is_ext_shared"))
    return Visibility.PUBLIC if channel.true("is_channel") and not closed else Visibility.PRIVATE
