"""Says what a payload is, and refuses what is none: wrong types where the routing reads, or nesting without end (pure)."""

from enum import StrEnum

from adapters.bodies import too_deep


class Shape(StrEnum):
    """What Slack sends to one address."""

    EVENT = "event_callback"
    COMMAND = "command"
    ACTIONS = "block_actions"
    FORM = "view_submission"
    VERIFICATION = "url_verification"
    RATE_LIMITED = "app_rate_limited"
    OTHER = "other"


_OBJECTS = ("event", "view", "container", "message", "function_data", "assistant_thread", "previous_message", "item")
_ID_OR_OBJECT = ("user", "team", "channel", "enterprise")
_TEXTS = (
    *("type", "command", "team_id", "enterprise_id", "user_id", "channel_id", "trigger_id", "response_url", "challenge"),
    *("callback_id", "thread_ts", "event_id", "api_app_id", "token", "ssl_check", "subtype"),
)
_LISTS = ("authorizations", "actions", "response_urls")


def shape_of(value: object) -> Shape | None:
    """Return what a payload is, or None when it is not an object with the types that Slack documents.

    Only the fields that the SDK's routing reads are checked here; handlers read theirs through `Fields`.
    """
    if not isinstance(value, dict) or too_deep(value) or not _well_typed(value):
        return None
    kind = value.get("type") or ("command" if value.get("command") else "")
    shape = next((shape for shape in Shape if shape.value == kind), Shape.OTHER)
    routable = {
        Shape.EVENT: _has_text(value.get("event"), "type"),
        Shape.ACTIONS: _has_action(value.get("actions")),
        Shape.FORM: _has_text(value.get("view"), "callback_id"),
    }
    return shape if routable.get(shape, True) else None


def _well_typed(value: dict[str, object]) -> bool:
    objects = all(_null_or(value.get(name), dict) for name in _OBJECTS)
    texts = all(_null_or(value.get(name), str) for name in _TEXTS)
    ids = all(_is_id(value.get(name)) for name in _ID_OR_OBJECT)
    lists = all(_is_list_of_objects(value.get(name)) for name in _LISTS)
    inner = (value.get(name) for name in ("event", "view", "message", "item", "previous_message"))
    return objects and texts and ids and lists and all(_well_typed(part) for part in inner if isinstance(part, dict))


def _null_or(value: object, kind: type) -> bool:
    return value is None or isinstance(value, kind)


def _is_id(value: object) -> bool:
    if isinstance(value, dict):
        return all(_null_or(value.get(name), str) for name in ("id", "team_id", "enterprise_id"))
    return _null_or(value, str)


def _is_list_of_objects(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and all(isinstance(item, dict) and _well_typed(item) for item in value)


def _has_text(value: object, name: str) -> bool:
    return isinstance(value, dict) and isinstance(value.get(name), str)


def _has_action(actions: object) -> bool:
    return isinstance(actions, list) and bool(actions) and all(_has_text(action, "action_id") for action in actions)
