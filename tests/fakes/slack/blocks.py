"""Validates Block Kit as Slack does: known types and fields, required parts, lengths, counts and unique ids.

Limits are those of the Block Kit reference and of slack_sdk's own models; the sum over all blocks was measured by
slackapi/bolt-js#2509.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.fakes.slack.elements import Errors, Found, check_element, check_fields, check_id, check_text
from tests.fakes.slack.json_values import JsonObject, as_objects, object_at, objects_at, text_at

LEGACY = frozenset({"alert", "context_actions", "markdown"})
"""Blocks that older workspaces refuse."""

MARKDOWN_MAX = 12_000
ALL_TEXT_MAX = 13_200
ALERT_LEVELS = {"default", "info", "warning", "error", "success"}


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


MAX_BLOCKS = {Surface.MESSAGE: 50, Surface.MODAL: 100, Surface.HOME: 100}


@dataclass(slots=True)
class _Walk:
    """One validation: the errors so far, the ids seen, and the characters of markdown blocks."""

    errors: Errors = field(default_factory=Errors)
    block_ids: set[str] = field(default_factory=set)
    markdown: int = 0

    def check(self, block: JsonObject, at: str) -> None:
        kind = text_at(block, "type")
        if kind not in _CHECKS:
            self.errors.add(f"unsupported type: {kind}", f"{at}/type")
            return
        check, fields = _CHECKS[kind]
        check_fields(self.errors, Found(block, at), fields | {"type", "block_id"})
        self._check_block_id(block, at)
        check(self, block, at)

    def _check_block_id(self, block: JsonObject, at: str) -> None:
        check_id(self.errors, Found(block, at), "block_id")
        block_id = text_at(block, "block_id")
        if block_id and block_id in self.block_ids:
            self.errors.add(f"`block_id` already exists: {block_id}", f"{at}/block_id")
        self.block_ids.add(block_id)

    def section(self, block: JsonObject, at: str) -> None:
        if "text" not in block and "fields" not in block:
            self.errors.add("missing required field: text or fields", at)
        if "text" in block:
            check_text(self.errors, Found(block.get("text"), f"{at}/text"), 3000)
        self._count(block.get("fields", []), f"{at}/fields", 10)
        for place, one in enumerate(objects_at(block, "fields")):
            check_text(self.errors, Found(one, f"{at}/fields/{place}"), 2000)
        if "accessory" in block:
            check_element(self.errors, Found(object_at(block, "accessory"), f"{at}/accessory"), INTERACTIVE | {"image"})

    def header(self, block: JsonObject, at: str) -> None:
        check_text(self.errors, Found(block.get("text"), f"{at}/text"), 150, plain=True)

    def alert(self, block: JsonObject, at: str) -> None:
        check_text(self.errors, Found(block.get("text"), f"{at}/text"), 3000)
        if text_at(block, "level", "default") not in ALERT_LEVELS:
            self.errors.add("must be a valid enum value", f"{at}/level")

    def markdown_block(self, block: JsonObject, at: str) -> None:
        text = block.get("text")
        if not isinstance(text, str) or not text:
            self.errors.add("must be more than 0 characters", f"{at}/text")
            return
        self.markdown += len(text)
        if self.markdown > MARKDOWN_MAX:
            self.errors.add(f"must be less than {MARKDOWN_MAX + 1} characters", f"{at}/text")

    def context(self, block: JsonObject, at: str) -> None:
        for place, one in enumerate(self._elements(block, at, 10)):
            if text_at(one, "type") == "image":
                check_element(self.errors, Found(one, f"{at}/elements/{place}"), {"image"})
            else:
                check_text(self.errors, Found(one, f"{at}/elements/{place}"), 3000)

    def actions(self, block: JsonObject, at: str) -> None:
        self._check_elements(block, at, 25, INTERACTIVE)

    def context_actions(self, block: JsonObject, at: str) -> None:
        self._check_elements(block, at, 5, {"feedback_buttons", "icon_button"})

    def input(self, block: JsonObject, at: str) -> None:
        check_text(self.errors, Found(block.get("label"), f"{at}/label"), 2000, plain=True)
        if "hint" in block:
            check_text(self.errors, Found(block.get("hint"), f"{at}/hint"), 2000, plain=True)
        check_element(self.errors, Found(object_at(block, "element"), f"{at}/element"), INPUTS)

    def image(self, block: JsonObject, at: str) -> None:
        check_element(self.errors, Found(block, at), {"image"})

    def anything(self, block: JsonObject, at: str) -> None:
        """Accept a block that has nothing to check."""

    def _check_elements(self, block: JsonObject, at: str, most: int, allowed: set[str]) -> None:
        seen: set[str] = set()
        for place, one in enumerate(self._elements(block, at, most)):
            check_element(self.errors, Found(one, f"{at}/elements/{place}"), allowed)
            action = text_at(one, "action_id")
            if action and action in seen:
                self.errors.add(f"`action_id` already exists: {action}", f"{at}/elements/{place}/action_id")
            seen.add(action)

    def _elements(self, block: JsonObject, at: str, most: int) -> list[JsonObject]:
        elements = objects_at(block, "elements")
        if not elements:
            self.errors.add("must have at least 1 item", f"{at}/elements")
        self._count(elements, f"{at}/elements", most)
        return elements

    def _count(self, items: object, at: str, most: int) -> None:
        if not isinstance(items, list) or len(items) > most:
            self.errors.add(f"no more than {most} items allowed", at)


INTERACTIVE = {"button", "static_select", "radio_buttons", "checkboxes", "overflow"}
INPUTS = {"plain_text_input", "static_select", "radio_buttons", "checkboxes"}

_Check = Callable[[_Walk, JsonObject, str], None]
_CHECKS: dict[str, tuple[_Check, set[str]]] = {
    "section": (_Walk.section, {"text", "fields", "accessory", "expand"}),
    "header": (_Walk.header, {"text"}),
    "alert": (_Walk.alert, {"text", "level"}),
    "markdown": (_Walk.markdown_block, {"text"}),
    "context": (_Walk.context, {"elements"}),
    "actions": (_Walk.actions, {"elements"}),
    "context_actions": (_Walk.context_actions, {"elements"}),
    "input": (_Walk.input, {"label", "element", "hint", "optional", "dispatch_action"}),
    "image": (_Walk.image, {"image_url", "alt_text", "title"}),
    "divider": (_Walk.anything, set()),
    "rich_text": (_Walk.anything, {"elements"}),
}


def block_errors(blocks: object, surface: Surface, refused: frozenset[str] = frozenset()) -> list[str]:
    """Return what Slack finds wrong with blocks, in its own form; empty when it takes them.

    `refused` are block types that this workspace does not know yet.
    """
    walk = _Walk()
    if not isinstance(blocks, list) or len(as_objects(blocks)) != len(blocks):
        return ["must be an array of objects [json-pointer:/blocks]"]
    if len(blocks) > MAX_BLOCKS[surface]:
        walk.errors.add(f"no more than {MAX_BLOCKS[surface]} items allowed", "/blocks")
    for place, block in enumerate(as_objects(blocks)):
        kind, at = text_at(block, "type"), f"/blocks/{place}"
        if kind in refused or (kind == "input" and surface is Surface.HOME):
            walk.errors.add(f"unsupported type: {kind}", f"{at}/type")
        else:
            walk.check(block, at)
    return walk.errors.found


def text_of(blocks: object) -> int:
    """Return the number of characters in all texts of the blocks, which Slack limits as a whole."""
    if isinstance(blocks, list):
        return sum(text_of(one) for one in blocks)
    if isinstance(blocks, dict):
        return sum(len(one) if key == "text" and isinstance(one, str) else text_of(one) for key, one in blocks.items())
    return 0


def with_ids(blocks: list[JsonObject], new_id: Callable[[str], str]) -> tuple[JsonObject, ...]:
    """Return the blocks as Slack stores them: each has a block_id, each element an action_id."""
    return tuple(
        {
            **block,
            "block_id": text_at(block, "block_id") or new_id("b"),
            **({"elements": _named(block, new_id)} if text_at(block, "type") in {"actions", "context_actions"} else {}),
        }
        for block in blocks
    )


def _named(block: JsonObject, new_id: Callable[[str], str]) -> list[JsonObject]:
    return [{**one, "action_id": text_at(one, "action_id") or new_id("a")} for one in objects_at(block, "elements")]
