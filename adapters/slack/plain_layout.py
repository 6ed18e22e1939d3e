"""The same message in the oldest blocks, for a workspace that answers `invalid_blocks` (pure)."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    FeedbackButtonsElement,
    InteractiveElement,
    MarkdownBlock,
    MarkdownTextObject,
    SectionBlock,
)

from adapters.safe_markdown import segments
from adapters.slack.interactions import Action
from adapters.slack.outbound import FLAG, HELPFUL, LINE, SlackMessage
from adapters.split import split

_SIGNS = {"error": ":x:", "warning": ":warning:", "success": ":white_check_mark:"}
FEEDBACK_PREFIX = f"{Action.FEEDBACK.value}:"
"""Two buttons in one block may not share an action id, so each carries its verdict behind this prefix."""


def downgraded(message: SlackMessage) -> SlackMessage:
    """Return the message without alert, context_actions and markdown blocks, within Slack's limits."""
    blocks = tuple(old for block in message.blocks for old in _older(block))
    return SlackMessage(message.text, blocks[:50], message.rest)


def _older(block: Block) -> list[Block]:
    if isinstance(block, AlertBlock) and block.text is not None:
        sign = _SIGNS.get(block.level or "", ":information_source:")
        return [SectionBlock(text=MarkdownTextObject(text=f"{sign} {block.text.text}"))]
    if isinstance(block, MarkdownBlock):
        text = block.text.replace("<", "&lt;")  # safe Markdown leaves them in code, where mrkdwn would read them
        return [SectionBlock(text=MarkdownTextObject(text=_mrkdwn(piece))) for piece in split(text, LINE)]
    if isinstance(block, ContextActionsBlock):
        buttons = [button for element in block.elements for button in _vote_buttons(element)]
        return [ActionsBlock(block_id=block.block_id, elements=buttons)]
    return [block]


def _vote_buttons(element: object) -> list[InteractiveElement]:
    if not isinstance(element, FeedbackButtonsElement):
        return []
    buttons = ((HELPFUL, element.positive_button), (FLAG, element.negative_button))
    return [
        ButtonElement(text=text, action_id=f"{FEEDBACK_PREFIX}{text.casefold()}", value=vote.to_dict()["value"])
        for text, vote in buttons
        if vote is not None
    ]


def _mrkdwn(markdown: str) -> str:
    return "".join(part if is_code else part.replace("**", "*") for part, is_code in segments(markdown))
