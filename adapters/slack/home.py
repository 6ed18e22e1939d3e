"""The Home tab and the help text: how to ask, what the tiers mean, and a person's last questions (pure)."""

from slack_sdk.models.blocks import ActionsBlock, Block, DividerBlock, HeaderBlock, MarkdownTextObject, SectionBlock
from slack_sdk.models.views import View

from adapters.slack.interactions import Action
from adapters.slack.outbound import EMOJI, SlackMessage, badge_text, button, context, section
from adapters.slack.review_form import queue_text
from adapters.slack.text import brief, moment
from bot.desk import Record
from bot.replies import Failed
from bot.reviewing import Queue
from bot.types import Answered, Badge

TITLE = "Switchboard"
HOW_TO_ASK = (
    "*Ask me in three ways:*\n"
    "• mention me with your question, in a channel or thread that I am in\n"
    "• write me a direct message\n"
    "• `/ask` your question: only you see the answer; add `--public` to share it"
)
HOW_TO_FLAG = (
    "Flag a bad answer with the button under it or with a :-1: reaction; taking the reaction off takes the flag back. "
    "Edit your question and I offer to answer again."
)
MEANINGS = {
    Badge.CACHE: "a matching question was answered before",
    Badge.SMALL: "routine questions",
    Badge.FRONTIER: "hard questions",
    Badge.BEST_EFFORT: "a model failed, so check this one",
}
LAST_QUESTIONS = "Your last questions"
NO_QUESTIONS = "You have not asked anything yet."
PENDING = "being worked on"
UNANSWERED = "no answer"
NO_TEXT = "(no text)"
HELP = "Ask a question after the command or the mention."

REVIEW = "Review"
REVIEW_NEXT = "Review the next answer"
REVEALED = "It shows you what was asked and answered. That you were shown it is recorded under your user id."

SHOWN = 5
"""Questions that the Home tab lists."""


def home_view(records: tuple[Record, ...], queue: Queue | None = None, note: str = "") -> View:
    """Return a person's Home tab; `records` are his last questions, newest first, `queue` a reviewer's, and `note` is said about it."""
    recent = [block for record in records[:SHOWN] for block in _recent(record)]
    blocks: list[Block] = [
        HeaderBlock(text=TITLE),
        *(_review_blocks(queue, note) if queue else ()),
        *_help_blocks(),
        DividerBlock(),
        HeaderBlock(text=LAST_QUESTIONS),
        *(recent or [section(NO_QUESTIONS)]),
    ]
    return View(type="home", blocks=blocks)


def help_message() -> SlackMessage:
    """Return what `/ask help` and an empty question are answered with."""
    return SlackMessage(HELP, (section(HELP), *_help_blocks()))


def _help_blocks() -> tuple[Block, ...]:
    meanings = [MarkdownTextObject(text=f"{EMOJI[badge]} *{badge.value}*\n{words}") for badge, words in MEANINGS.items()]
    return (section(HOW_TO_ASK), SectionBlock(fields=meanings), context(HOW_TO_FLAG))


def _review_blocks(queue: Queue, note: str) -> tuple[Block, ...]:
    press = ActionsBlock(elements=[button(REVIEW_NEXT, Action.REVIEW, REVIEW, "primary")])
    offered = (press, context(REVEALED)) if queue.left else ()
    return HeaderBlock(text=REVIEW), section(queue_text(queue)), *((section(note),) if note else ()), *offered, DividerBlock()


def _recent(record: Record) -> tuple[Block, ...]:
    return section(brief(record.question.text, 150) or NO_TEXT), context(_source(record), moment(record.question.asked_at))


def _source(record: Record) -> str:
    if isinstance(record.reply, Answered):
        return badge_text(record.reply.badge)
    return UNANSWERED if isinstance(record.reply, Failed) else PENDING
