"""Posts to a reply address: Slack's `response_url` of one command or one button press."""

import asyncio
import json
from dataclasses import dataclass, replace

from aiohttp import ClientSession
from slack_sdk.models.blocks import Block

from adapters.fields import Fields
from adapters.slack.faults import BAD_BLOCKS, by_code, by_status, translate
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import SlackMessage
from adapters.slack.plain_layout import downgraded
from adapters.slack.reply_url import accepted
from adapters.slack.web import CALL_S, SlackWeb
from bot.types import DeliveryFailure

REFUSED = frozenset({"expired_url", "used_url", "no_active_hooks", "http_403", "http_404", "http_410", "not_slacks"})
"""The address takes nothing any more, so the message has to go another way."""

_OK = 200


@dataclass(frozen=True, slots=True)
class Posting:
    """One use of a reply address. `shared`: the channel sees it too. `replaces`: it takes the place of what stands there.

    Without a message, what stands there is deleted.
    """

    message: SlackMessage | None
    shared: bool = False
    replaces: bool = False


class Hook:
    """The way to every reply address."""

    def __init__(self, web: SlackWeb, options: SlackOptions) -> None:
        self._web = web
        self._options = options

    async def send(self, url: str, posting: Posting) -> None:
        """Use an address once, or twice when the workspace does not know a block. Raises DeliveryFailure."""
        try:
            await self._post(url, posting)
        except DeliveryFailure as failure:
            if failure.code not in BAD_BLOCKS or posting.message is None:
                raise
            await self._post(url, replace(posting, message=downgraded(posting.message)))

    async def _post(self, url: str, posting: Posting) -> None:
        address = accepted(url, self._options.api_url)  # checked when it came, and again now that it comes from the store
        if not address:
            raise DeliveryFailure("not_slacks", retry_after_s=None)
        try:
            async with asyncio.timeout(CALL_S):
                failure = await _exchange(self._web.session, address, _body(posting))
        except Exception as error:
            raise translate(error) from error
        if failure is not None:
            raise failure


async def _exchange(session: ClientSession, address: str, body: str) -> DeliveryFailure | None:
    """Post once and read the verdict. Redirects are not followed: they could lead anywhere."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    async with session.post(address, data=body, headers=headers, allow_redirects=False) as response:
        code = _code(await response.text(errors="replace"))
        wait = response.headers.get("Retry-After", "")
        if code:
            return by_code(code, wait)
        return None if response.status == _OK else by_status(response.status, wait)


def _body(posting: Posting) -> str:
    if posting.message is None:
        return json.dumps({"delete_original": True})
    return json.dumps(
        {
            "text": posting.message.text,
            "blocks": [_as_json(block) for block in posting.message.blocks],
            "response_type": "in_channel" if posting.shared else "ephemeral",
            "replace_original": posting.replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        },
    )


def _as_json(block: Block) -> object:
    return block.to_dict()


def _code(text: str) -> str:
    """Return Slack's error code from an answer, which is `ok` when all is well, and JSON or a bare code when not."""
    try:
        value = Fields(json.loads(text))
    except (ValueError, RecursionError):
        bare = text.strip()
        return bare if bare in REFUSED | BAD_BLOCKS else ""
    return "" if value.true("ok") else value.text("error")
