"""What the dashboard's forms may say."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.dashboard.visit import Refused
from bot.evals.types import Fault, Verdict
from bot.types import Resolution

MALFORMED = "That form is not complete: go back, reload the page and try again."
QUESTION_ID = "[A-Za-z0-9_:-]{1,40}"
COMMENT_CHARS, CORRECTION_CHARS = 2_900, 20_000

Form = TypeVar("Form", bound=BaseModel)


def _text(value: object) -> object:
    """Return what was typed, with lines that end as ours do, and without NUL, which no database takes."""
    return value.replace("\r\n", "\n").replace("\0", "").strip() if isinstance(value, str) else value


def _or_none(value: object) -> object:
    return value or None


QuestionId = Annotated[str, Field(pattern=f"^{QUESTION_ID}$")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RevealForm(_Form):
    """The wish to see a question's words. `page` is the path to go back to."""

    question_id: QuestionId
    page: Annotated[str, Field(pattern=f"^/admin/(review|flags)(/{QUESTION_ID})?$")]


class FlagForm(_Form):
    """What somebody makes of the flags on an answer."""

    question_id: QuestionId
    resolution: Resolution


class ReviewForm(_Form):
    """A verdict. `onward` is the queue that it was given in."""

    question_id: QuestionId
    verdict: Verdict
    fault: Annotated[Fault | None, BeforeValidator(_or_none)] = None
    comment: Annotated[str, BeforeValidator(_text), Field(max_length=COMMENT_CHARS)] = ""
    correction: Annotated[str, BeforeValidator(_text), Field(max_length=CORRECTION_CHARS)] = ""
    into_cache: bool = False
    reveal_next: bool = False
    onward: Annotated[str, Field(pattern=r"^/admin/(review|flags)$")] = "/admin/review"


def parse(form: type[Form], fields: Mapping[str, str]) -> Form:
    """Read a form. Raises Refused."""
    try:
        return form.model_validate(fields)
    except ValidationError as error:
        raise Refused(400, MALFORMED) from error
