"""The three calls that write messages, each made once and with every safeguard on."""

from dataclasses import dataclass

from slack_sdk.models.metadata import Metadata
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.fields import Fields
from adapters.slack.faults import BAD_BLOCKS
from adapters.slack.outbound import SlackMessage
from adapters.slack.plain_layout import downgraded
from adapters.slack.web import SlackWeb
from bot.replies import Picture
from bot.types import DeliveryFailure

UPLOAD_S = 30.0
"""Three calls, one of which carries the file."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to post. `thread` is empty for the channel itself."""

    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a message stands, as Slack put it."""

    channel: str
    ts: str


class Chat:
    """Posts, replaces and deletes. Nothing ever unfurls a link or turns a name into a mention. Raises DeliveryFailure.

    A workspace that does not know a block gets the message once more in the oldest blocks.
    """

    def __init__(self, web: SlackWeb) -> None:
        self._web = web

    async def post(self, spot: Spot, metadata: Metadata, message: SlackMessage) -> Stands:
        """Post a new message."""
        try:
            response = await self._post(spot, metadata, message)
        except DeliveryFailure as failure:
            if failure.code not in BAD_BLOCKS:
                raise
            response = await self._post(spot, metadata, downgraded(message))
        answer = Fields(response.data)
        return Stands(answer.text("channel") or spot.channel, answer.text("ts"))

    async def replace(self, where: Stands, metadata: Metadata, message: SlackMessage) -> None:
        """Replace a message. Raises MessageGone when it is not there any more."""
        try:
            await self._update(where, metadata, message)
        except DeliveryFailure as failure:
            if failure.code not in BAD_BLOCKS:
                raise
            await self._update(where, metadata, downgraded(message))

    async def delete(self, where: Stands) -> None:
        """Delete a message. Raises MessageGone when it is not there any more."""
        await self._web.call(lambda client: client.chat_delete(channel=where.channel, ts=where.ts))

    async def direct(self, user: str) -> str:
        """Return the channel of a person's direct messages with us."""
        response = await self._web.call(lambda client: client.conversations_open(users=user))
        return Fields(response.data).text("channel", "id")

    async def share(self, channel: str, text: str, picture: Picture) -> None:
        """Post a picture with a text above it: ask for an address, send the file there, and share it."""
        await self._web.call(
            lambda client: client.files_upload_v2(
                filename=picture.name, content=picture.png, title=picture.alt, alt_txt=picture.alt, channel=channel, initial_comment=text
            ),
            UPLOAD_S,
        )

    async def _post(self, spot: Spot, metadata: Metadata, message: SlackMessage) -> AsyncSlackResponse:
        return await self._web.call(
            lambda client: client.chat_postMessage(
                channel=spot.channel,
                thread_ts=spot.thread or None,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
                parse="none",
            ),
        )

    async def _update(self, where: Stands, metadata: Metadata, message: SlackMessage) -> None:
        await self._web.call(
            lambda client: client.chat_update(
                channel=where.channel,
                ts=where.ts,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
                parse="none",
            ),
        )
