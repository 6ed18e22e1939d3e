"""Files by Slack's present way: an address is asked for, the bytes are sent there, and the file is shared in a channel."""

from tests.fakes.slack import events
from tests.fakes.slack.args import ApiError, Args, Done
from tests.fakes.slack.chat import writable
from tests.fakes.slack.json_values import as_object, as_objects
from tests.fakes.slack.records import File, Flags, Message
from tests.fakes.slack.workspace import Workspace


def upload_address(workspace: Workspace, args: Args) -> Done:
    """files.getUploadURLExternal."""
    args.need("filename", "length")
    file = File(workspace.new_id("F"), args.text("filename"), args.number("length", 0), args.text("alt_txt"))
    workspace.files[file.id] = file
    return Done({"upload_url": f"{workspace.base_url}/upload/{file.id}", "file_id": file.id})


def complete_upload(workspace: Workspace, args: Args) -> Done:
    """files.completeUploadExternal: the files appear in the channel, under the comment."""
    given = as_objects(args.structure("files"))
    files = [workspace.files.get(str(as_object(one).get("id"))) for one in given]
    if not files or any(file is None or len(file.content) != file.length for file in files):
        raise ApiError("file_not_found")
    channel = writable(workspace, Args(args.values | {"channel": args.text("channel_id")}))
    message = Message(
        channel.id,
        workspace.next_ts(),
        workspace.bot_user,
        args.text("initial_comment"),
        bot=workspace.bot,
        subtype="file_share",
        flags=Flags(unfurl_links=False, unfurl_media=False, link_names=False, parse="none"),
        files=tuple(file.id for file in files if file),
    )
    workspace.put(message)
    return Done({"files": [{"id": file.id, "title": file.name} for file in files if file]}, tuple(events.posted(workspace, message)))


METHODS = {"files.getUploadURLExternal": upload_address, "files.completeUploadExternal": complete_upload}
