"""Announcements in the inbox: what is said in a channel by whichever worker gets to it, and kept until it is said."""

import json

from bot.ids import new_id
from bot.replies import Announcement, Urgency
from bot.types import Conversation, Kind, Platform, Question
from router.money_policy import AlertsPolicy
from router.types import Clock, Visibility


def operators_place(alerts: AlertsPolicy) -> Conversation | None:
    """Return the channel in which operators are told things; None when there is none."""
    if not alerts.channel:
        return None
    return Conversation(Platform(alerts.platform), alerts.tenant, alerts.channel, "", Visibility.PUBLIC)


def announcing(said: Announcement, place: Conversation, key: str, clock: Clock, *, about: str = "") -> Question:
    """Return the inbox's item for an announcement without a picture. One `key` is said once; `about` is a person whom it concerns."""
    text = json.dumps({"title": said.title, "text": said.text, "urgency": said.urgency.value})
    return Question(new_id(), Kind.ANNOUNCE, key, key, place, about, text, clock())


def announcement_of(question: Question) -> Announcement:
    """Read an announcement from its item."""
    said = json.loads(question.text)
    return Announcement(said["title"], said["text"], Urgency(said["urgency"]))
