"""Builds the Events API payloads that Slack sends when something happens."""

import json
import urllib.parse
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.slack.json_values import JsonObject, object_at, text_at
from tests.fakes.slack.records import ChannelKind, Message, Reaction
from tests.fakes.slack.wire import message_json
from tests.fakes.slack.workspace import Workspace

VERIFICATION_TOKEN = "verification-token"
"""The deprecated token that every payload carries."""
CHALLENGE = "challenge-3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
TOMBSTONE = "This message was deleted."

SUBSCRIPTIONS = frozenset(
    {
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "reaction_removed",
        "app_home_opened",
        "app_uninstalled",
        "tokens_revoked",
    }
)
"""The events that the app gets unless a test narrows them."""

_SUBSCRIPTION_OF = {
    ChannelKind.PUBLIC: "message.channels",
    ChannelKind.PRIVATE: "message.groups",
    ChannelKind.IM: "message.im",
    ChannelKind.MPIM: "message.mpim",
}


class Road(StrEnum):
    """The three ways by which an app hears from Slack, by their names in Socket Mode."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTION = "interactive"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One payload for the app. `key` is its event_id or trigger_id."""

    road: Road
    payload: JsonObject
    key: str

    @property
    def content_type(self) -> str:
        """Return the content type of the body over HTTP."""
        return "application/json" if self.road is Road.EVENT else "application/x-www-form-urlencoded"

    @property
    def body(self) -> bytes:
        """Return the body over HTTP: JSON, a form, or a form with the JSON in `payload`."""
        if self.road is Road.EVENT:
            return json.dumps(self.payload).encode()
        if self.road is Road.COMMAND:
            return urllib.parse.urlencode({key: str(value) for key, value in self.payload.items()}).encode()
        return urllib.parse.urlencode({"payload": json.dumps(self.payload)}).encode()


def event_callback(workspace: Workspace, event: JsonObject, *, team: str = "") -> Outgoing:
    """Wrap an event in its envelope, with an event_id of its own. `team` stands in for another tenant."""
    event_id = workspace.new_id("Ev")
    channel = workspace.channels.get(text_at(event, "channel") or text_at(object_at(event, "item"), "channel"))
    tenant = team or workspace.team
    grant = {
        "enterprise_id": None,
        "team_id": tenant,
        "user_id": workspace.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    payload: JsonObject = {
        "token": VERIFICATION_TOKEN,
        "team_id": tenant,
        "context_team_id": tenant,
        "context_enterprise_id": None,
        "api_app_id": workspace.app,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.clock.now()),
        "authorizations": [grant],
        "is_ext_shared_channel": bool(channel and channel.ext_shared),
        "event_context": f"4-{event_id}",
    }
    return Outgoing(Road.EVENT, payload, event_id)


def subscription_of(workspace: Workspace, event: JsonObject) -> str:
    """Return the name under which an app subscribes to an event, such as `message.channels`."""
    kind = text_at(event, "type")
    if kind != "message":
        return kind
    return _SUBSCRIPTION_OF[workspace.channels[text_at(event, "channel")].kind]


def posted(workspace: Workspace, message: Message) -> list[JsonObject]:
    """Return the events of a new message: `message`, and `app_mention` when a person's message names our bot in a channel."""
    body = message_json(workspace, message) | {"channel": message.channel, "event_ts": message.ts}
    kind = workspace.channels[message.channel].kind
    events = [body | {"channel_type": kind.value}]
    named = f"<@{workspace.bot_user}>" in message.text or f"<@{workspace.bot_user}|" in message.text
    if named and message.bot != workspace.bot and not message.subtype and kind is not ChannelKind.IM:
        events.insert(0, body | {"type": "app_mention"})
    return events


def edited(workspace: Workspace, message: Message, before: Message) -> list[JsonObject]:
    """Return the event of a changed message, which has no user of its own."""
    return [
        _about(workspace, message) | {"subtype": "message_changed", "message": message_json(workspace, message)} | _was(workspace, before)
    ]


def deleted(workspace: Workspace, before: Message, tombstone: Message | None) -> list[JsonObject]:
    """Return the event of a deletion. The root of a thread with replies becomes a tombstone, which arrives as a change."""
    about = _about(workspace, before) | _was(workspace, before)
    if tombstone is None:
        return [about | {"subtype": "message_deleted", "deleted_ts": before.ts}]
    return [about | {"subtype": "message_changed", "message": message_json(workspace, tombstone) | {"hidden": True}}]


def _about(workspace: Workspace, message: Message) -> JsonObject:
    now = workspace.next_ts()
    kind = workspace.channels[message.channel].kind
    return {"type": "message", "hidden": True, "channel": message.channel, "channel_type": kind.value, "ts": now, "event_ts": now}


def _was(workspace: Workspace, before: Message) -> JsonObject:
    return {"previous_message": message_json(workspace, before)}


def reacted(workspace: Workspace, message: Message, reaction: Reaction, *, added: bool) -> list[JsonObject]:
    """Return the event of a reaction, set or taken back. `item_user` is missing for messages that no user wrote."""
    event: JsonObject = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": reaction.user,
        "reaction": reaction.name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": workspace.next_ts(),
    }
    return [event | ({"item_user": message.user} if message.user else {})]


def home_opened(workspace: Workspace, user: str, *, tab: str = "home") -> JsonObject:
    """Return the event of a person opening the app's home or messages tab."""
    channel = workspace.im_with_bot(user).id
    return {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": workspace.next_ts()}


def url_verification() -> Outgoing:
    """Return the request by which Slack checks an app's address."""
    payload: JsonObject = {"token": VERIFICATION_TOKEN, "challenge": CHALLENGE, "type": "url_verification"}
    return Outgoing(Road.EVENT, payload, "url_verification")


def app_rate_limited(workspace: Workspace) -> Outgoing:
    """Return the notice that the app gets too many events this minute and some are held back."""
    payload: JsonObject = {
        "token": VERIFICATION_TOKEN,
        "type": "app_rate_limited",
        "team_id": workspace.team,
        "minute_rate_limited": int(workspace.clock.now() // 60 * 60),
        "api_app_id": workspace.app,
    }
    return Outgoing(Road.EVENT, payload, "app_rate_limited")
