"""Reads JSON without `Any`: what Slack is sent and sends is made of `JsonObject`."""

import json
from collections.abc import Mapping

JsonObject = dict[str, object]


def parsed(raw: str | bytes) -> object:
    """Return the JSON value of `raw`; raises ValueError when it is none."""
    value: object = json.loads(raw)
    return value


def as_object(value: object) -> JsonObject:
    """Return `value` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_objects(value: object) -> list[JsonObject]:
    """Return the objects of a list; what is no object, or no list, is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_at(value: Mapping[str, object], key: str, default: str = "") -> str:
    """Return the string at `key`, or the default when there is none."""
    found = value.get(key)
    return found if isinstance(found, str) else default


def object_at(value: Mapping[str, object], key: str) -> JsonObject:
    """Return the object at `key`, or an empty one."""
    return as_object(value.get(key))


def objects_at(value: Mapping[str, object], key: str) -> list[JsonObject]:
    """Return the objects of the list at `key`."""
    return as_objects(value.get(key))
