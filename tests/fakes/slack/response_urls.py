"""The addresses for answers to one interaction: five uses in thirty minutes, seen by one person unless shared."""

from dataclasses import replace

from tests.fakes.slack import events
from tests.fakes.slack.args import ApiError, Args, Done
from tests.fakes.slack.chat import blocks_given, metadata_given, take_away
from tests.fakes.slack.json_values import JsonObject
from tests.fakes.slack.records import Flags, Message, ResponseUrl
from tests.fakes.slack.workspace import Workspace

USES_MAX = 5
LIFE_S = 30 * 60.0
METHOD = "response_url"
"""The name under which uses are logged and faults are asked for."""


def use(workspace: Workspace, url_id: str, args: Args) -> Done:
    """Answer through a response_url. Raises ApiError `expired_url`, `used_url` or what is wrong with the message."""
    url = workspace.response_urls.get(url_id)
    if url is None or workspace.clock.now() - url.at > LIFE_S:
        raise ApiError("expired_url")
    if url.uses >= USES_MAX:
        raise ApiError("used_url")
    if args.flag("delete_original"):
        return _deleted(workspace, url)
    return _said(workspace, url, args)


def _original(workspace: Workspace, url: ResponseUrl) -> Message | None:
    hidden = (one for one in workspace.ephemerals if one.ts == url.message_ts and one.channel == url.channel)
    return workspace.find(url.channel, url.message_ts) or next(hidden, None)


def _deleted(workspace: Workspace, url: ResponseUrl) -> Done:
    original = _original(workspace, url)
    if original is None:
        raise ApiError("message_not_found")
    _count(workspace, url, url.message_ts)
    if original.ephemeral_to:
        workspace.remove(original)
        return Done()
    return Done(events=tuple(take_away(workspace, original)))


def _said(workspace: Workspace, url: ResponseUrl, args: Args) -> Done:
    text, blocks = args.text("text"), blocks_given(workspace, args) or ()
    if not text and not blocks:
        raise ApiError("no_text")
    original = _original(workspace, url) if args.flag("replace_original") else None
    if original is not None:
        flags = Flags(args.flag("unfurl_links"), args.flag("unfurl_media"))
        after = workspace.put(replace(original, text=text, blocks=blocks, flags=flags, edited_ts=workspace.next_ts()))
        _count(workspace, url, url.message_ts)
        return Done(events=() if original.ephemeral_to else tuple(events.edited(workspace, after, original)))
    shared = args.text("response_type") == "in_channel"
    message = Message(
        url.channel,
        workspace.next_ts(),
        workspace.bot_user,
        text,
        blocks,
        thread_ts=args.text("thread_ts"),
        bot=workspace.bot,
        metadata=metadata_given(args),
        flags=Flags(args.flag("unfurl_links"), args.flag("unfurl_media")),
        ephemeral_to="" if shared else url.user,
    )
    workspace.put(message)
    _count(workspace, url, url.message_ts or message.ts)
    return Done(events=tuple(events.posted(workspace, message)) if shared else ())


def _count(workspace: Workspace, url: ResponseUrl, message_ts: str) -> None:
    workspace.response_urls[url.id] = replace(url, uses=url.uses + 1, message_ts=message_ts)


def said_in_ack(workspace: Workspace, url_id: str, answer: JsonObject) -> Done:
    """Show what an app put into the body of its 200 to a slash command, which is not a use of the response_url."""
    done = use(workspace, url_id, Args(answer))
    url = workspace.response_urls[url_id]
    workspace.response_urls[url_id] = replace(url, uses=url.uses - 1)
    return done
