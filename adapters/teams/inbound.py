"""Turns what Teams says about messages, reactions and installations into the bot's types (pure)."""

import re
from dataclasses import dataclass
from datetime import datetime

from adapters.fields import Fields
from adapters.teams.options import TeamsOptions
from adapters.teams.text import Mention, spoken
from bot.store.addresses import Address, Setting
from bot.types import Conversation, Kind, MessageRef, Platform, Question
from router.types import Visibility

CHANNEL_ID = "msteams"
"""What Teams calls itself in `channelId`."""

ALL_TEAMS = "*"

_QUOTED = re.compile(r'itemtype="http://schema\.skype\.com/Reply"[^>]*itemid="(\d+)"')
THREAD = ";messageid="
"""What stands between a channel's id and a thread's in a conversation's."""
_LENGTHS = (64, 255, 128, 512, 128)
"""What the store takes of a tenant, a conversation, a person, an address and a bot; real ones stay below."""


_LONGEST_ID = 64
"""Characters of a message's id, of a thread's and of a change's; real ones have 13 to 30."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and by whom an activity was made. `thread` is empty outside a channel's threads.

    `targeted`: it was addressed to us alone in a conversation of several. `open_to_all`: everybody in the tenant may
    read what is said here.
    """

    address: Address
    thread: str
    user: str
    targeted: bool = False
    open_to_all: bool = False

    @property
    def tenant(self) -> str:
        """The tenant."""
        return self.address.tenant

    @property
    def direct(self) -> bool:
        """Whether nobody else is here."""
        return self.address.setting is Setting.PERSONAL

    def conversation(self, thread: str) -> Conversation:
        """Return the conversation as the bot knows it, with the thread that an answer belongs to."""
        shared = Visibility.PUBLIC if self.open_to_all else Visibility.PRIVATE
        visibility = Visibility.DIRECT if self.direct else shared
        return Conversation(Platform.TEAMS, self.tenant, self.address.channel, thread, visibility)

    def ref(self, message: str) -> MessageRef:
        """Return a message that stands here."""
        return MessageRef(Platform.TEAMS, self.tenant, self.address.channel, message)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person wrote, changed, deleted or restored.

    `addressed`: it is meant for us on its own. `to_others`: it mentions somebody else. `revision` tells the changes of
    one message apart. `quoted` is the message that it replies to where a conversation has no threads.
    """

    kind: Kind
    place: Place
    message: str
    text: str
    addressed: bool
    to_others: bool
    revision: str = ""
    quoted: str = ""

    @property
    def thread(self) -> str:
        """The thread that it stands in: in a channel Teams's, elsewhere one of its own."""
        return self.place.thread or self.message

    def question(self, question_id: str, now: datetime, thread: str) -> Question:
        """Return the inbox item, in a thread of our choice. Repeated deliveries and copies share its keys."""
        spot = f"teams:{self.place.tenant}/{self.place.address.channel}/{self.message}"
        key = {Kind.EDITED: f"{spot}/edit/{self.revision}", Kind.DELETED: f"{spot}/deleted"}.get(
            self.kind, f"{spot}/{self.revision}" if self.revision else spot
        )
        return Question(
            id=question_id,
            kind=self.kind,
            delivery_key=key,
            logical_key=key,
            conversation=self.place.conversation(thread),
            user=self.place.user,
            text=self.text,
            asked_at=now,
            private=self.place.targeted,
            source=self.place.ref(self.message),
        )


@dataclass(frozen=True, slots=True)
class Reaction:
    """A person put flag reactions on a message of ours, or took them off."""

    added: bool
    user: str
    at: MessageRef


def is_admitted(activity: Fields, options: TeamsOptions) -> bool:
    """Whether an activity comes from Teams itself and from people of a tenant that may use the bot."""
    paths = (("conversation", "tenantId"), ("channelData", "tenant", "id"), ("from", "tenantId"))
    tenants = [tenant for path in paths if (tenant := activity.text(*path))]
    return activity.text("channelId") == CHANNEL_ID and bool(tenants) and all(options.admits(tenant) for tenant in tenants)


