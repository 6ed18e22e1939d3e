"""The Teams app package: read from manifest/teams, filled in, and checked against the published schema's rules."""

import io
import re
import zipfile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SOURCE = Path(__file__).parents[2] / "manifest" / "teams"
MANIFEST = "manifest.json"

GUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"
DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)
SOME_DAY = (2026, 1, 1, 0, 0, 0)
"""The time of every file in a package, so that the same manifest always makes the same bytes."""

PNG = b"\x89PNG\r\n\x1a\n"
IHDR = slice(16, 24)
"""Where a PNG says its width and height, as two big-endian numbers of four bytes."""
COLOR_TYPE, WITH_ALPHA = slice(25, 26), (b"\x04", b"\x06")

Id = Annotated[str, Field(pattern=GUID)]
Address = Annotated[str, Field(pattern=r"^https?://", max_length=2048)]
Scope = Literal["team", "personal", "groupChat"]


class ManifestError(ValueError):
    """The package cannot be made; the message is one clear line."""


class _Part(BaseModel):
    """Limits and names are those of OfficeDev/microsoft-teams-app-schema, MicrosoftTeams.schema.json 1.29; nothing else is allowed."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Developer(_Part):
    """Who runs the bot."""

    name: Annotated[str, Field(min_length=1, max_length=32)]
    website: Annotated[Address, Field(alias="websiteUrl")]
    privacy: Annotated[Address, Field(alias="privacyUrl")]
    terms: Annotated[Address, Field(alias="termsOfUseUrl")]


class Name(_Part):
    """What the app is called."""

    short: Annotated[str, Field(min_length=1, max_length=30)]
    full: Annotated[str, Field(min_length=1, max_length=100)]


class Description(_Part):
    """What the app does."""

    short: Annotated[str, Field(min_length=1, max_length=80)]
    full: Annotated[str, Field(min_length=1, max_length=4000)]


class Icons(_Part):
    """The names of the pictures, which stand beside the manifest."""

    color: str
    outline: str
    color32x32: str

    def sizes(self) -> dict[str, int]:
        """Return how many pixels wide and high each picture has to be."""
        return {self.color: 192, self.outline: 32, self.color32x32: 32}


class Command(_Part):
    """One command that Teams offers."""

    title: Annotated[str, Field(min_length=1, max_length=128)]
    description: Annotated[str, Field(min_length=1, max_length=4000)]


class CommandList(_Part):
    """The commands after a mention, or those after a slash, which are private."""

    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4)]
    triggers: Annotated[list[Literal["mention", "slash"]], Field(min_length=1, max_length=2)]
    commands: Annotated[list[Command], Field(min_length=1, max_length=12)]


class Bot(_Part):
    """The bot and where it can be used."""

    id: Annotated[Id, Field(alias="botId")]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4)]
    is_notification_only: Annotated[bool, Field(alias="isNotificationOnly")]
    supports_files: Annotated[bool, Field(alias="supportsFiles")]
    targeted_messages: Annotated[bool, Field(alias="supportsTargetedMessages")]
    command_lists: Annotated[list[CommandList], Field(alias="commandLists", max_length=3)]


class WebApplication(_Part):
    """The Entra application to which consent is given. Without single sign-on Teams does not use `resource`."""

    id: Id
    resource: Annotated[str, Field(max_length=2048)]


class Permission(_Part):
    """What may be read in a team or chat whose owner agrees."""

    name: Annotated[str, Field(max_length=128)]
    type: Literal["Application", "Delegated"]


class Permissions(_Part):
    """Resource-specific consent."""

    resource_specific: Annotated[list[Permission], Field(alias="resourceSpecific", max_length=16)]


class Authorization(_Part):
    """What the app asks for beyond its own messages."""

    permissions: Permissions


class Manifest(_Part):
    """The whole manifest, as Teams takes it."""

    schema_address: Annotated[Address, Field(alias="$schema")]
    manifest_version: Annotated[Literal["1.29"], Field(alias="manifestVersion")]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$", max_length=256)]
    id: Id
    developer: Developer
    name: Name
    description: Description
    icons: Icons
    accent_color: Annotated[str, Field(alias="accentColor", pattern=r"^#[0-9a-fA-F]{6}$")]
    bots: Annotated[list[Bot], Field(min_length=1, max_length=1)]
    permissions: Annotated[list[Literal["identity", "messageTeamMembers"]], Field(max_length=2)]
    domains: Annotated[list[Annotated[str, Field(max_length=2048)]], Field(alias="validDomains", max_length=100)]
    channel_features: Annotated[Literal["tier1"], Field(alias="supportsChannelFeatures")]
    web_application: Annotated[WebApplication | None, Field(alias="webApplicationInfo")] = None
    authorization: Authorization | None = None

    def to_json(self) -> str:
        """Return it as JSON text, without what is not set."""
        return self.model_dump_json(by_alias=True, exclude_none=True, indent=2) + "\n"


RSC = (Permission(name="ChannelMessage.Read.Group", type="Application"), Permission(name="ChatMessage.Read.Chat", type="Application"))
"""Lets the bot hear follow-ups without a mention; Teams then sends it every message of the team or chat."""


def teams_manifest(app_id: str, domain: str, *, rsc: bool) -> Manifest:
    """Return the manifest of the bot with this Entra application id, run by the owner of this domain.

    With `rsc` it asks for resource-specific consent to hear messages without a mention. Raises ManifestError.
    """
    if not re.fullmatch(GUID, app_id):
        raise ManifestError(f"--app-id is the bot's Microsoft App ID, such as 12345678-90ab-cdef-1234-567890abcdef, not {app_id!r:.100}")
    if not DOMAIN.fullmatch(domain):
        raise ManifestError(f"--domain is a host name, such as ops.example.com, not {domain!r:.100}")
    manifest = read_manifest((SOURCE / MANIFEST).read_text(encoding="utf-8"))
    app_id, domain = app_id.lower(), domain.lower()
    manifest.id = manifest.bots[0].id = app_id
    manifest.domains = [domain]
    developer = manifest.developer
    developer.website = developer.privacy = developer.terms = f"https://{domain}"
    if rsc:
        manifest.web_application = WebApplication(id=app_id, resource=f"api://botid-{app_id}")
        manifest.authorization = Authorization(permissions=Permissions(resource_specific=list(RSC)))
    return manifest


def read_manifest(text: str) -> Manifest:
    """Read a manifest from JSON text. Raises ManifestError with one line that names the key."""
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ManifestError(f"manifest/teams/{MANIFEST}: `{key}`: {first['msg'][0].lower()}{first['msg'][1:]}") from error


def package(manifest: Manifest, folder: Path = SOURCE) -> bytes:
    """Return the zip file that Teams takes: the manifest and the icons of `folder`, at its root. Raises ManifestError."""
    files = {MANIFEST: manifest.to_json().encode()}
    for name, pixels in manifest.icons.sizes().items():
        files[name] = _icon(folder / name, pixels)
    if files[manifest.icons.outline][COLOR_TYPE] not in WITH_ALPHA:
        raise ManifestError(f"{manifest.icons.outline}: Teams takes an outline on a transparent ground")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, SOME_DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _icon(path: Path, pixels: int) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{path.name}: {error.strerror}") from error
    if content[: len(PNG)] != PNG or content[IHDR] != pixels.to_bytes(4) * 2:
        raise ManifestError(f"{path.name}: Teams takes a PNG of {pixels} x {pixels} pixels here")
    return content
