"""Turns pressed buttons and the feedback form into the bot's types (pure)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapters.fields import Fields
from adapters.teams.inbound import Place
from bot.desk import Click
from bot.types import Flag, FlagReason, FlagSource

FEEDBACK = "feedback"
LIKE, DISLIKE = "like", "dislike"

COMMENT = 2_900
"""Characters of a flag's comment, as many as in Slack."""

_QUESTION_ID = re.compile(r"[\w:-]{1,40}")


class Verb(StrEnum):
    """The verbs of every button that we send."""

    ESCALATE = "escalate"
    LIVE = "ask_live"
    MISMATCH = "cache_mismatch"
    WHY = "why_tier"
    RETRY = "retry"
    ANSWER_AGAIN = "answer_again"
    ASK_SMALL = "ask_small"
    REQUEST_BUDGET = "request_budget"
    TELL_ME = "notify_recovery"


@dataclass(frozen=True, slots=True)
class Press:
    """A press of one of our buttons. `key` tells one press from another."""

    verb: Verb
    question_id: str
    place: Place
    key: str

    def click(self) -> Click:
        """Return the click."""
        return Click(self.question_id, self.place.user, self.key)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thinks of the answer that stands at `message`, which is empty where Teams does not say it."""

    liked: bool
    comment: str
    message: str
    place: Place

    def flag(self, question_id: str, now: datetime) -> Flag:
        """Return the flag that a thumbs-down is; one that says why has a reason."""
        reason = FlagReason.OTHER if self.comment else None
        return Flag(question_id, self.place.user, FlagSource.FORM, reason, self.comment, now)


def press(activity: Fields, place: Place) -> Press | None:
    """Read a press: an `adaptiveCard/action`, or the message that older clients send instead."""
    value = activity.at("value")
    action = value.at("action") if value.has("action") else value
    data = action.at("data") if action.has("data") else action
    name, question_id = action.text("verb") or data.text("verb"), data.text("qid")
    verb = next((verb for verb in Verb if verb.value == name), None)
    if verb is None or not _QUESTION_ID.fullmatch(question_id):
        return None
    return Press(verb, question_id, place, f"teams:{place.tenant}/{place.address.channel}/{activity.text('id')}/{name}/{question_id}"[:255])


def is_press(activity: Fields) -> bool:
    """Whether a message is a press of a button: it has a value and no words."""
    return activity.at("value").has("qid") and not activity.text("text").strip()


def feedback(activity: Fields, place: Place) -> Feedback | None:
    """Read a `message/submitAction` of the feedback form."""
    value = activity.at("value")
    verdict = value.text("actionValue", "reaction")
    if value.text("actionName") != FEEDBACK or verdict not in (LIKE, DISLIKE):
        return None
    comment = _comment(value.at("actionValue"))
    return Feedback(verdict == LIKE, comment[:COMMENT].strip(), activity.text("replyToId"), place)


def _comment(value: Fields) -> str:
    """Return the form's text in any of its encodings: an object, an object as JSON text, or the bare text."""
    if value.at("feedback").has("feedbackText"):
        return value.text("feedback", "feedbackText")
    bare = value.text("feedback")
    try:
        encoded = Fields(json.loads(bare))
    except (ValueError, RecursionError):
        return bare
    return encoded.text("feedbackText") if encoded.has("feedbackText") else bare
