"""How Slack writes messages, channels, users and views in its answers and events."""

from collections import Counter

from tests.fakes.slack.json_values import JsonObject
from tests.fakes.slack.records import Channel, ChannelKind, Message, User, View
from tests.fakes.slack.workspace import SLACKBOT, Workspace


def message_json(workspace: Workspace, message: Message, *, metadata: bool = False) -> JsonObject:
    """Return a message as history, replies and events carry it. `metadata` adds what the app attached to it."""
    body: JsonObject = {"type": "message", "text": message.text, "ts": message.ts}
    if message.subtype:
        body["subtype"] = message.subtype
    if message.user:
        author = workspace.users[message.user]
        body |= {"user": message.user, "team": author.team}
        if not message.bot:
            body |= {"client_msg_id": f"client-{message.ts}", "blocks": [_rich_text(message.text)]}
        if author.team != workspace.team:
            body |= {"user_team": author.team, "source_team": author.team}
    body |= _bot_fields(workspace, message) | _thread_fields(workspace, message) | _marks(message)
    if metadata and message.metadata:
        body["metadata"] = message.metadata
    return body


def _bot_fields(workspace: Workspace, message: Message) -> JsonObject:
    body: JsonObject = {}
    if message.blocks:
        body["blocks"] = list(message.blocks)
    if message.bot:
        body["bot_id"] = message.bot
        bot = workspace.users.get(message.user)
        if bot is None:
            return body | {"username": message.username}
        profile = {"id": bot.bot, "app_id": bot.app, "user_id": bot.id, "name": bot.name, "team_id": bot.team, "deleted": False}
        body |= {"app_id": bot.app, "bot_profile": profile}
    return body


def _thread_fields(workspace: Workspace, message: Message) -> JsonObject:
    if message.in_thread:
        root = workspace.find(message.channel, message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": root.user if root else SLACKBOT}
    replies = workspace.replies(message.channel, message.ts)
    if not replies:
        return {}
    people = sorted({one.user for one in replies if one.user})
    return {"thread_ts": message.ts, "reply_count": len(replies), "reply_users": people, "latest_reply": replies[-1].ts}


def _marks(message: Message) -> JsonObject:
    body: JsonObject = {}
    if message.edited_ts:
        body["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.reactions:
        counted = Counter(one.name for one in message.reactions)
        body["reactions"] = [
            {"name": name, "count": count, "users": [one.user for one in message.reactions if one.name == name]}
            for name, count in counted.items()
        ]
    return body


def _rich_text(text: str) -> JsonObject:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}


def channel_json(workspace: Workspace, channel: Channel) -> JsonObject:
    """Return a channel as conversations.info does."""
    kind = channel.kind
    body: JsonObject = {
        "id": channel.id,
        "is_channel": kind is ChannelKind.PUBLIC,
        "is_group": kind is ChannelKind.PRIVATE,
        "is_im": kind is ChannelKind.IM,
        "is_mpim": kind is ChannelKind.MPIM,
        "is_private": kind is not ChannelKind.PUBLIC,
        "is_archived": channel.archived,
        "is_shared": channel.ext_shared,
        "is_ext_shared": channel.ext_shared,
        "is_org_shared": False,
        "context_team_id": workspace.team,
    }
    if kind is ChannelKind.IM:
        return body | {"user": next(iter(channel.members - {workspace.bot_user}), "")}
    return body | {"name": channel.name, "is_member": workspace.bot_user in channel.members, "num_members": len(channel.members)}


def user_json(user: User) -> JsonObject:
    """Return a user as users.info does."""
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": False,
        "is_bot": bool(user.bot),
        "is_app_user": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_stranger": False,
        "tz": "Europe/Berlin",
        "tz_offset": 3600,
        "profile": {"display_name": user.name, "real_name": user.name.title(), "team": user.team},
    }


def view_json(workspace: Workspace, view: View, values: JsonObject | None = None) -> JsonObject:
    """Return a view as views.open and view_submission carry it; `values` is what the person filled in."""
    given: JsonObject = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None, "title": None}
    fixed: JsonObject = {
        "id": view.id,
        "team_id": workspace.team,
        "app_id": workspace.app,
        "bot_id": workspace.bot,
        "app_installed_team_id": workspace.team,
        "hash": view.hash,
        "root_view_id": view.id,
        "previous_view_id": None,
        "clear_on_close": False,
        "notify_on_close": bool(view.body.get("notify_on_close")),
        "state": {"values": values or {}},
    }
    return given | view.body | fixed
