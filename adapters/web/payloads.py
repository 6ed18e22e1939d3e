"""What the page sends, as checked values: names, texts, presses, forms."""

import re
import unicodedata
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.types import FlagReason

BOT = "switchboard"

MAX_TEXT = 12_000
MAX_COMMENT = 2_900
MAX_NAME = 20
"""Characters of a person's name; with it the ids of marks stay within the transcript's 64."""

NAME_NEEDED = "a name needs a letter or a digit"
NAME_TAKEN = "that name is the bot's own"
TEXT_NEEDED = "write something first"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Refused(Exception):  # noqa: N818 (an answer to the page, not a fault of ours)
    """What the page asked for is not done. `status` is the HTTP status, the message is for the person."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def slug(name: str) -> str:
    """Return the user id that a name stands for: lower case, letters and digits of any script, hyphens between."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    found = re.sub(r"[\W_]+", "-", plain).strip("-")[:MAX_NAME].strip("-")
    if not found:
        raise ValueError(NAME_NEEDED)
    if found == BOT:
        raise ValueError(NAME_TAKEN)
    return found


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _written(text: str) -> str:
    cleaned = _clean(text)
    if not cleaned:
        raise ValueError(TEXT_NEEDED)
    return cleaned


User = Annotated[str, Field(max_length=4 * MAX_NAME), AfterValidator(slug)]
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_written)]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w:-]+$")]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    user: User


class Poll(_Payload):
    """Ask for what changed after a revision."""

    since: Annotated[int, Field(ge=0, lt=2**31)] = 0


class Asked(_Payload):
    """Ask about one answer."""


class Post(_Payload):
    """Write a message. The page makes `id`, so that sending it again changes nothing."""

    id: UUID
    channel: Annotated[str, Field(max_length=64)]
    thread: Annotated[str, Field(max_length=64, pattern=r"^[\w:-]*$")] = ""
    text: Text


class Edit(_Payload):
    """Change the text of one's own message; `id` names this change."""

    id: UUID
    message: Id
    text: Text


class Delete(_Payload):
    """Delete one's own message."""

    message: Id


class Press(_Payload):
    """Press a button under an answer; `id` names this press."""

    id: UUID
    question: Id


class FlagForm(_Payload):
    """Say that an answer is not good, and why."""

    question: Id
    reason: FlagReason
    comment: Annotated[str, Field(max_length=MAX_COMMENT), AfterValidator(_clean)] = ""


class FaultForm(BaseModel):
    """Break or mend a simulated model; an empty `fault` mends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Annotated[str, Field(max_length=64)]
    fault: Annotated[str, Field(max_length=64)] = ""


P = TypeVar("P", bound=BaseModel)


def parse(form: type[P], raw: bytes | dict[str, str]) -> P:
    """Read a JSON body, or the fields of an address, as `form`. Raises Refused (400) with one line for the person."""
    try:
        return form.model_validate(raw) if isinstance(raw, dict) else form.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise Refused(400, f"{where}: {said}" if where else said) from error
