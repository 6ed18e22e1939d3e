"""Reads JSON lines that a person hands to a command, and says which line cannot be used."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

NOT_UTF8 = "not UTF-8 text"
NOT_JSON = "not a JSON object"

Row = TypeVar("Row", bound=BaseModel)


class LineError(ValueError):
    """The input cannot be used. The message is one line that names the line's number; `line` carries it (0: none)."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {problem}" if line else problem)
        self.line = line


def read_lines(lines: Iterable[str], form: type[Row]) -> Iterator[Row]:
    """Read JSON lines of one form, skipping blank ones and a byte-order mark. Raises LineError."""
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            row = read_line(line, number, form)
            if row is not None:
                yield row
    except UnicodeDecodeError as error:
        raise LineError(NOT_UTF8, number + 1) from error


def read_line(line: str, number: int, form: type[Row]) -> Row | None:
    """Read one JSON line; None for a blank one. Raises LineError."""
    text = line.removeprefix("\ufeff").strip()
    try:
        return form.model_validate_json(text) if text else None
    except ValidationError as error:
        raise LineError(_problem(error), number) from error


def _problem(error: ValidationError) -> str:
    """Return what is wrong with a line, in words, without repeating the line."""
    detail = error.errors(include_url=False, include_input=False)[0]
    key = str(detail["loc"][0]) if detail["loc"] else ""
    if not key:
        return str(detail["ctx"]["error"]) if detail["type"] == "value_error" else NOT_JSON
    if detail["type"] == "missing":
        return f"`{key}` is missing"
    return f"`{key}`: {detail['msg'][0].lower()}{detail['msg'][1:]}"
