"""What a test asks of messages: which mentions in them are live, and whether every post forbade previews."""

import re

from tests.fakes.slack.json_values import JsonObject, object_at, objects_at, text_at
from tests.fakes.slack.records import Message
from tests.fakes.slack.workspace import Workspace

TOKENS = re.compile(r"<(?:!(?:channel|here|everyone)\b|!subteam\^|[@#][A-Z0-9])[^>]*>")
"""What Slack turns into a mention in mrkdwn; dates (`<!date^...>`) alert nobody."""
NAMES = re.compile(r"(?<![\w@])@(?:channel|here|everyone)\b")
"""What Slack turns into a mention where names are linked; markdown blocks are taken to do so, to be on the safe side."""
UNFURLED = ("chat.postMessage", "chat.update", "response_url")


def live_mentions(message: Message) -> list[str]:
    """Return every token in a message that would alert or link somebody or a channel."""
    linked = bool(message.flags.link_names) or message.flags.parse == "full"
    found = TOKENS.findall(message.text) + (NAMES.findall(message.text) if linked else [])
    for block in message.blocks:
        found += _in_block(block)
    return found


def _in_block(block: JsonObject) -> list[str]:
    if text_at(block, "type") == "markdown":
        text = text_at(block, "text")
        return TOKENS.findall(text) + NAMES.findall(text)
    return [token for text in _mrkdwn(block) for token in TOKENS.findall(text)]


def _mrkdwn(part: JsonObject) -> list[str]:
    if text_at(part, "type") == "mrkdwn":
        return [text_at(part, "text")]
    inside = [object_at(part, "text"), object_at(part, "accessory"), *objects_at(part, "fields"), *objects_at(part, "elements")]
    return [text for one in inside if one for text in _mrkdwn(one)]


def shown_text(message: Message) -> str:
    """Return all that a reader sees of a message: the texts of its blocks, or its text when it has none."""
    return "\n".join(text for block in message.blocks for text in _texts(block)) or message.text


def _texts(part: object) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else []
    return own + [text for key, one in part.items() if key != "text" or isinstance(one, dict) for text in _texts(one)]


def assert_no_unfurls(workspace: Workspace) -> None:
    """Check that every post, update and shared answer so far forbade previews of links and media, and linked no names."""
    for call in workspace.calls:
        shared = call.method != "response_url" or call.args.get("response_type") == "in_channel"
        if call.method not in UNFURLED or not shared:
            continue
        for flag in ("unfurl_links", "unfurl_media"):
            assert str(call.args.get(flag)).lower() in {"false", "0"}, f"{call.method} without {flag}=False: {sorted(call.args)}"
        assert not call.args.get("link_names"), f"{call.method} links names"
        assert call.args.get("parse") in {None, "none"}, f"{call.method} parses its text"
