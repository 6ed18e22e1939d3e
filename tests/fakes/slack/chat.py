"""The Web API methods that write: posts, updates, deletions, private notes and the status of a thread."""

import re
from collections.abc import Callable
from dataclasses import replace

from tests.fakes.slack import events
from tests.fakes.slack.args import ApiError, Args, Done
from tests.fakes.slack.blocks import ALL_TEXT_MAX, Surface, block_errors, text_of, with_ids
from tests.fakes.slack.json_values import JsonObject, as_objects
from tests.fakes.slack.records import Channel, ChannelKind, Flags, Message
from tests.fakes.slack.wire import message_json
from tests.fakes.slack.workspace import SLACKBOT, Workspace

TEXT_MAX = 40_000
UPDATED_TEXT_MAX_BYTES = 4_000
"""chat.update refuses longer texts, counted after Slack has escaped `&`, `<` and `>` (gitlab-org/gitlab!258898)."""
METADATA_MAX = 16_000
LOADING_MESSAGES_MAX = 10

_BARE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")


def writable(workspace: Workspace, args: Args) -> Channel:
    """Return the channel to write to; a person's id stands for the direct messages with them."""
    args.need("channel")
    channel_id = args.text("channel")
    if channel_id in workspace.users:
        return workspace.im_with_bot(channel_id)
    channel = workspace.channels.get(channel_id)
    inside = channel is not None and workspace.bot_user in channel.members
    if channel is None or (not inside and channel.kind is not ChannelKind.PUBLIC):
        raise ApiError("channel_not_found")
    if channel.archived:
        raise ApiError("is_archived")
    if not inside:
        raise ApiError("not_in_channel")
    return channel


def blocks_given(workspace: Workspace, args: Args) -> tuple[JsonObject, ...] | None:
    """Return the checked blocks with their ids; None when the call has none."""
    if args.values.get("blocks") is None:
        return None
    given = args.structure("blocks")
    if not isinstance(given, list):
        raise ApiError("invalid_blocks_format")
    if found := block_errors(given, Surface.MESSAGE, workspace.refused_blocks):
        raise ApiError("invalid_blocks", [f"[ERROR] {one}" for one in found])
    if text_of(given) > ALL_TEXT_MAX:
        raise ApiError("msg_blocks_too_long")
    return with_ids(as_objects(given), workspace.new_id)


def metadata_given(args: Args) -> JsonObject | None:
    """Return the checked metadata; None when the call has none."""
    given = args.object("metadata")
    if not given:
        return given
    if not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    if len(str(given)) > METADATA_MAX:
        raise ApiError("metadata_too_large")
    return given


def _flags(args: Args) -> Flags:
    return Flags(args.flag("unfurl_links"), args.flag("unfurl_media"), args.flag("link_names"), args.text("parse"))


def _thread(workspace: Workspace, args: Args, channel: Channel) -> str:
    thread_ts = args.text("thread_ts")
    if thread_ts and workspace.find(channel.id, thread_ts) is None:
        raise ApiError("thread_not_found")
    return thread_ts


def _drafted(workspace: Workspace, args: Args, channel: Channel) -> Message:
    text, blocks = args.text("text") or args.text("markdown_text"), blocks_given(workspace, args)
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > TEXT_MAX:
        raise ApiError("msg_too_long")
    return Message(
        channel.id,
        workspace.next_ts(),
        workspace.bot_user,
        text,
        blocks or (),
        thread_ts=_thread(workspace, args, channel),
        bot=workspace.bot,
        metadata=metadata_given(args),
        flags=_flags(args),
    )


def post_message(workspace: Workspace, args: Args) -> Done:
    """chat.postMessage."""
    message = workspace.put(_drafted(workspace, args, writable(workspace, args)))
    body: JsonObject = {"channel": message.channel, "ts": message.ts, "message": message_json(workspace, message, metadata=True)}
    return Done(body, tuple(events.posted(workspace, message)))


def post_ephemeral(workspace: Workspace, args: Args) -> Done:
    """chat.postEphemeral: the person has to be in the channel."""
    channel = writable(workspace, args)
    args.need("user")
    if args.text("user") not in channel.members:
        raise ApiError("user_not_in_channel")
    message = workspace.put(replace(_drafted(workspace, args, channel), ephemeral_to=args.text("user")))
    return Done({"message_ts": message.ts})


def _own(workspace: Workspace, args: Args, refusal: str) -> Message:
    channel = writable(workspace, args)
    args.need("ts")
    message = workspace.find(channel.id, args.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise ApiError("message_not_found")
    if message.bot != workspace.bot:
        raise ApiError(refusal)
    return message


def update(workspace: Workspace, args: Args) -> Done:
    """chat.update: blocks and metadata that are not sent stay, an empty list takes the blocks away."""
    before = _own(workspace, args, "cant_update_message")
    blocks, metadata = blocks_given(workspace, args), metadata_given(args)
    text = args.text("text") or args.text("markdown_text")
    if not text and not blocks:
        raise ApiError("no_text")
    if len(_escaped(text).encode()) > UPDATED_TEXT_MAX_BYTES:
        raise ApiError("msg_too_long")
    after = replace(
        before,
        text=text,
        blocks=before.blocks if blocks is None else blocks,
        metadata=before.metadata if metadata is None else metadata,
        flags=_flags(args),
        edited_ts=workspace.next_ts(),
    )
    workspace.put(after)
    body: JsonObject = {"channel": after.channel, "ts": after.ts, "text": after.text, "message": message_json(workspace, after)}
    return Done(body, tuple(events.edited(workspace, after, before)))


def _escaped(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def delete(workspace: Workspace, args: Args) -> Done:
    """chat.delete: the bot's own messages alone."""
    message = _own(workspace, args, "cant_delete_message")
    return Done({"channel": message.channel, "ts": message.ts}, tuple(take_away(workspace, message)))


def take_away(workspace: Workspace, message: Message) -> list[JsonObject]:
    """Remove a message, leaving a tombstone at the root of a thread with replies; returns the events."""
    if not workspace.replies(message.channel, message.ts):
        workspace.remove(message)
        return events.deleted(workspace, message, None)
    tombstone = Message(message.channel, message.ts, SLACKBOT, events.TOMBSTONE, subtype="tombstone")
    happened = events.deleted(workspace, message, tombstone)
    workspace.put(tombstone)
    return happened


def set_status(workspace: Workspace, args: Args) -> Done:
    """assistant.threads.setStatus: shown until the bot posts in the thread, or for two minutes."""
    args.need("channel_id", "thread_ts")
    channel = writable(workspace, Args({"channel": args.text("channel_id")}))
    if workspace.find(channel.id, args.text("thread_ts")) is None:
        raise ApiError("thread_not_found")
    loading = args.structure("loading_messages")
    if isinstance(loading, list) and len(loading) > LOADING_MESSAGES_MAX:
        raise ApiError("invalid_arguments", ["[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]"])
    workspace.set_status(channel.id, args.text("thread_ts"), args.text("status"))
    return Done()


METHODS: dict[str, Callable[[Workspace, Args], Done]] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "assistant.threads.setStatus": set_status,
}
