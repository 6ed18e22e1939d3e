"""The dialog in which answers are reviewed, and what is submitted with it (pure)."""

from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    HeaderBlock,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from adapters.fields import Fields
from adapters.slack.inbound import Identity, admitted
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import badge_text, context, section
from adapters.slack.text import brief, excerpt, inert, moment
from bot.evals.types import Fault, Review, Reviewable, Verdict
from bot.reviewing import Queue
from bot.types import Platform
from bot.wording import FAULTS, REASONS, cautioned, certainty, dollars, seconds

REVIEW_FORM = "review_form"
VERDICT, FAULT, CORRECTION = "verdict", "fault", "correction"
"""The inputs. Their blocks are named after the question, too: Slack would keep what was typed for the answer before."""

TITLE = "Review"
SUBMIT, CLOSE = "Save, show next", "Close"
PROGRESS = "{week}: {graded} of {all} sampled answers are graded, {mine} by you."
LACKING = " {number} lack a second reviewer."
NO_SAMPLE = "No answers were sampled yet."
NOTHING_LEFT = "Nothing is left for you to review."
BEFORE, QUESTION, MATCHED, ANSWER = "Before, in the thread", "Question", "Matched question", "Answer"
NO_WORDS = "(its words are gone)"
PERSON, BOT = "Somebody", "Switchboard"
IN_PRIVATE = "asked in private"
FLAGGED = "Flagged: {reason}"
NO_REASON = "no reason given"
JUDGE = "Is the answer acceptable?"
VERDICTS = {Verdict.ACCEPTABLE: "Acceptable", Verdict.NOT_ACCEPTABLE: "Not acceptable", Verdict.CANNOT_TELL: "Cannot tell"}
WHAT = "If it is not, what is wrong?"
BETTER = "A better answer"
BETTER_HINT = "It is served from now on, where this one was in the cache."
CONTRADICTION = "You said what is wrong with it, but not that it is not acceptable. Which is it?"

CORRECTION_LENGTH = 3_000
"""Slack's own limit (docs.slack.dev, Plain-text input)."""
PIECE, PIECES = 2_900, 4
"""Characters of a section, of which Slack takes 3,000, and sections of one text that are shown."""
TURN, REMARK = 600, 300
FLAGS = 3


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who wants to review: a press of the button, or whoever submitted the form."""

    user: str
    tenant: str
    trigger: str


def reviewer(body: Fields, me: Identity, options: SlackOptions) -> Reviewer | None:
    """Read who pressed or submitted; None when that is nobody who is let in."""
    user, tenant = body.text("user", "id"), body.text("team", "id") or me.team
    if not user or not admitted((body.text("user", "team_id"), tenant), me, options):
        return None
    return Reviewer(user, tenant, body.text("trigger_id"))


def review(body: Fields, user: str, now: datetime) -> Review | None:
    """Read a submitted form; None when it lacks a verdict. Raises ValueError for a fault of an answer that is not refused."""
    view = body.at("view")
    question_id, values = view.text("private_metadata"), view.at("state", "values")

    def given(name: str) -> Fields:
        return values.at(block_of(name, question_id), name)

    said = given(VERDICT).text("selected_option", "value")
    wrong = given(FAULT).text("selected_option", "value")
    verdict = next((one for one in Verdict if one.value == said), None)
    if not question_id or verdict is None:
        return None
    fault = next((one for one in Fault if one.value == wrong), None)
    return Review(question_id, user, verdict, now, fault, correction=given(CORRECTION).text("value").strip())


def fault_block(body: Fields) -> str:
    """Return the block of a submitted form in which a fault was chosen."""
    return block_of(FAULT, body.text("view", "private_metadata"))


def block_of(name: str, question_id: str) -> str:
    """Return the id of an input's block."""
    return f"{name}:{question_id}"


