"""What a workspace consists of: users, channels, messages, views, and the calls that were made."""

from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.slack.json_values import JsonObject


class ChannelKind(StrEnum):
    """The kinds of conversation, by the `channel_type` that events carry."""

    PUBLIC = "channel"
    PRIVATE = "group"
    IM = "im"
    MPIM = "mpim"


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot. `team` is another workspace's id for a guest from a shared channel; `bot` is a bot's `B…` id."""

    id: str
    name: str
    team: str
    bot: str = ""
    app: str = ""
    guest: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation and who is in it."""

    id: str
    name: str
    kind: ChannelKind
    members: frozenset[str]
    archived: bool = False
    ext_shared: bool = False

    @property
    def form_name(self) -> str:
        """Return the name as slash commands carry it, which hides the names of private places."""
        return {ChannelKind.PUBLIC: self.name, ChannelKind.IM: "directmessage"}.get(self.kind, "privategroup")


@dataclass(frozen=True, slots=True)
class Flags:
    """What a post said about links and names; None is an argument that was not sent."""

    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    link_names: bool | None = None
    parse: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One person's reaction; `name` has no colons and may end in `::skin-tone-3`."""

    name: str
    user: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands. `thread_ts` is empty outside a thread; `ephemeral_to` names the only person who sees it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[JsonObject, ...] = ()
    thread_ts: str = ""
    bot: str = ""
    subtype: str = ""
    username: str = ""
    metadata: JsonObject | None = None
    flags: Flags = Flags()
    edited_ts: str = ""
    reactions: tuple[Reaction, ...] = ()
    ephemeral_to: str = ""
    files: tuple[str, ...] = ()

    @property
    def in_thread(self) -> bool:
        """Tell a reply in a thread from a message of the channel itself."""
        return self.thread_ts not in {"", self.ts}

    @property
    def root(self) -> str:
        """Return the ts of the thread that this message belongs to or would start."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class File:
    """A file that is being uploaded, or was."""

    id: str
    name: str
    length: int
    alt: str
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a home tab, as one person sees it. `body` is the view that the app sent."""

    id: str
    user: str
    kind: str
    body: JsonObject
    hash: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call to the Web API or to a response_url. `error` is empty when it succeeded, `at` is in Unix seconds.

    `fault` names the fault that was played on it. A call that was applied before its connection was cut has no error.
    """

    method: str
    args: JsonObject
    at: float
    error: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger_id: who earned it, when (Unix seconds), and whether it was exchanged for a view."""

    user: str
    at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """An address for answers to one interaction. `message_ts` is empty for a slash command."""

    id: str
    channel: str
    user: str
    at: float
    message_ts: str = ""
    thread_ts: str = ""
    ephemeral: bool = False
    uses: int = 0
