"""Adaptive Cards in the few pieces that we use (pure)."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"

VERSION = "1.5"
"""What every client renders and Action.Execute needs (learn.microsoft.com, Universal Actions: 1.4)."""

Json = Mapping[str, object]


class Style(StrEnum):
    """The background of a container."""

    DEFAULT = "default"
    ACCENT = "accent"
    WARNING = "warning"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. Its Markdown knows bold, italics, lists and links; code it shows as it stands."""

    text: str
    subtle: bool = False
    strong: bool = False

    def as_json(self) -> Json:
        """Return the element."""
        look: Json = {"isSubtle": True, "size": "Small"} if self.subtle else {}
        weight: Json = {"weight": "Bolder"} if self.strong else {}
        return {"type": "TextBlock", "text": self.text, "wrap": True, **look, **weight}


@dataclass(frozen=True, slots=True)
class Box:
    """Paragraphs on a coloured ground."""

    style: Style
    texts: tuple[Text, ...]

    def as_json(self) -> Json:
        """Return the element."""
        return {"type": "Container", "style": self.style.value, "bleed": True, "items": [text.as_json() for text in self.texts]}


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what it means."""

    pairs: tuple[tuple[str, str], ...]

    def as_json(self) -> Json:
        """Return the element."""
        return {"type": "FactSet", "facts": [{"title": title, "value": value} for title, value in self.pairs]}


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG that the card carries itself; `alt` says what it shows."""

    png: bytes
    alt: str

    def as_json(self) -> Json:
        """Return the element."""
        return {"type": "Image", "url": f"data:image/png;base64,{b64encode(self.png).decode()}", "altText": self.alt}


@dataclass(frozen=True, slots=True)
class Button:
    """A button that tells its question; clients without Universal Actions send its data as a message."""

    title: str
    verb: str
    question_id: str
    primary: bool = False

    def as_json(self) -> Json:
        """Return the action."""
        data = {"qid": self.question_id, "verb": self.verb}
        fallback = {"type": "Action.Submit", "title": self.title, "data": data}
        style: Json = {"style": "positive"} if self.primary else {}
        return {"type": "Action.Execute", "title": self.title, "verb": self.verb, "data": data, "fallback": fallback, **style}


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `summary` is what notifications show of it."""

    body: tuple[Text | Box | Facts | Image, ...]
    buttons: tuple[Button, ...] = ()
    summary: str = ""

    def as_json(self) -> Json:
        """Return the card."""
        return {
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": VERSION,
            "body": [element.as_json() for element in self.body],
            "actions": [button.as_json() for button in self.buttons],
        }
