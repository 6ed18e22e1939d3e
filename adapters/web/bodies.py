"""What the text of a transcript entry holds: a person's message, a reply of the bot, or what people did with one."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MessageBody(_Body):
    """What a person wrote, as plain text."""

    kind: Literal["message"] = "message"
    text: str
    edited: bool = False


class MatchBody(_Body):
    """The earlier answer that is served again: when it was given (ISO 8601), how sure the match is, and to which question.

    `question` is empty when it reads as the one that was asked.
    """

    answered_at: str
    certainty: str
    question: str = ""


class OfferBody(_Body):
    """A button that a reply brings: its stable name and its words."""

    offer: str
    label: str


class SourceBody(_Body):
    """What an answer rests on: its title, its http(s) address, and the host of that."""

    title: str
    url: str
    host: str


class PictureBody(_Body):
    """A picture as a `data:` address, and what it shows in words."""

    data: str
    alt: str


class ReplyBody(_Body):
    """A reply of the bot, ready to show.

    `text` is the Markdown or plain text and `html` the same made safe for a page. `tone` is the style class that goes
    with the badge, `figures` the seconds and dollars. `note` is the caution above an answer, `headline` its first words and
    `concern` its kind; `cause` is the kind of a failure, `level` how an announcement is dressed. `until` is a moment
    (ISO 8601) and `until_said` the sentence about it, with `{when}` in its place. `offers` are the buttons that the reply
    brings. `parent` is the question whose answer this one betters. `match` is set when the cache answered and its source is
    still known; `can_ask_live` whenever the cache answered.
    """

    kind: Literal["working", "answer", "failed", "notice", "withdrawn", "announcement"]
    text: str = ""
    html: str = ""
    badge: str = ""
    tone: str = ""
    figures: str = ""
    model: str = ""
    note: str = ""
    headline: str = ""
    concern: str = ""
    cause: str = ""
    level: str = ""
    until: str = ""
    until_said: str = ""
    offers: tuple[OfferBody, ...] = ()
    picture: PictureBody | None = None
    parent: str = ""
    can_ask_live: bool = False
    match: MatchBody | None = None
    sources: tuple[SourceBody, ...] = ()


class MarkBody(_Body):
    """One person's verdict on the answer to `answers`, so that their page shows it again after a reload."""

    kind: Literal["mark"] = "mark"
    answers: str
    state: Literal["flagged", "helpful", "none"]
    reason: str = ""


class PressedBody(_Body):
    """Somebody pressed a button under the answer to `answers`, so that no page that shows the answer offers it anew."""

    kind: Literal["pressed"] = "pressed"
    answers: str
    button: Literal["live", "mismatch"]


Body = MessageBody | ReplyBody | MarkBody | PressedBody

_BODY: TypeAdapter[Body] = TypeAdapter(Annotated[Body, Field(discriminator="kind")])


def read_body(text: str) -> Body:
    """Read the text of an entry that `write_body` wrote."""
    return _BODY.validate_json(text)


def write_body(body: Body) -> str:
    """Return the JSON text that an entry keeps."""
    return body.model_dump_json(exclude_defaults=False)
