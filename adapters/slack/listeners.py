"""Every handler that is registered, in one place: what Slack has to be told to send."""

from dataclasses import dataclass
from enum import StrEnum

from adapters.slack.events import EventHandlers
from adapters.slack.interactions import COMMAND, FLAG_FORM, Action
from adapters.slack.presses import PressHandlers
from adapters.slack.reception import Handler, Reception
from adapters.slack.review_form import REVIEW_FORM
from adapters.slack.review_presses import ReviewHandlers


class Trigger(StrEnum):
    """What makes a listener run."""

    EVENT = "event"
    COMMAND = "command"
    ACTION = "action"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Listener:
    """One registration: an event's type, a command, a button's action id or a form's callback id."""

    trigger: Trigger
    name: str
    handler: Handler


def listeners(reception: Reception) -> tuple[Listener, ...]:
    """Return what is listened to."""
    on, pressed, reviewed = EventHandlers(reception), PressHandlers(reception), ReviewHandlers(reception)
    return (
        Listener(Trigger.EVENT, "app_mention", on.message),
        Listener(Trigger.EVENT, "message", on.message),
        Listener(Trigger.EVENT, "reaction_added", on.reaction),
        Listener(Trigger.EVENT, "reaction_removed", on.reaction),
        Listener(Trigger.EVENT, "app_home_opened", on.home),
        Listener(Trigger.EVENT, "tokens_revoked", on.revoked),
        Listener(Trigger.EVENT, "app_uninstalled", on.uninstalled),
        Listener(Trigger.COMMAND, COMMAND, pressed.command),
        Listener(Trigger.ACTION, Action.FEEDBACK.value, pressed.feedback),
        Listener(Trigger.ACTION, Action.ESCALATE.value, pressed.escalate),
        Listener(Trigger.ACTION, Action.LIVE.value, pressed.live),
        Listener(Trigger.ACTION, Action.MISMATCH.value, pressed.mismatch),
        Listener(Trigger.ACTION, Action.WHY.value, pressed.why),
        Listener(Trigger.ACTION, Action.RETRY.value, pressed.again),
        Listener(Trigger.ACTION, Action.ANSWER_AGAIN.value, pressed.again),
        Listener(Trigger.ACTION, Action.ASK_SMALL.value, pressed.small),
        Listener(Trigger.ACTION, Action.TELL_ME.value, pressed.tell),
        Listener(Trigger.ACTION, Action.REQUEST_BUDGET.value, pressed.request_budget),
        Listener(Trigger.ACTION, Action.FLAG_REASON.value, pressed.reason),
        Listener(Trigger.ACTION, Action.REVIEW.value, reviewed.open),
        Listener(Trigger.VIEW, FLAG_FORM, pressed.form),
        Listener(Trigger.VIEW, REVIEW_FORM, reviewed.submit),
    )


def unlistened(reception: Reception) -> tuple[Listener, ...]:
    """Return what takes everything else, so that Slack gets a 200 for it and does not send it again."""
    on, pressed = EventHandlers(reception), PressHandlers(reception)
    return (
        Listener(Trigger.EVENT, ".*", on.ignore),
        Listener(Trigger.ACTION, ".*", pressed.ignore),
        Listener(Trigger.COMMAND, ".*", pressed.ignore),
        Listener(Trigger.VIEW, ".*", pressed.ignore),
    )
