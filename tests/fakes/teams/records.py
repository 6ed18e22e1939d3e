"""What the fake of Teams keeps: the bot's messages as they stand now, and every call that it made."""

from dataclasses import dataclass

from tests.fakes.slack.json_values import JsonObject, as_objects, object_at, objects_at, text_at

CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation: `conversation` is Teams' id without a thread, `kind` is personal, groupChat or channel."""

    conversation: str
    kind: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the bot as it stands now. `thread` is the root's id in a channel; `to` is set when one person alone sees it."""

    conversation: str
    id: str
    activity: JsonObject
    thread: str = ""
    to: str = ""
    updates: int = 0

    @property
    def text(self) -> str:
        """Return its text."""
        return text_at(self.activity, "text")

    @property
    def cards(self) -> list[JsonObject]:
        """Return its Adaptive Cards."""
        attachments = objects_at(self.activity, "attachments")
        return [object_at(one, "content") for one in attachments if text_at(one, "contentType") == CARD]

    @property
    def actions(self) -> list[JsonObject]:
        """Return the buttons of its cards, wherever in them they stand."""
        return [one for card in self.cards for one in _actions(card)]

    @property
    def shown(self) -> str:
        """Return all that a reader sees: the text, and the texts and buttons of the cards."""
        return "\n".join([self.text, *(text for card in self.cards for text in _texts(card))])

    @property
    def entities(self) -> list[JsonObject]:
        """Return what is told about the text: mentions, and that a model wrote it."""
        return as_objects(self.activity.get("entities"))

    @property
    def takes_feedback(self) -> bool:
        """Tell whether Teams shows thumbs under it."""
        data = object_at(self.activity, "channelData")
        return bool(object_at(data, "feedbackLoop").get("type") or data.get("feedbackLoopEnabled"))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the connector: what for, on which conversation, with which answer."""

    what: str
    conversation: str
    status: int
    activity: JsonObject
    at: float


def _actions(part: object) -> list[JsonObject]:
    if isinstance(part, list):
        return [action for one in part for action in _actions(one)]
    if not isinstance(part, dict):
        return []
    own = [part] if text_at(part, "type").startswith("Action.") else []
    return own + [action for key, one in part.items() if key not in {"fallback", "data"} for action in _actions(one)]


def _texts(part: object) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if not isinstance(part, dict):
        return []
    own = [text_at(part, key) for key in ("text", "title", "value", "altText") if text_at(part, key)]
    return own + [text for key, one in part.items() if key not in {"fallback", "data"} for text in _texts(one)]
