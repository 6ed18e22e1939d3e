"""The Web API methods for modals and the home tab."""

from collections.abc import Callable
from dataclasses import replace

from tests.fakes.slack.args import ApiError, Args, Done
from tests.fakes.slack.blocks import Surface, block_errors, with_ids
from tests.fakes.slack.elements import Errors, Found, check_length, check_text
from tests.fakes.slack.json_values import JsonObject, as_objects, objects_at, text_at
from tests.fakes.slack.records import View
from tests.fakes.slack.wire import view_json
from tests.fakes.slack.workspace import Workspace

TRIGGER_LIFE_S = 3.0
VIEW_MAX = 250_000


def _checked(workspace: Workspace, args: Args, kind: str) -> JsonObject:
    args.need("view")
    view = args.object("view") or {}
    errors = Errors()
    if text_at(view, "type") != kind:
        errors.add("must be a valid enum value", "/view/type")
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        check_length(errors, Found(view, "/view") / key, most)
    if kind == "modal":
        _check_modal(errors, view)
    surface = Surface.HOME if kind == "home" else Surface.MODAL
    found = errors.found + block_errors(view.get("blocks"), surface, workspace.refused_blocks)
    if found:
        raise ApiError("invalid_arguments", [f"[ERROR] {one}" for one in found])
    if len(str(view)) > VIEW_MAX:
        raise ApiError("view_too_large")
    return view | {"blocks": list(with_ids(as_objects(view.get("blocks")), workspace.new_id))}


def _check_modal(errors: Errors, view: JsonObject) -> None:
    check_text(errors, Found(view.get("title"), "/view/title"), 24, plain=True)
    for key in ("submit", "close"):
        if view.get(key) is not None:
            check_text(errors, Found(view.get(key), f"/view/{key}"), 24, plain=True)
    asks = any(text_at(block, "type") == "input" for block in objects_at(view, "blocks"))
    if asks and view.get("submit") is None:
        errors.add("missing required field: submit", "/view")


def views_open(workspace: Workspace, args: Args) -> Done:
    """views.open: a trigger_id lives for three seconds and opens one view."""
    body = _checked(workspace, args, "modal")
    trigger = workspace.triggers.get(args.text("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if workspace.clock.now() - trigger.at > TRIGGER_LIFE_S:
        raise ApiError("expired_trigger_id")
    workspace.triggers[args.text("trigger_id")] = replace(trigger, used=True)
    view = View(workspace.new_id("V"), trigger.user, "modal", body, workspace.new_id("h"))
    workspace.put_view(view)
    return Done({"view": view_json(workspace, view)})


def views_update(workspace: Workspace, args: Args) -> Done:
    """views.update by view_id or external_id, with the hash of what is to be replaced where one is given."""
    view = _named(workspace, args)
    if view is None:
        raise ApiError("not_found")
    if args.text("hash") not in {"", view.hash}:
        raise ApiError("hash_conflict")
    changed = replace(view, body=_checked(workspace, args, view.kind), hash=workspace.new_id("h"))
    workspace.put_view(changed)
    return Done({"view": view_json(workspace, changed)})


def _named(workspace: Workspace, args: Args) -> View | None:
    for view in [*workspace.views.values(), *workspace.homes.values()]:
        external = text_at(view.body, "external_id")
        if view.is_open and (view.id == args.text("view_id") or (external and external == args.text("external_id"))):
            return view
    return None


def views_publish(workspace: Workspace, args: Args) -> Done:
    """views.publish: the home tab of one person."""
    args.need("user_id")
    user = args.text("user_id")
    if user not in workspace.users:
        raise ApiError("invalid_arguments", ["[ERROR] user not found [json-pointer:/user_id]"])
    before = workspace.homes.get(user)
    if before and args.text("hash") not in {"", before.hash}:
        raise ApiError("hash_conflict")
    view = View(before.id if before else workspace.new_id("V"), user, "home", _checked(workspace, args, "home"), workspace.new_id("h"))
    workspace.put_view(view)
    return Done({"view": view_json(workspace, view)})


METHODS: dict[str, Callable[[Workspace, Args], Done]] = {
    "views.open": views_open,
    "views.update": views_update,
    "views.publish": views_publish,
}
