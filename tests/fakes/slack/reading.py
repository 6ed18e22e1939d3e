"""The Web API methods that read, and those for reactions."""

from collections.abc import Callable
from dataclasses import replace

from tests.fakes.slack import events
from tests.fakes.slack.args import ApiError, Args, Done
from tests.fakes.slack.json_values import JsonObject
from tests.fakes.slack.records import Channel, ChannelKind, Message, Reaction
from tests.fakes.slack.wire import channel_json, message_json, user_json
from tests.fakes.slack.workspace import Workspace

PAGE_MAX = 999


def auth_test(workspace: Workspace, args: Args) -> Done:
    """auth.test."""
    return Done(
        {
            "url": f"https://{workspace.domain}.slack.com/",
            "team": workspace.domain,
            "user": workspace.users[workspace.bot_user].name,
            "team_id": workspace.team,
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot,
            "is_enterprise_install": False,
        }
    )


def _readable(workspace: Workspace, args: Args) -> Channel:
    channel = workspace.channels.get(args.text("channel"))
    if channel is None or (workspace.bot_user not in channel.members and channel.kind is not ChannelKind.PUBLIC):
        raise ApiError("channel_not_found")
    return channel


def _joined(workspace: Workspace, args: Args) -> Channel:
    channel = _readable(workspace, args)
    if workspace.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def conversations_info(workspace: Workspace, args: Args) -> Done:
    """conversations.info, also of public channels that the bot is not in."""
    return Done({"channel": channel_json(workspace, _readable(workspace, args))})


def conversations_open(workspace: Workspace, args: Args) -> Done:
    """conversations.open with one person."""
    args.need("users")
    user = workspace.users.get(args.text("users"))
    if user is None:
        raise ApiError("user_not_found")
    if user.bot:
        raise ApiError("cannot_dm_bot")
    return Done({"channel": {"id": workspace.im_with_bot(user.id).id}})


def conversations_history(workspace: Workspace, args: Args) -> Done:
    """conversations.history: newest first, without the replies in threads."""
    channel = _joined(workspace, args)
    messages = [one for one in reversed(workspace.messages(channel.id)) if not one.in_thread]
    return _page(workspace, args, messages)


def conversations_replies(workspace: Workspace, args: Args) -> Done:
    """conversations.replies: the root, then the replies, oldest first. Of a reply's own ts it returns that reply alone."""
    channel = _joined(workspace, args)
    root = workspace.find(channel.id, args.text("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    return _page(workspace, args, [root, *workspace.replies(channel.id, root.ts)])


def _page(workspace: Workspace, args: Args, messages: list[Message]) -> Done:
    found = [one for one in messages if _between(args, one.ts)]
    start = int(args.text("cursor") or 0)
    end = start + min(max(args.number("limit", 100), 1), PAGE_MAX)
    metadata = bool(args.flag("include_all_metadata"))
    body: JsonObject = {
        "messages": [message_json(workspace, one, metadata=metadata) for one in found[start:end]],
        "has_more": end < len(found),
        "response_metadata": {"next_cursor": str(end) if end < len(found) else ""},
    }
    return Done(body)


def _between(args: Args, ts: str) -> bool:
    oldest, latest = args.text("oldest") or "0", args.text("latest") or "9999999999"
    if args.flag("inclusive"):
        return float(oldest) <= float(ts) <= float(latest)
    return float(oldest) < float(ts) < float(latest)


def users_info(workspace: Workspace, args: Args) -> Done:
    """users.info."""
    user = workspace.users.get(args.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    return Done({"user": user_json(user)})


def team_info(workspace: Workspace, args: Args) -> Done:
    """team.info."""
    return Done({"team": {"id": workspace.team, "name": workspace.domain, "domain": workspace.domain}})


def _reacting(workspace: Workspace, args: Args) -> tuple[Message, Reaction]:
    args.need("name", "timestamp")
    channel = _joined(workspace, args)
    message = workspace.find(channel.id, args.text("timestamp"))
    if message is None:
        raise ApiError("message_not_found")
    return message, Reaction(args.text("name").strip(":"), workspace.bot_user)


def reactions_add(workspace: Workspace, args: Args) -> Done:
    """reactions.add."""
    message, reaction = _reacting(workspace, args)
    if reaction in message.reactions:
        raise ApiError("already_reacted")
    workspace.put(replace(message, reactions=(*message.reactions, reaction)))
    return Done(events=tuple(events.reacted(workspace, message, reaction, added=True)))


def reactions_remove(workspace: Workspace, args: Args) -> Done:
    """reactions.remove."""
    message, reaction = _reacting(workspace, args)
    if reaction not in message.reactions:
        raise ApiError("no_reaction")
    workspace.put(replace(message, reactions=tuple(one for one in message.reactions if one != reaction)))
    return Done(events=tuple(events.reacted(workspace, message, reaction, added=False)))


METHODS: dict[str, Callable[[Workspace, Args], Done]] = {
    "auth.test": auth_test,
    "conversations.info": conversations_info,
    "conversations.open": conversations_open,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "users.info": users_info,
    "team.info": team_info,
    "reactions.add": reactions_add,
    "reactions.remove": reactions_remove,
}
