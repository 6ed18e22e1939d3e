"""Turns slash commands, button presses and submitted forms into the bot's types (pure)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapters.fields import Fields
from adapters.slack.inbound import Identity, admitted
from adapters.slack.options import SlackOptions
from adapters.slack.reply_url import Manner, accepted
from adapters.slack.text import plain
from bot.desk import Click
from bot.types import Conversation, Flag, FlagReason, FlagSource, Kind, Platform, Question
from router.types import Visibility

COMMAND = "/ask"
FLAG_FORM = "flag_form"
REASON, COMMENT = "reason", "comment"
"""The form's inputs, each the only element of a block with the same id."""

_WORD = re.compile(r"\S+")


class Action(StrEnum):
    """The ids of every button that we send."""

    FEEDBACK = "answer_feedback"
    ESCALATE = "escalate"
    LIVE = "ask_live"
    MISMATCH = "cache_mismatch"
    WHY = "why_tier"
    RETRY = "retry"
    ANSWER_AGAIN = "answer_again"
    FLAG_REASON = "flag_reason"
    ASK_SMALL = "ask_small"
    REQUEST_BUDGET = "request_budget"
    TELL_ME = "notify_recovery"
    REVIEW = "review_next"


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. `text` is empty when help was asked for. A command has no message, so its trigger is its key."""

    user: str
    text: str
    private: bool
    tenant: str
    channel: str
    channel_name: str
    key: str
    reply_url: str

    @property
    def channel_type(self) -> str:
        """The kind of channel as events name it; empty for a named channel, which may be public or private."""
        known = {"directmessage": "im", "privategroup": "group"}
        return known.get(self.channel_name, "mpim" if self.channel_name.startswith("mpdm-") else "")

    def question(self, question_id: str, now: datetime, visibility: Visibility) -> Question:
        """Return the inbox item."""
        return Question(
            id=question_id,
            kind=Kind.ASK,
            delivery_key=self.key,
            logical_key=self.key,
            conversation=Conversation(Platform.SLACK, self.tenant, self.channel, "", visibility),
            user=self.user,
            text=self.text,
            asked_at=now,
            private=self.private,
            reply_url=self.reply_url,
        )


@dataclass(frozen=True, slots=True)
class Press:
    """A press of one of our buttons. `up` and `down` tell the two feedback buttons apart and are false for all others."""

    action: str
    question_id: str
    user: str
    key: str
    trigger: str
    tenant: str
    channel: str
    thread: str
    reply_url: str
    ephemeral: bool
    up: bool = False
    down: bool = False

    def click(self, manner: Manner) -> Click:
        """Return the click: under a message that only its reader sees, the reply is for him alone too.

        A shared answer is never replaced: at the address it is followed, and only where we cannot post in the channel.
        """
        shown = manner if self.ephemeral else Manner.APPEND
        address = f"{self.reply_url}#{shown.value}" if self.reply_url else ""
        return Click(self.question_id, self.user, self.key, reply_url=address)

    def flag(self, now: datetime) -> Flag:
        """Return the flag that a press of the thumbs-down is; its reason may follow."""
        return Flag(self.question_id, self.user, FlagSource.BUTTON, None, "", now)


@dataclass(frozen=True, slots=True)
class Form:
    """A submitted flag form. `reason` is None when none was chosen."""

    question_id: str
    user: str
    reason: FlagReason | None
    comment: str

    def flag(self, now: datetime) -> Flag:
        """Return the flag with its reason."""
        return Flag(self.question_id, self.user, FlagSource.FORM, self.reason, self.comment, now)


def command(body: Fields, me: Identity, options: SlackOptions) -> Command | None:
    """Read a slash command; None when it is incomplete or of a team that is not let in."""
    user, channel, trigger = body.text("user_id"), body.text("channel_id"), body.text("trigger_id")
    team = body.text("team_id")
    if not (user and channel and trigger) or not admitted((team,), me, options):
        return None
    text, public = _flags(plain(body.text("text")))
    return Command(
        user=user,
        text="" if text.casefold() == "help" else text,
        private=not public,
        tenant=team or me.team,
        channel=channel,
        channel_name=body.text("channel_name"),
        key=f"slack:{trigger}",
        reply_url=accepted(body.text("response_url"), options.api_url),
    )


def press(body: Fields, me: Identity, options: SlackOptions) -> Press | None:
    """Read `block_actions`; None when it names no question or its presser is not let in."""
    action = next(iter(body.items("actions")), Fields(None))
    verdict, _, voted = action.text("value").partition(":")
    name = action.text("action_id").partition(":")[0]
    feedback = name == Action.FEEDBACK
    question_id = voted if feedback else action.text("value")
    user, trigger = body.text("user", "id"), body.text("trigger_id")
    team = body.text("user", "team_id")
    key = trigger or action.text("action_ts")
    if not (question_id and user and key) or not admitted((team, body.text("team", "id")), me, options):
        return None
    channel = body.text("channel", "id") or body.text("container", "channel_id")
    return Press(
        action=name,
        question_id=question_id,
        user=user,
        key=f"slack:{key}",
        trigger=trigger,
        tenant=body.text("team", "id") or me.team,
        channel=channel,
        thread=body.text("container", "thread_ts") or body.text("message", "thread_ts"),
        reply_url=accepted(body.text("response_url"), options.api_url),
        ephemeral=body.true("container", "is_ephemeral"),
        up=feedback and verdict == "up",
        down=feedback and verdict == "down",
    )


def form(body: Fields, me: Identity, options: SlackOptions) -> Form | None:
    """Read a `view_submission` of the flag form."""
    view = body.at("view")
    question_id, user = view.text("private_metadata"), body.text("user", "id")
    if not (question_id and user) or not admitted((body.text("user", "team_id"),), me, options):
        return None
    values = view.at("state", "values")
    chosen = values.text(REASON, REASON, "selected_option", "value")
    return Form(
        question_id=question_id,
        user=user,
        reason=next((reason for reason in FlagReason if reason.value == chosen), None),
        comment=values.text(COMMENT, COMMENT, "value").strip(),
    )


def _flags(text: str) -> tuple[str, bool]:
    """Take `--public` and `--private` off either end of a command's text; in between they may be part of the question."""
    public = False
    while (word := _switch_at_an_end(text)) is not None:
        public = word == "--public"
        text = (text.removeprefix(word) if text.startswith(word) else text.removesuffix(word)).strip()
    return text, public


def _switch_at_an_end(text: str) -> str | None:
    words = _WORD.findall(text)
    ends = (words[0], words[-1]) if words else ()
    return next((word for word in ends if word in ("--public", "--private")), None)
