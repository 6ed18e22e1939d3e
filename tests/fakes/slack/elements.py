"""Validates the parts of Block Kit blocks: texts, buttons, inputs and menus."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.slack.json_values import JsonObject, as_object, object_at, objects_at, text_at

ID_MAX = 255


@dataclass(slots=True)
class Errors:
    """What was found wrong, each with a pointer to its place."""

    found: list[str] = field(default_factory=list)

    def add(self, what: str, at: str) -> None:
        """Add one error."""
        self.found.append(f"{what} [json-pointer:{at}]")


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the pointer to it."""

    value: object
    at: str

    @property
    def body(self) -> JsonObject:
        """Return the value as an object, an empty one when it is something else."""
        return as_object(self.value)

    def __truediv__(self, key: str) -> "Found":
        return Found(self.body.get(key), f"{self.at}/{key}")


def check_fields(errors: Errors, found: Found, known: set[str]) -> None:
    """Refuse fields that Slack does not know."""
    for key in found.body.keys() - known:
        errors.add(f"unsupported field: {key}", f"{found.at}/{key}")


def check_length(errors: Errors, found: Found, most: int, *, least: int = 0) -> None:
    """Check a string's length, where there is one."""
    if found.value is None:
        return
    if not isinstance(found.value, str):
        errors.add("must be a string", found.at)
    elif len(found.value) > most:
        errors.add(f"must be less than {most + 1} characters", found.at)
    elif len(found.value) < least:
        errors.add(f"must be more than {least - 1} characters", found.at)


def check_id(errors: Errors, found: Found, key: str) -> None:
    """Check the length of a block_id or action_id."""
    check_length(errors, found / key, ID_MAX)


def check_text(errors: Errors, found: Found, most: int, *, plain: bool = False) -> None:
    """Check a text object: `plain_text`, or `mrkdwn` where that is allowed, with 1 to `most` characters."""
    kind = text_at(found.body, "type")
    if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        errors.add(f"unsupported type: {kind}" if kind else "missing required field: type", found.at)
        return
    check_fields(errors, found, {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"})
    if "text" not in found.body:
        errors.add("missing required field: text", found.at)
    check_length(errors, found / "text", most, least=1)


def check_element(errors: Errors, found: Found, allowed: set[str]) -> None:
    """Check an element, which must be of an allowed type."""
    kind = text_at(found.body, "type")
    if kind not in allowed or kind not in _ELEMENTS:
        errors.add(f"unsupported type: {kind}", f"{found.at}/type")
        return
    check, fields = _ELEMENTS[kind]
    check_fields(errors, found, fields | {"type", "action_id", "block_id"})
    check_id(errors, found, "action_id")
    check(errors, found)


def _button(errors: Errors, found: Found) -> None:
    check_text(errors, found / "text", 75, plain=True)
    check_length(errors, found / "value", 2000)
    check_length(errors, found / "url", 3000)
    check_length(errors, found / "accessibility_label", 75)
    if "style" in found.body and found.body.get("style") not in {"primary", "danger"}:
        errors.add("must be a valid enum value", f"{found.at}/style")


def _feedback(errors: Errors, found: Found) -> None:
    for key in ("positive_button", "negative_button"):
        half = found / key
        check_fields(errors, half, {"text", "value", "accessibility_label"})
        check_text(errors, half / "text", 75, plain=True)
        check_length(errors, half / "accessibility_label", 75)
        check_length(errors, half / "value", 2000, least=1)
        if "value" not in half.body:
            errors.add("missing required field: value", half.at)


def _text_input(errors: Errors, found: Found) -> None:
    check_length(errors, found / "initial_value", 3000)
    for key in ("max_length", "min_length"):
        length = found.body.get(key)
        if length is not None and not (isinstance(length, int) and 0 <= length <= 3000):
            errors.add("must be between 0 and 3000", f"{found.at}/{key}")
    if "placeholder" in found.body:
        check_text(errors, found / "placeholder", 150, plain=True)


def _choice(errors: Errors, found: Found) -> None:
    options = objects_at(found.body, "options")
    most = 100 if text_at(found.body, "type") == "static_select" else 10
    if not 1 <= len(options) <= most:
        errors.add(f"must have 1 to {most} items", f"{found.at}/options")
    for place, option in enumerate(options):
        at = Found(option, f"{found.at}/options/{place}")
        check_fields(errors, at, {"text", "value", "description", "url"})
        check_text(errors, at / "text", 75)
        check_length(errors, at / "value", 150, least=1)
    if "initial_option" in found.body and object_at(found.body, "initial_option") not in options:
        errors.add("must be one of the options", f"{found.at}/initial_option")


def _image(errors: Errors, found: Found) -> None:
    for key, most in (("image_url", 3000), ("alt_text", 2000)):
        if key not in found.body:
            errors.add(f"missing required field: {key}", found.at)
        check_length(errors, found / key, most, least=1)


_CHOICE_FIELDS = {"options", "initial_option", "initial_options", "confirm", "focus_on_load", "placeholder"}
_ELEMENTS: dict[str, tuple[Callable[[Errors, Found], None], set[str]]] = {
    "button": (_button, {"text", "value", "url", "style", "confirm", "accessibility_label"}),
    "icon_button": (_button, {"icon", "text", "value", "confirm", "accessibility_label", "visible_to_user_ids"}),
    "feedback_buttons": (_feedback, {"positive_button", "negative_button"}),
    "plain_text_input": (
        _text_input,
        {"multiline", "max_length", "min_length", "initial_value", "placeholder", "focus_on_load", "dispatch_action_config"},
    ),
    "static_select": (_choice, _CHOICE_FIELDS),
    "radio_buttons": (_choice, _CHOICE_FIELDS),
    "checkboxes": (_choice, _CHOICE_FIELDS),
    "overflow": (_choice, _CHOICE_FIELDS),
    "image": (_image, {"image_url", "alt_text", "title"}),
}
