"""The manifest keeps to the published schema, and asks for what is really handled: no more and no less."""

import itertools
import json
import re

import pytest
import yaml

from adapters.slack.app import SlackIngress
from adapters.slack.listeners import Trigger
from adapters.slack.manifest import SOURCE, Manifest, ManifestError, read_manifest, slack_manifest
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.slack_payloads import OPTIONS

URL = "https://ops.example.com"

EVENT_SCOPES = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "tokens_revoked": None,
}
"""Slack's events that may be subscribed to, with the scope that each needs (docs.slack.dev, Events)."""

METHOD_SCOPES = {
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "assistant_threads_setStatus": "chat:write",
    "conversations.replies": "channels:history",
    "conversations.history": "channels:history",
    "conversations_info": "channels:read",
    "conversations_open": "im:write",
    "files_upload_v2": "files:write",
    "auth_test": None,
    "views_open": None,
    "views_publish": None,
}
"""The Web API's methods that are called, with the scope that each needs (docs.slack.dev, Methods)."""


def registered(trigger: Trigger) -> set[str]:
    numbers = itertools.count()
    ingress = SlackIngress(OPTIONS, FakeDesk(), clock=FakeClock(), new_id=lambda: f"q_{next(numbers)}")
    return {listener.name for listener in ingress.listeners if listener.trigger is trigger}


def called() -> set[str]:
    """Return the methods that the adapter's source calls."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.parents[1].glob("adapters/slack/*.py"))
    by_wrapper = set(re.findall(r"client\.(\w+)\(", source)) - {"api_call", "close", "connect", "send_socket_mode_response"}
    return by_wrapper | set(re.findall(r'"(conversations\.\w+)"', source))


def manifest() -> Manifest:
    return slack_manifest(URL, socket_mode=False)


def test_every_event_is_one_of_slacks() -> None:
    assert set(manifest().settings.event_subscriptions.bot_events) <= set(EVENT_SCOPES)


def test_what_is_subscribed_to_is_what_is_handled() -> None:
    subscribed = {name.partition(".")[0] for name in manifest().settings.event_subscriptions.bot_events}
    assert subscribed == registered(Trigger.EVENT)


def test_all_four_kinds_of_conversation_are_subscribed_to() -> None:
    events = manifest().settings.event_subscriptions.bot_events
    assert [name for name in events if name.startswith("message.")] == [
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
    ]


def test_the_commands_are_those_that_are_handled() -> None:
    assert {command.command for command in manifest().features.slash_commands} == registered(Trigger.COMMAND)


def test_every_method_that_is_called_has_a_known_scope() -> None:
    assert called() == set(METHOD_SCOPES)


def test_the_scopes_are_those_that_events_and_methods_need() -> None:
    needed = {EVENT_SCOPES[name] for name in manifest().settings.event_subscriptions.bot_events}
    needed |= {METHOD_SCOPES[name] for name in called()} | {"commands"}
    assert set(manifest().oauth_config.scopes.bot) == needed - {None}


def test_nothing_is_asked_for_twice() -> None:
    scopes, events = manifest().oauth_config.scopes.bot, manifest().settings.event_subscriptions.bot_events
    assert (len(set(scopes)), len(set(events))) == (len(scopes), len(events))


def test_names_of_people_and_channels_come_as_ids() -> None:
    assert all(command.should_escape for command in manifest().features.slash_commands)


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/slack/events"])
def test_the_address_stands_everywhere_that_slack_sends_to(url: str) -> None:
    text = slack_manifest(url, socket_mode=False).to_yaml()
    assert text.count(f"{URL}/slack/events\n") == 3


def test_socket_mode_needs_no_address() -> None:
    text = slack_manifest(None, socket_mode=True).to_json()
    assert "url" not in text
    assert json.loads(text)["settings"]["socket_mode_enabled"] is True


def test_both_forms_say_the_same_and_read_back() -> None:
    made = manifest()
    assert yaml.safe_load(made.to_yaml()) == json.loads(made.to_json())
    assert read_manifest(made.to_yaml()) == made
    assert "null" not in made.to_json()


@pytest.mark.parametrize(
    "url", [None, "", "http://ops.example.com", "ops.example.com", "https://", "https://a@b.example", "https://x y", "https://["]
)
def test_an_address_that_slack_cannot_reach_is_refused_in_one_line(url: str | None) -> None:
    with pytest.raises(ManifestError, match=r"^[^\n]*--url https://\.\.\.[^\n]*$"):
        slack_manifest(url, socket_mode=False)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("display_information.name", "x" * 36, "`display_information.name`: string should have at most 35 characters"),
        ("display_information.description", "x" * 141, "`display_information.description`"),
        ("display_information.long_description", "short", "`display_information.long_description`: string should have at least 175"),
        ("display_information.nickname", "x", "`display_information.nickname`: extra inputs are not permitted"),
        ("display_information.background_color", "blue", "`display_information.background_color`"),
        ("features.bot_user.display_name", "", "`features.bot_user.display_name`"),
        ("settings.interactivity.is_enabled", None, "`settings.interactivity.is_enabled`"),
        ("settings.event_subscriptions.bot_events", ["x" * 51], "`settings.event_subscriptions.bot_events.0`"),
    ],
)
def test_what_the_schema_forbids_is_refused_in_one_line(key: str, value: object, message: str) -> None:
    *path, last = key.split(".")
    changed = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    part = changed
    for name in path:
        part = part[name]
    part[last] = value
    with pytest.raises(ManifestError, match=re.escape(message)) as caught:
        read_manifest(yaml.safe_dump(changed))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ManifestError, match="not valid YAML"):
        read_manifest("a: [")