def place_of(activity: Fields, options: TeamsOptions) -> Place | None:
    """Return where an activity was made; None when a part of that is missing, or it was made by us."""
    conversation, user = activity.at("conversation"), activity.text("from", "id")
    channel, _, thread = conversation.text("id").partition(THREAD)
    tenant = conversation.text("tenantId") or activity.text("channelData", "tenant", "id")
    setting = _setting(conversation, channel)
    url, bot = activity.text("serviceUrl"), activity.text("recipient", "id")
    ids = (tenant, channel, user, url, bot)
    if user == bot or not all(0 < len(one) <= most for one, most in zip(ids, _LENGTHS, strict=True)):
        return None
    return Place(
        address=Address(Platform.TEAMS, tenant, channel, setting, url, bot, user if setting is Setting.PERSONAL else ""),
        thread=thread if setting is Setting.CHANNEL else "",
        user=user,
        targeted=activity.true("recipient", "isTargeted") and setting is not Setting.PERSONAL,
        open_to_all=setting is Setting.CHANNEL and _is_open(activity, options.public_teams),
    )


def heard(activity: Fields, place: Place) -> Said | None:
    """Read a message, an edit, a deletion or a restored message; None when it says nothing to be read by us."""
    kind, revision = _change(activity)
    message = activity.text("id")
    if kind is None or not 0 < len(message) <= _LONGEST_ID or activity.text("from", "role") == "bot":
        return None
    mentions = [_mention(entity) for entity in activity.items("entities") if entity.text("type").lower() == "mention"]
    accounts = {mention.account for mention in mentions}
    me = place.address.bot
    return Said(
        kind=kind,
        place=place,
        message=message,
        text="" if kind is Kind.DELETED else spoken(activity.text("text"), mentions, me),
        addressed=place.direct or place.targeted or me in accounts,
        to_others=bool(accounts - {me}),
        revision=revision,
        quoted=_quoted(activity),
    )


def reactions(activity: Fields, place: Place, options: TeamsOptions) -> tuple[Reaction, ...]:
    """Read a `messageReaction`: what of it are flags."""
    message = activity.text("replyToId")
    found = (
        (added, one.text("type")) for added, name in ((True, "reactionsAdded"), (False, "reactionsRemoved")) for one in activity.items(name)
    )
    flags = dict.fromkeys(added for added, name in found if is_flag(name, options.flag_reactions))
    return tuple(Reaction(added, place.user, place.ref(message)) for added in flags if message)


def is_flag(name: str, names: tuple[str, ...]) -> bool:
    """Whether a reaction is one of the flags; newer ones come as a code and a name, such as `1f44e_thumbsdown`."""
    return any(name == flag or name.startswith((f"{flag}_", f"{flag}-")) for flag in names)


def follows_up(said: Said, askers: frozenset[str], follow_ups: str) -> bool:
    """Whether a message without a mention is meant for us: it stands in a thread of ours and speaks to nobody else."""
    if said.to_others or not askers:
        return False
    return follow_ups == "anyone" or (follow_ups == "asker" and said.place.user in askers)


def _change(activity: Fields) -> tuple[Kind | None, str]:
    """Return what became of a message, and what tells this change from another of the same message."""
    event, at = activity.text("channelData", "eventType"), activity.text("timestamp")
    match activity.text("type"):
        case "message":
            return Kind.ASK, ""
        case "messageUpdate" if event == "editMessage":
            return Kind.EDITED, at or activity.text("localTimestamp")
        case "messageUpdate" if event == "undeleteMessage":
            return Kind.ASK, f"restored/{at}"
        case "messageDelete":
            return Kind.DELETED, ""
    return None, ""


def _setting(conversation: Fields, channel: str) -> Setting:
    """Return the kind of a conversation; where Teams does not say it, its id and its size do."""
    stated = conversation.text("conversationType")
    for setting in Setting:
        if stated == setting.value:
            return setting
    if channel.endswith(("@thread.tacv2", "@thread.skype")):
        return Setting.CHANNEL
    return Setting.GROUP if conversation.true("isGroup") else Setting.PERSONAL


def _is_open(activity: Fields, public_teams: tuple[str, ...]) -> bool:
    """Whether a channel is a standard one of a team that the policy calls public; nothing in an activity says so."""
    team, kind = activity.at("channelData", "team"), activity.text("channelData", "channel", "type")
    if kind not in ("", "standard"):
        return False
    return any(one in (ALL_TEAMS, team.text("id"), team.text("aadGroupId")) for one in public_teams)


def _mention(entity: Fields) -> Mention:
    return Mention(entity.text("mentioned", "id"), entity.text("mentioned", "name"), entity.text("text"))


def _quoted(activity: Fields) -> str:
    """Return the id of the message that is replied to by quoting it, as chats do."""
    bodies = [one.text("content") for one in activity.items("attachments") if one.text("contentType") == "text/html"]
    found = next((match[1] for body in bodies if (match := _QUOTED.search(body))), "")
    return found or next(
        (one.text("quotedReply", "messageId") for one in activity.items("entities") if one.text("type") == "quotedReply"), ""
    )
