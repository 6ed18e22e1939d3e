"""The dialogs: why an answer came from its tier, and what is wrong with it (pure)."""

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from adapters.slack.cached import why_matched
from adapters.slack.interactions import COMMENT, FLAG_FORM, REASON
from adapters.slack.outbound import badge_text, context, section
from adapters.slack.text import brief, inert
from bot.desk import Record
from bot.types import Answered, AttemptLine, Badge, FlagReason
from bot.wording import COST_SOURCES, NO_MODEL_ASKED, REASONS, TIERS, attempted, cautioned, dollars, seconds

WHY_TITLE = "Why this tier?"
CLOSE = "Close"
WHY_PENDING = "The question is still being worked on."
WHY_FAILED = "No tier answered this question."
NO_REASONS = "No reasons were recorded."
FLAG_TITLE = "Flag this answer"
FLAG_SUBMIT = "Send"
FLAG_CANCEL = "Cancel"
FLAG_QUESTION = "What is wrong with it?"
FLAG_COMMENT = "What should it have said?"
FLAG_HINT = "Flags go to the quality review, and a flagged answer is not served again."

COMMENT_LENGTH = 2_900
"""Characters of a flag's comment; Slack's own limit is 3,000 (docs.slack.dev, Plain-text input)."""

_SHOWN = 10
"""Reasons, and last attempts, that a dialog lists."""


def why_view(record: Record) -> View:
    """Return the dialog that explains one answer. Nothing of the answer itself is in it."""
    reference = context(f"ref `{inert(record.question.id)}`")
    return View(type="modal", title=WHY_TITLE, close=CLOSE, blocks=[*_explained(record), reference])


def flag_view(question_id: str) -> View:
    """Return the form for a flag's reason; a reason is needed, a comment is not."""
    options = [Option(text=REASONS[reason], value=reason.value) for reason in FlagReason]
    comment = PlainTextInputElement(action_id=COMMENT, multiline=True, max_length=COMMENT_LENGTH)
    return View(
        type="modal",
        callback_id=FLAG_FORM,
        title=FLAG_TITLE,
        submit=FLAG_SUBMIT,
        close=FLAG_CANCEL,
        private_metadata=question_id,
        blocks=[
            InputBlock(
                block_id=REASON,
                label=FLAG_QUESTION,
                hint=FLAG_HINT,
                element=RadioButtonsElement(action_id=REASON, options=options),
            ),
            InputBlock(block_id=COMMENT, label=FLAG_COMMENT, element=comment, optional=True),
        ],
    )


def _explained(record: Record) -> list[Block]:
    reply = record.reply
    if not isinstance(reply, Answered):
        return [section(WHY_FAILED if reply else WHY_PENDING)]
    reasons = [f"• {brief(reason, 250)}" for reason in reply.reasons[:_SHOWN]]
    source = NO_MODEL_ASKED if reply.badge is Badge.CACHE else COST_SOURCES[reply.cost_source]
    cost = f"{dollars(reply.usd, reply.cost_source)} ({source})"
    model = f" `{brief(reply.model, 100)}`" if reply.model else ""
    blocks: list[Block] = [
        section(f"{badge_text(reply.badge)}{model}"),
        section("*Reasons*\n" + "\n".join(reasons or [NO_REASONS])),
    ]
    if reply.match:
        blocks.append(section(why_matched(record.question, reply.match)))
    if reply.caution:
        blocks.append(section(brief(cautioned(reply.caution), 600)))
    if reply.attempts:
        lines = [_attempt(attempt) for attempt in reply.attempts[-_SHOWN:]]
        blocks += [DividerBlock(), section("*What was asked*\n" + "\n".join(lines))]
    fields = [f"*Time*\n{seconds(reply.seconds)}", f"*Cost*\n{cost}"]
    return [*blocks, SectionBlock(fields=[MarkdownTextObject(text=field) for field in fields])]


def _attempt(attempt: AttemptLine) -> str:
    return f"• {TIERS[attempt.tier]} `{brief(attempt.target, 100)}` {attempted(attempt)}"
