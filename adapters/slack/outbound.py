"""Turns the bot's replies into Slack messages: Block Kit blocks and a fallback text (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    MarkdownBlock,
    MarkdownTextObject,
    SectionBlock,
)

from adapters.safe_markdown import safe
from adapters.slack.cached import age, matched
from adapters.slack.interactions import Action
from adapters.slack.sources import ROOM, named
from adapters.slack.text import brief, excerpt, inert, moment, plain
from adapters.split import split
from bot.replies import Announcement, Cause, Caution, Concern, Failed, Notice, Offer, Urgency
from bot.types import Answered, Badge, Kind, Question, Reply, Withdrawn, Working
from bot.wording import CONCERNS, SMALL_INSTEAD, certainty, dollars, offered, seconds, until

WORKING = "Working on it. This message becomes the answer."
FAILED = "I could not answer this."
WITHDRAWN = "The question was deleted, so its answer was taken back."
NOTHING = "(no text)"
HELPFUL, HELPFUL_LABEL = "Helpful", "Mark this answer as helpful"
FLAG, FLAG_LABEL = "Flag", "Flag this answer as wrong or unhelpful"
ASK_LIVE = "Ask again live"
MISMATCH = "Not the same question"
WHY = "Why this tier?"
ADD_REASON = "Add a reason"

EMOJI = {
    Badge.CACHE: ":white_circle:",
    Badge.SMALL: ":large_green_circle:",
    Badge.FRONTIER: ":large_blue_circle:",
    Badge.BEST_EFFORT: ":large_yellow_circle:",
}

ACTIONS: Mapping[Offer, Action] = {
    Offer.ESCALATE: Action.ESCALATE,
    Offer.TRY_AGAIN: Action.RETRY,
    Offer.ANSWER_AGAIN: Action.ANSWER_AGAIN,
    Offer.ASK_SMALL: Action.ASK_SMALL,
    Offer.REQUEST_BUDGET: Action.REQUEST_BUDGET,
    Offer.TELL_ME: Action.TELL_ME,
}
LEVELS: Mapping[Cause, str] = {
    Cause.BUDGET: "info",
    Cause.RATE_LIMIT: "info",
    Cause.PAUSED: "info",
    Cause.TURNED_OFF: "info",
    Cause.TOO_LONG: "warning",
    Cause.REFUSED: "warning",
}
"""How a failure is dressed; what is not here is an error."""

BODY = 11_500
"""Characters of Markdown in one message: Slack takes 12,000 in all its markdown blocks (docs.slack.dev, Markdown block)."""

LINE = 3_000
"""Characters of one text object (docs.slack.dev, Section block)."""

FALLBACK = 3_900
"""Bytes of the fallback text: chat.update refuses 4,000 and more (gitlab-org/gitlab issue 258898)."""

NOTE = 500
"""Bytes of a remark in a message, which with BODY stays below what Slack takes in all blocks together (about 13,200)."""


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message. `text` is what notifications and readers without blocks get; `rest` continues in further messages."""

    text: str
    blocks: tuple[Block, ...]
    rest: tuple[str, ...] = ()


def render(question: Question, reply: Reply) -> SlackMessage:
    """Return the message for a reply to a question."""
    match reply:
        case Answered():
            return _answered(question, reply)
        case Failed():
            return _failed(question, reply)
        case Notice():
            return _notice(question, reply)
        case Working():
            return SlackMessage(WORKING, (context(f":hourglass_flowing_sand: {WORKING}"),))
        case Withdrawn():
            return SlackMessage(WITHDRAWN, (context(WITHDRAWN),))


