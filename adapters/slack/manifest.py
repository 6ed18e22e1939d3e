"""The app manifest: read from manifest/slack.yaml, filled in, and checked against the published schema's rules."""

import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.slack.options import PATH

SOURCE = Path(__file__).parents[2] / "manifest" / "slack.yaml"

Address = Annotated[str, Field(pattern=r"^https?://", max_length=3000)]
Name = Annotated[str, Field(max_length=50)]


class ManifestError(ValueError):
    """The manifest cannot be made; the message is one clear line."""


class _Part(BaseModel):
    """Limits and names are those of slackapi/manifest-schema, schemas/manifest.schema.1.0.0.json; nothing else is allowed."""

    model_config = ConfigDict(extra="forbid")


class Metadata(_Part):
    """The version of the manifest's form."""

    major_version: int
    minor_version: int


class Display(_Part):
    """How the app is presented."""

    name: Annotated[str, Field(min_length=1, max_length=35)]
    description: Annotated[str, Field(min_length=1, max_length=140)]
    long_description: Annotated[str, Field(min_length=175, max_length=4000)]
    background_color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$")]


class AppHome(_Part):
    """The tabs of the app."""

    home_tab_enabled: bool
    messages_tab_enabled: bool
    messages_tab_read_only_enabled: bool


class BotUser(_Part):
    """The bot's user."""

    display_name: Annotated[str, Field(min_length=1, max_length=80)]
    always_online: bool


class SlashCommand(_Part):
    """One command. With `should_escape` names of people and channels come as ids."""

    command: Annotated[str, Field(min_length=2, max_length=32, pattern=r"^/")]
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    usage_hint: Annotated[str, Field(min_length=1, max_length=1000)]
    should_escape: bool
    url: Address | None = None


class Features(_Part):
    """What people see of the app."""

    app_home: AppHome
    bot_user: BotUser
    slash_commands: Annotated[list[SlashCommand], Field(min_length=1, max_length=50)]


class Scopes(_Part):
    """What the bot may do."""

    bot: Annotated[list[Name], Field(max_length=255)]


class OAuth(_Part):
    """What an installation grants."""

    scopes: Scopes


class EventSubscriptions(_Part):
    """What Slack sends. The schema does not know the events' names, so a test does."""

    bot_events: Annotated[list[Name], Field(max_length=100)]
    request_url: Address | None = None


class Interactivity(_Part):
    """Where button presses and forms go."""

    is_enabled: bool
    request_url: Address | None = None


class AppSettings(_Part):
    """How Slack talks to the app."""

    event_subscriptions: EventSubscriptions
    interactivity: Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class Manifest(_Part):
    """The whole manifest, as Slack's page for a new app takes it."""

    metadata: Annotated[Metadata, Field(alias="_metadata")]
    display_information: Display
    features: Features
    oauth_config: OAuth
    settings: AppSettings

    def to_json(self) -> str:
        """Return it as JSON text, without what is not set."""
        return self.model_dump_json(by_alias=True, exclude_none=True, indent=2) + "\n"

    def to_yaml(self) -> str:
        """Return it as YAML text, without what is not set."""
        return yaml.safe_dump(json.loads(self.to_json()), sort_keys=False, allow_unicode=True, width=120)


def slack_manifest(url: str | None, *, socket_mode: bool) -> Manifest:
    """Return the manifest for an app reached at `url`, or over websockets, which need no address.

    `url` is where the ingress is reached from outside, such as `https://ops.example.com`. Raises ManifestError.
    """
    manifest = read_manifest(SOURCE.read_text(encoding="utf-8"))
    address = None if socket_mode else _address(url)
    settings = manifest.settings
    settings.socket_mode_enabled = socket_mode
    settings.event_subscriptions.request_url = address
    settings.interactivity.request_url = address
    for command in manifest.features.slash_commands:
        command.url = address
    return manifest


def read_manifest(text: str) -> Manifest:
    """Read a manifest from YAML text. Raises ManifestError with one line that names the key."""
    try:
        return Manifest.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ManifestError("manifest/slack.yaml is not valid YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ManifestError(f"manifest/slack.yaml: `{key}`: {first['msg'][0].lower()}{first['msg'][1:]}") from error


def _address(url: str | None) -> str:
    if not url:
        raise ManifestError("an address is needed: --url https://..., or --socket-mode, which needs none")
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise ManifestError(f"Slack reaches an app over https only: --url https://..., not {url!r:.100}")
    return url.rstrip("/").removesuffix(PATH) + PATH
