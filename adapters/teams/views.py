"""The cards that a pressed button is answered with, and the help (pure)."""

from collections.abc import Mapping

from adapters.teams.cached import why_matched
from adapters.teams.cards import Button, Card, Facts, Text
from adapters.teams.interactions import Verb
from adapters.teams.outbound import EMOJI, actions, badge_text
from adapters.teams.text import excerpt, inert
from bot.desk import Record
from bot.standing import Spent, Status, Whose
from bot.store.tier_news import TierNews
from bot.types import Answered, AttemptLine, Badge
from bot.wording import COST_SOURCES, NO_MODEL_ASKED, TIERS, attempted, cautioned, dollars, seconds
from router.types import CostSource

TITLE = "Switchboard"
HELP = (
    "Mention me with your question in a channel or a group chat, write to me here or in a chat of our own, or type **/** and "
    "pick me: then only you see the answer."
)
HOW_TO_FLAG = (
    "To go on from an answer, write in its thread, or reply to it in a chat. Flag a bad one with the thumbs-down under it; say "
    "why and what it should have said, if you can. Edit your question and I offer to answer again."
)
MEANINGS: Mapping[Badge, str] = {
    Badge.CACHE: "a matching question was answered before",
    Badge.SMALL: "routine questions",
    Badge.FRONTIER: "hard questions",
    Badge.BEST_EFFORT: "a model failed, so check this one",
}
WHY_PENDING = "The question is still being worked on."
WHY_FAILED = "No tier answered this question."
STATUS = "How things stand"
ANSWERED = "answered {answered} of {asked} calls in the last 15 minutes"
PAUSED = "paused by an operator"
NOT_ASKED = "not asked in the last 15 minutes"
SPENT_TODAY = "Spent today (UTC)"
SPENT: Mapping[Whose, str] = {Whose.PERSON: "You", Whose.CHANNEL: "This conversation", Whose.DEPLOYMENT: "Everybody"}
OF = "{usd} of {cap}"
NO_REASONS = "No reasons were recorded."

_SHOWN = 10
"""Reasons, and last attempts, that a card lists."""

_LINE = 250


def help_card() -> Card:
    """Return how to ask, what the badges mean, and how to flag."""
    meanings = Facts(tuple((badge_title(badge), words) for badge, words in MEANINGS.items()))
    return Card((Text(TITLE, strong=True), Text(HELP), meanings, Text(HOW_TO_FLAG, subtle=True)), summary=TITLE)


def status_card(status: Status) -> Card:
    """Return how the models and the budgets stand."""
    tiers = tuple(
        (badge_title(Badge.of(news.tier, best_effort=False)), PAUSED if news.tier in status.paused else _news(news))
        for news in status.tiers
    )
    money = tuple((SPENT[spent.whose], _spent(spent)) for spent in status.spent)
    return Card((Text(STATUS, strong=True), Facts(tiers), Text(SPENT_TODAY, subtle=True), Facts(money)), summary=STATUS)


def why_card(record: Record) -> Card:
    """Return the explanation of one answer, for whoever pressed the button. Nothing of the answer itself is in it."""
    reply = record.reply
    if not isinstance(reply, Answered):
        return Card((Text(WHY_FAILED if reply else WHY_PENDING),))
    return Card((*_explained(record, reply), Text(f"ref {record.question.id}", subtle=True)), _other_buttons(record, reply))


def said_card(record: Record | None, text: str) -> Card:
    """Return the buttons again under what became of a press."""
    buttons = actions(record.question.id, record.reply) if record and isinstance(record.reply, Answered) else ()
    return Card((Text(text, subtle=True),), buttons)


def badge_title(badge: Badge) -> str:
    """Return a badge as a fact's title, which knows no Markdown."""
    return f"{EMOJI[badge]} {badge.value}"


def _news(news: TierNews) -> str:
    return ANSWERED.format(answered=news.answered, asked=news.asked) if news.asked else NOT_ASKED


def _spent(spent: Spent) -> str:
    usd = dollars(spent.usd, CostSource.REPORTED)
    return usd if spent.cap is None else OF.format(usd=usd, cap=dollars(spent.cap, CostSource.REPORTED))


def _other_buttons(record: Record, reply: Answered) -> tuple[Button, ...]:
    return tuple(button for button in actions(record.question.id, reply) if button.verb != Verb.WHY)


def _explained(record: Record, reply: Answered) -> tuple[Text, ...]:
    source = NO_MODEL_ASKED if reply.badge is Badge.CACHE else COST_SOURCES[reply.cost_source]
    model = f" · {inert(excerpt(reply.model, 100))}" if reply.model else ""
    reasons = [f"- {inert(excerpt(reason, _LINE))}" for reason in reply.reasons[:_SHOWN]]
    texts = [Text(f"{badge_text(reply.badge)}{model}"), Text("\n".join(reasons or [NO_REASONS]))]
    if reply.match:
        texts.append(Text(why_matched(record.question, reply.match)))
    if reply.caution:
        texts.append(Text(inert(excerpt(cautioned(reply.caution), 600))))
    if reply.attempts:
        texts.append(Text("\n".join(_attempt(attempt) for attempt in reply.attempts[-_SHOWN:])))
    return (*texts, Text(f"{seconds(reply.seconds)} · {dollars(reply.usd, reply.cost_source)} ({source})", subtle=True))


def _attempt(attempt: AttemptLine) -> str:
    return f"- {TIERS[attempt.tier]} {inert(excerpt(attempt.target, 100))} {attempted(attempt)}"
