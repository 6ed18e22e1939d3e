"""Reads a payload of any shape without ever failing: what is missing or of the wrong type reads as empty."""

from collections.abc import Mapping


class Fields:
    """One JSON value of a payload.

    A signed payload is authentic, not well-formed: a field may be absent, null or of another type. Every read says
    what it wants and gets that type, so that no handler can fall over a payload.
    """

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def at(self, *path: str) -> "Fields":
        """Return what stands at the path; empty where the path leads nowhere."""
        value = self._value
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return Fields(value)

    def text(self, *path: str) -> str:
        """Return the string at the path, or an empty one.

        Half surrogate pairs and NUL are legal in JSON and refused by databases, so they are replaced and dropped.
        """
        value = self.at(*path)._value  # noqa: SLF001 (its own class)
        if not isinstance(value, str):
            return ""
        return value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the strings of the list at the path."""
        return tuple(text for item in self.items(*path) if (text := item.text()))

    def items(self, *path: str) -> tuple["Fields", ...]:
        """Return the elements of the list at the path."""
        value = self.at(*path)._value  # noqa: SLF001 (its own class)
        return tuple(Fields(item) for item in value) if isinstance(value, list) else ()

    def whole(self, *path: str) -> int | None:
        """Return the integer at the path."""
        value = self.at(*path)._value  # noqa: SLF001 (its own class)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def true(self, *path: str) -> bool:
        """Whether the path holds `true`; forms send it as a word."""
        return self.at(*path)._value in (True, "true")  # noqa: SLF001 (its own class)

    def has(self, *path: str) -> bool:
        """Whether anything but null stands at the path."""
        return self.at(*path)._value is not None  # noqa: SLF001 (its own class)

    def first(self, *names: str) -> str:
        """Return the first of the named strings that is not empty."""
        return next((found for name in names if (found := self.text(name))), "")
