"""What a Web API method is given and gives back: arguments, errors, and the events that follow."""

from dataclasses import dataclass, field

from tests.fakes.slack.json_values import JsonObject, as_object, parsed

READING = ("auth.", "conversations.", "users.", "team.")
"""Methods that do not read a JSON body: Slack accepts forms and queries alone there. conversations.open is one that does."""


class ApiError(Exception):
    """An answer of `ok: false`. `messages` become `response_metadata.messages`."""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []


@dataclass(frozen=True, slots=True)
class Done:
    """A method's answer without its `ok`, and the events of what it changed."""

    body: JsonObject = field(default_factory=dict)
    events: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of one call, from a query, a form or JSON; in the first two all values are strings."""

    values: JsonObject

    def text(self, key: str) -> str:
        """Return an argument as a string, empty when it is missing."""
        value = self.values.get(key)
        return "" if value is None else str(value)

    def need(self, *keys: str) -> None:
        """Raise `invalid_arguments` when one is missing."""
        missing = [key for key in keys if self.values.get(key) in (None, "")]
        if missing:
            raise ApiError("invalid_arguments", [f"[ERROR] missing required field: {key}" for key in missing])

    def flag(self, key: str) -> bool | None:
        """Return an argument as a boolean; None when it was not sent."""
        value = self.values.get(key)
        return None if value is None else str(value).lower() in {"1", "true"}

    def number(self, key: str, default: int) -> int:
        """Return an argument as a whole number; raises ApiError when it is none."""
        text = self.text(key) or str(default)
        if not text.isdigit():
            raise ApiError("invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{key}]"])
        return int(text)

    def structure(self, key: str) -> object:
        """Return an argument that is an object or list; a form carries it as JSON text. None when it is missing or broken."""
        value = self.values.get(key)
        if not isinstance(value, str):
            return value
        try:
            return parsed(value)
        except ValueError:
            return None

    def object(self, key: str) -> JsonObject | None:
        """Return an argument that is an object; None when it is missing."""
        found = self.structure(key)
        return None if found is None else as_object(found)
