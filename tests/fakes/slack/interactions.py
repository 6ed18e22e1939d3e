"""Builds the payloads of slash commands, button presses, forms and shortcuts."""

from dataclasses import dataclass

from tests.fakes.slack.events import VERIFICATION_TOKEN, Outgoing, Road
from tests.fakes.slack.json_values import JsonObject, object_at, objects_at, text_at
from tests.fakes.slack.records import Message, ResponseUrl, View
from tests.fakes.slack.wire import message_json, view_json
from tests.fakes.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button as it stands in a message or view: its block's id, itself, and its value."""

    block_id: str
    element: JsonObject
    value: str


def find_button(blocks: tuple[JsonObject, ...], action_id: str, value: str = "") -> Pressable:
    """Return the button with this action_id; of feedback buttons the half with this value. Raises LookupError."""
    seen: list[str] = []
    for block in blocks:
        for element in [*objects_at(block, "elements"), object_at(block, "accessory")]:
            for one in _halves(element):
                seen.append(f"{text_at(element, 'action_id')}={one}")
                if text_at(element, "action_id") == action_id and value in {"", one}:
                    return Pressable(text_at(block, "block_id"), element, one)
    raise LookupError(f"no button {action_id}={value}; there are {seen}")


def _halves(element: JsonObject) -> list[str]:
    if text_at(element, "type") == "feedback_buttons":
        return [text_at(object_at(element, key), "value") for key in ("positive_button", "negative_button")]
    return [text_at(element, "value")] if text_at(element, "type") == "button" else []


def slash_command(workspace: Workspace, user: str, channel_id: str, command: str, text: str) -> Outgoing:
    """Return a slash command; there is no thread in it, as in Slack."""
    trigger = workspace.new_trigger(user)
    channel = workspace.channels[channel_id]
    url = ResponseUrl(workspace.new_id("r"), channel_id, user, workspace.clock.now(), ephemeral=True)
    payload: JsonObject = {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.users[user].team,
        "team_domain": workspace.domain,
        "channel_id": channel_id,
        "channel_name": channel.form_name,
        "user_id": user,
        "user_name": workspace.users[user].name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app,
        "is_enterprise_install": "false",
        "response_url": workspace.response_address(url),
        "trigger_id": trigger,
    }
    return Outgoing(Road.COMMAND, payload, trigger)


def message_action(workspace: Workspace, user: str, message: Message, button: Pressable) -> Outgoing:
    """Return the press of a button in a message; an ephemeral message is not carried along, as in Slack."""
    ephemeral = bool(message.ephemeral_to)
    url = ResponseUrl(
        workspace.new_id("r"), message.channel, user, workspace.clock.now(), message.ts, message.thread_ts, ephemeral=ephemeral
    )
    container: JsonObject = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    channel = workspace.channels[message.channel]
    place: JsonObject = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.form_name},
        "response_url": workspace.response_address(url),
    }
    if not ephemeral:
        place["message"] = message_json(workspace, message)
    return _block_actions(workspace, user, button, place)


def view_action(workspace: Workspace, user: str, view: View, button: Pressable) -> Outgoing:
    """Return the press of a button in a modal or a home tab, which has neither channel nor response_url."""
    place: JsonObject = {"container": {"type": "view", "view_id": view.id}, "view": view_json(workspace, view)}
    return _block_actions(workspace, user, button, place)


def _block_actions(workspace: Workspace, user: str, button: Pressable, place: JsonObject) -> Outgoing:
    trigger = workspace.new_trigger(user)
    kind = text_at(button.element, "type")
    action: JsonObject = {
        "type": kind,
        "action_id": text_at(button.element, "action_id"),
        "block_id": button.block_id,
        "value": button.value,
        "action_ts": workspace.next_ts(),
    }
    if kind == "button":
        action["text"] = object_at(button.element, "text")
    payload = _interaction(workspace, user, "block_actions", trigger) | place | {"actions": [action], "state": {"values": {}}}
    return Outgoing(Road.INTERACTION, payload, trigger)


def view_submission(workspace: Workspace, view: View, values: JsonObject) -> Outgoing:
    """Return the submission of a modal; `values` is the state by block_id and action_id."""
    trigger = workspace.new_trigger(view.user)
    payload = _interaction(workspace, view.user, "view_submission", trigger)
    return Outgoing(Road.INTERACTION, payload | {"view": view_json(workspace, view, values), "response_urls": []}, trigger)


def view_closed(workspace: Workspace, view: View) -> Outgoing:
    """Return the notice that a person closed a modal, which Slack sends when the view asked for it."""
    payload = _interaction(workspace, view.user, "view_closed", "") | {"view": view_json(workspace, view), "is_cleared": False}
    del payload["trigger_id"]
    return Outgoing(Road.INTERACTION, payload, view.id)


def message_shortcut(workspace: Workspace, user: str, message: Message, callback_id: str) -> Outgoing:
    """Return the use of a message shortcut."""
    trigger = workspace.new_trigger(user)
    channel = workspace.channels[message.channel]
    url = ResponseUrl(workspace.new_id("r"), message.channel, user, workspace.clock.now(), ephemeral=True)
    payload = _interaction(workspace, user, "message_action", trigger) | {
        "callback_id": callback_id,
        "action_ts": workspace.next_ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.form_name},
        "message": message_json(workspace, message),
        "response_url": workspace.response_address(url),
    }
    return Outgoing(Road.INTERACTION, payload, trigger)


def _interaction(workspace: Workspace, user: str, kind: str, trigger: str) -> JsonObject:
    person = workspace.users[user]
    return {
        "type": kind,
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team},
        "api_app_id": workspace.app,
        "token": VERIFICATION_TOKEN,
        "trigger_id": trigger,
        "team": {"id": workspace.team, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def state_of(view: View, values: dict[str, str]) -> JsonObject:
    """Return the state of a modal whose inputs a person filled in, by action_id. Raises LookupError as Slack's form would.

    A choice is named by its option's value. A required input that is missing, or a value for no input, cannot be submitted.
    """
    left = dict(values)
    state: JsonObject = {}
    for block in objects_at(view.body, "blocks"):
        element = object_at(block, "element") if text_at(block, "type") == "input" else {}
        action = text_at(element, "action_id")
        if element:
            state[text_at(block, "block_id")] = {action: _input_state(block, element, left.pop(action, ""))}
    if left:
        raise LookupError(f"the form has no inputs {sorted(left)}; it has {state}")
    return state


def _input_state(block: JsonObject, element: JsonObject, value: str) -> JsonObject:
    kind = text_at(element, "type")
    if not value and not block.get("optional") and "initial_option" not in element:
        raise LookupError(f"{text_at(element, 'action_id')} has to be filled in")
    if kind == "plain_text_input":
        most = element.get("max_length")
        if isinstance(most, int) and len(value) > most:
            raise LookupError(f"{text_at(element, 'action_id')} takes {most} characters")
        return {"type": kind, "value": value or None}
    options = [one for one in objects_at(element, "options") if text_at(one, "value") == value]
    if value and not options:
        raise LookupError(f"no option {value} in {element}")
    if kind == "checkboxes":
        return {"type": kind, "selected_options": options}
    return {"type": kind, "selected_option": options[0] if options else element.get("initial_option")}