def announced(announcement: Announcement) -> SlackMessage:
    """Return the message of an announcement, without its picture."""
    title, text = brief(announcement.title, NOTE), brief(announcement.text, BODY // 4)
    head = section(f"*{title}*") if announcement.urgency is Urgency.INFO else _alert(announcement.urgency.value, f"*{title}*")
    blocks = (head, section(text)) if text.strip() else (head,)
    return SlackMessage(f"*{title}*\n{text}".strip(), blocks)


def continuation(text: str) -> SlackMessage:
    """Return a further message of a long answer; `text` is one of `SlackMessage.rest`."""
    return SlackMessage(brief(plain(text), FALLBACK).strip() or NOTHING, (MarkdownBlock(text=text),))


def reason_offer(question_id: str, text: str, label: str = ADD_REASON) -> SlackMessage:
    """Return a remark with a button that opens the flag form."""
    return SlackMessage(text, (section(inert(text)), _buttons(question_id, button(label, Action.FLAG_REASON, question_id))))


def remark(text: str) -> SlackMessage:
    """Return a remark without buttons."""
    shown = brief(text, NOTE).strip() or NOTHING
    return SlackMessage(shown, (section(shown),))


def section(mrkdwn: str) -> SectionBlock:
    """Return a section of text that is already inert."""
    return SectionBlock(text=MarkdownTextObject(text=excerpt(mrkdwn, LINE)))


def context(*mrkdwn: str) -> ContextBlock:
    """Return a line of small texts that are already inert; Slack takes ten."""
    return ContextBlock(elements=[MarkdownTextObject(text=excerpt(text, LINE)) for text in mrkdwn[:10] if text.strip()])


def button(text: str, action: Action, value: str, style: str | None = None) -> ButtonElement:
    """Return a button that tells its question."""
    return ButtonElement(text=text, action_id=action.value, value=value, style=style)


def badge_text(badge: Badge) -> str:
    """Return a badge as every message shows it."""
    return f"{EMOJI[badge]} *{badge.value}*"


def _answered(question: Question, reply: Answered) -> SlackMessage:
    sources = named(reply.sources)
    body, *rest = split(safe(reply.text).strip() or NOTHING, BODY - (ROOM if sources else 0))
    blocks: tuple[Block, ...] = (
        *_asked(question),
        *_caution(reply.caution),
        MarkdownBlock(text=body),
        *((context(sources),) if sources else ()),
        *_facts(question, reply),
        ContextActionsBlock(block_id=f"fb:{question.id}", elements=[_feedback(question.id)]),
        _buttons(question.id, *_wishes(question.id, reply), button(WHY, Action.WHY, question.id)),
    )
    return SlackMessage(brief(reply.text, FALLBACK).strip() or NOTHING, blocks, tuple(rest))


def _facts(question: Question, reply: Answered) -> tuple[Block, ...]:
    """Return where the answer came from; of a cached one its age and the match tell more than its few milliseconds."""
    cost = dollars(reply.usd, reply.cost_source)
    if reply.match is None:
        return (context(badge_text(reply.badge), seconds(reply.seconds), cost),)
    facts = context(badge_text(reply.badge), age(question, reply.match), certainty(reply.match), cost)
    quoted = matched(question, reply.match)
    return (facts, context(quoted)) if quoted else (facts,)


def _wishes(question_id: str, reply: Answered) -> Iterator[ButtonElement]:
    """Return the buttons that ask for another answer."""
    yield from _offers(question_id, reply.offers, "primary" if reply.badge is Badge.BEST_EFFORT else None, reply.badge)
    if reply.badge is Badge.CACHE:
        yield button(ASK_LIVE, Action.LIVE, question_id, "primary")
    if reply.match is not None:
        yield button(MISMATCH, Action.MISMATCH, question_id)


def _offers(question_id: str, offers: Sequence[Offer], style: str | None, badge: Badge | None = None) -> Iterator[ButtonElement]:
    """Return the buttons of offers; the first has the style."""
    for number, offer in enumerate(offers):
        yield button(offered(offer, badge), ACTIONS[offer], question_id, None if number else style)


def _failed(question: Question, reply: Failed) -> SlackMessage:
    text, level = brief(reply.text, NOTE), LEVELS.get(reply.cause, "error")
    lines = [
        f"*{FAILED}* {text}" if level == "error" else f"*{text}*",
        until(reply).format(when=moment(reply.until)) if reply.until else "",
    ]
    blocks: list[Block] = [*_asked(question), _alert(level, *lines)]
    if Offer.ASK_SMALL in reply.offers:
        blocks.append(section(SMALL_INSTEAD))
    blocks.append(context(f"ref `{inert(question.id)}`"))
    if reply.offers:
        blocks.append(_buttons(question.id, *_offers(question.id, reply.offers, "primary")))
    return SlackMessage(f"{FAILED} {text}", tuple(blocks))


def _notice(question: Question, reply: Notice) -> SlackMessage:
    bare = remark(reply.text)
    blocks = (*bare.blocks, *_about(question))
    if not reply.offers:
        return SlackMessage(bare.text, blocks)
    subject = question.parent or question.id if question.kind in (Kind.EDITED, Kind.WATCH) else question.id
    return SlackMessage(bare.text, (*blocks, _buttons(subject, *_offers(subject, reply.offers, "primary"))))


def _about(question: Question) -> tuple[Block, ...]:
    """Return what a notice is about, where it stands apart from its question: in the person's own messages."""
    if question.kind is not Kind.WATCH:
        return ()
    return (context(f"“{brief(question.text, NOTE)}” in <#{inert(question.conversation.channel)}>"),)


def _asked(question: Question) -> tuple[Block, ...]:
    """Return who asked what, where the channel cannot see it: Slack does not show a command to the others."""
    if question.private or question.source is not None or question.kind is not Kind.ASK:
        return ()
    return (context(f"<@{inert(question.user)}> asked: {brief(question.text, NOTE)}"),)


def _caution(caution: Caution | None) -> tuple[Block, ...]:
    if caution is None:
        return ()
    level = "warning" if caution.concern is Concern.BEST_EFFORT else "info"
    ends = until(caution).format(when=moment(caution.until)) if caution.until else ""
    return (_alert(level, f"*{CONCERNS[caution.concern]}*", brief(caution.text, NOTE), ends),)


def _alert(level: str, *sentences: str) -> AlertBlock:
    return AlertBlock(level=level, text=MarkdownTextObject(text=" ".join(sentence for sentence in sentences if sentence)))


def _feedback(question_id: str) -> FeedbackButtonsElement:
    return FeedbackButtonsElement(
        action_id=Action.FEEDBACK.value,
        positive_button=FeedbackButtonObject(text=HELPFUL, accessibility_label=HELPFUL_LABEL, value=f"up:{question_id}"),
        negative_button=FeedbackButtonObject(text=FLAG, accessibility_label=FLAG_LABEL, value=f"down:{question_id}"),
    )


def _buttons(question_id: str, *buttons: ButtonElement) -> ActionsBlock:
    return ActionsBlock(block_id=f"act:{question_id}", elements=list(buttons))
