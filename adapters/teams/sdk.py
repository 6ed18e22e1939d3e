"""The Bot Framework's SDK, and all of it that we use: its activities, and its way to continue a conversation.

Of `CloudAdapter` nothing is used: its HTTP side answers 500 to a forged token and to every invoke, its connector repeats
nothing and tells no Retry-After, and its tokens are fetched on the event loop at each send.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ConversationParameters,
    ConversationReference,
    Entity,
    ResourceResponse,
    TextFormatTypes,
)

from adapters.teams.cards import CONTENT_TYPE
from adapters.teams.inbound import CHANNEL_ID
from adapters.teams.managed import ManagedIdentity
from adapters.teams.options import TeamsOptions
from adapters.teams.outbound import TeamsMessage
from adapters.teams.spots import Spot
from adapters.teams.tokens import Anonymous, ClientSecret, Tokens, TokenSource
from adapters.teams.wire import Wire
from bot.store.addresses import Address
from router.types import Source

MESSAGE_TYPE = "https://schema.org/Message"
AI_LABEL: Mapping[str, object] = {"@type": "Message", "@context": "https://schema.org", "additionalType": ["AIGeneratedContent"]}
FEEDBACK: Mapping[str, object] = {"feedbackLoop": {"type": "default"}}
SPOT = "switchboard.spot"
ABSTRACT = 160
"""Characters of what is said of a source."""


class OpenEntity(Entity):  # type: ignore[misc]  # the SDK has no types
    """An entity that keeps every key; the SDK's own drops what it does not know."""

    _attribute_map = {  # noqa: RUF012 (how msrest's models declare their fields)
        "type": {"key": "type", "type": "str"},
        "additional_properties": {"key": "", "type": "{object}"},
    }


class Connector(BotAdapter):  # type: ignore[misc]  # the SDK has no types
    """Writes to conversations through the wire. Raises DeliveryFailure, nothing else."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    async def post(self, spot: Spot, message: TeamsMessage) -> str:
        """Post a message, and return its id."""
        return await self._sent(spot, _activity(spot, message))

    async def replace(self, spot: Spot, message: TeamsMessage) -> None:
        """Replace the message that stands there. Raises MessageGone."""
        activity = _activity(spot, message)
        activity.id = spot.message
        await self._continue(spot, lambda context: context.update_activity(activity))

    async def delete(self, spot: Spot) -> None:
        """Delete the message that stands there. Raises MessageGone."""
        await self._continue(spot, lambda context: context.delete_activity(spot.message))

    async def typing(self, spot: Spot) -> None:
        """Show for some seconds that we are writing."""
        await self._sent(spot, Activity(type=ActivityTypes.typing))

    async def stream(self, spot: Spot, text: str, sequence: int) -> str:
        """Show that a message is being written, in a personal chat, and return its id; `sequence` counts from 1."""
        entity = {"streamType": "informative", "streamSequence": sequence} | ({"streamId": spot.message} if spot.message else {})
        activity = Activity(type=ActivityTypes.typing, text=text)
        return await self._sent(spot, _streamed(activity, entity)) or spot.message

    async def finish(self, spot: Spot, message: TeamsMessage) -> None:
        """Let the message that was being written stand there."""
        await self._sent(spot, _streamed(_activity(spot, message), {"streamType": "final", "streamId": spot.message}))

    async def open(self, near: Address, user: str) -> str:
        """Open our own conversation with somebody whom we met elsewhere, and return its id."""
        parameters = ConversationParameters(
            bot=ChannelAccount(id=near.bot),
            members=[ChannelAccount(id=user)],
            tenant_id=near.tenant,
            is_group=False,
            channel_data={"tenant": {"id": near.tenant}},
        )
        return await self._wire.open(near.url, parameters.serialize())

    async def check(self) -> None:
        """Get a token, to see whether our credentials are accepted. Raises DeliveryFailure."""
        await self._wire.check()

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Send activities; the SDK's own part of a turn."""
        return [ResourceResponse(id=await self._wire.post(_target(context), _body(activity))) for activity in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        """Replace an activity; the SDK's own part of a turn."""
        return ResourceResponse(id=await self._wire.put(_target(context), _body(activity)))

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Delete an activity; the SDK's own part of a turn."""
        del reference
        await self._wire.delete(_target(context))

    async def _sent(self, spot: Spot, activity: Activity) -> str:
        sent: list[ResourceResponse] = []

        async def send(context: TurnContext) -> None:
            sent.append(await context.send_activity(activity))

        await self._continue(spot, send)
        return str(sent[0].id)

    async def _continue(self, spot: Spot, turn: Callable[[TurnContext], Awaitable[object]]) -> None:
        async def run(context: TurnContext) -> None:
            context.turn_state[SPOT] = spot
            await turn(context)

        await self.continue_conversation(_reference(spot), run)


def connect(options: TeamsOptions) -> Connector:
    """Return a connector with our credentials."""
    return Connector(Wire(options, Tokens(_token_source(options))))


def _token_source(options: TeamsOptions) -> TokenSource:
    if not options.verify:
        return Anonymous()
    return ManagedIdentity(options) if options.managed_identity else ClientSecret(options)


def _reference(spot: Spot) -> ConversationReference:
    address = spot.address
    return ConversationReference(
        bot=ChannelAccount(id=address.bot),
        user=ChannelAccount(id=spot.to or address.user) if spot.to or address.user else None,
        conversation=ConversationAccount(id=spot.conversation, tenant_id=address.tenant, conversation_type=address.setting.value),
        channel_id=CHANNEL_ID,
        service_url=address.url,
    )


def _activity(spot: Spot, message: TeamsMessage) -> Activity:
    card = message.card
    return Activity(
        type=ActivityTypes.message,
        text=message.text or None,
        text_format=TextFormatTypes.markdown if message.text else None,
        summary=(card.summary or None) if card else None,
        attachments=[Attachment(content_type=CONTENT_TYPE, content=card.as_json())] if card else None,
        entities=list(_entities(spot, message)) or None,
        channel_data=FEEDBACK if message.feedback else None,
    )


def _entities(spot: Spot, message: TeamsMessage) -> Iterator[OpenEntity]:
    if message.labelled:
        cited = {"citation": [_claim(number, source) for number, source in enumerate(message.sources, 1)]} if message.sources else {}
        yield OpenEntity(type=MESSAGE_TYPE, additional_properties={**AI_LABEL, **cited})
    if spot.about and spot.to:
        yield OpenEntity(type="targetedMessageInfo", additional_properties={"messageId": spot.about})


def _claim(number: int, source: Source) -> Mapping[str, object]:
    """Return what the mark `[number]` leads to (learn.microsoft.com, Bot messages with AI-generated content)."""
    page = {"@type": "DigitalDocument", "name": source.title, "abstract": source.host[:ABSTRACT], "url": source.url}
    return {"@type": "Claim", "position": number, "appearance": page}


def _streamed(activity: Activity, entity: Mapping[str, object]) -> Activity:
    """Mark an activity as a piece of a stream (learn.microsoft.com, Stream bot messages)."""
    activity.entities = [*(activity.entities or ()), OpenEntity(type="streaminfo", additional_properties=entity)]
    activity.channel_data = {**(activity.channel_data or {}), **entity}
    return activity


def _target(context: TurnContext) -> Spot:
    spot: Spot = context.turn_state[SPOT]
    return spot


def _body(activity: Activity) -> Mapping[str, object]:
    """Return the JSON of an activity. A continued conversation has no message that this could be a reply to."""
    activity.reply_to_id = None
    body: Mapping[str, object] = activity.serialize()
    return body