def review_view(shown: Reviewable, queue: Queue, note: str = "") -> View:
    """Return the dialog with an answer and the form for a verdict on it."""
    blocks: list[Block] = [
        *_notes(note, queue_text(queue)),
        *_context(shown),
        *_text(QUESTION, shown.question.text),
        *_matched(shown),
        *_text(ANSWER, shown.answer.text),
        *_about(shown),
        *_inputs(shown.question.id),
    ]
    return View(
        type="modal",
        callback_id=REVIEW_FORM,
        title=TITLE,
        submit=SUBMIT,
        close=CLOSE,
        private_metadata=shown.question.id,
        blocks=blocks,
    )


def done_view(*notes: str) -> View:
    """Return the dialog when there is no answer to show, with why."""
    return View(type="modal", title=TITLE, close=CLOSE, blocks=[section(inert(note)) for note in notes if note])


def queue_text(queue: Queue) -> str:
    """Return how far the week's review is, and whether anything is left for this reviewer."""
    made = queue.progress
    if made is None:
        return NO_SAMPLE
    said = PROGRESS.format(week=made.week, graded=made.graded, all=made.graded + made.left, mine=queue.mine)
    lacking = LACKING.format(number=made.left_twice) if made.left_twice else ""
    return f"{said}{lacking}" if queue.left else f"{said}{lacking} {NOTHING_LEFT}"


def _notes(note: str, progress: str) -> list[Block]:
    return [*([section(inert(note))] if note else []), context(progress)]


def _context(shown: Reviewable) -> list[Block]:
    lines = [f"*{BOT if turn.assistant else PERSON}:* {brief(turn.text, TURN)}" for turn in shown.context]
    return [context(f"*{BEFORE}*"), *map(context, lines)] if lines else []


def _text(title: str, text: str) -> list[Block]:
    """Return a text as it was typed, in plain sections: nothing in it can link, mention or format."""
    shown = excerpt(text.strip() or NO_WORDS, PIECE * PIECES)
    pieces = [shown[start : start + PIECE] for start in range(0, len(shown), PIECE)]
    return [HeaderBlock(text=title), *(SectionBlock(text=PlainTextObject(text=piece, emoji=False)) for piece in pieces if piece.strip())]


def _matched(shown: Reviewable) -> list[Block]:
    match = shown.answer.match
    if match is None:
        return []
    return [*_text(MATCHED, match.question), context(f"{certainty(match)}: {brief(match.reason, REMARK)}", moment(match.answered_at))]


def _about(shown: Reviewable) -> list[Block]:
    answer = shown.answer
    model = f"`{brief(answer.model, 100)}`" if answer.model else ""
    facts = (badge_text(answer.badge), model, seconds(answer.seconds), dollars(answer.usd, answer.cost_source), _place(shown))
    blocks: list[Block] = [context(*facts, moment(shown.question.asked_at))]
    if answer.caution:
        blocks.append(context(brief(cautioned(answer.caution), REMARK)))
    for flag in shown.flags[:FLAGS]:
        said = FLAGGED.format(reason=REASONS[flag.reason] if flag.reason else NO_REASON)
        blocks.append(context(f"{said}. {brief(flag.comment, REMARK)}"))
    return blocks


def _place(shown: Reviewable) -> str:
    asked = shown.question.conversation
    if not shown.question.user:
        return IN_PRIVATE
    return f"<#{inert(asked.channel)}>" if asked.platform is Platform.SLACK else f"{asked.platform.value} {brief(asked.channel, 100)}"


def _inputs(question_id: str) -> list[Block]:
    verdicts = [Option(text=words, value=verdict.value) for verdict, words in VERDICTS.items()]
    faults = [Option(text=words, value=fault.value) for fault, words in FAULTS.items()]
    typed = PlainTextInputElement(action_id=CORRECTION, multiline=True, max_length=CORRECTION_LENGTH)
    return [
        InputBlock(block_id=block_of(VERDICT, question_id), label=JUDGE, element=RadioButtonsElement(action_id=VERDICT, options=verdicts)),
        InputBlock(
            block_id=block_of(FAULT, question_id),
            label=WHAT,
            element=StaticSelectElement(action_id=FAULT, options=faults),
            optional=True,
        ),
        InputBlock(block_id=block_of(CORRECTION, question_id), label=BETTER, hint=BETTER_HINT, element=typed, optional=True),
    ]
