"""Turns what Slack says about messages and reactions into the bot's questions (pure)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.fields import Fields
from adapters.slack.options import SlackOptions
from adapters.slack.text import mentioned, plain, without_mention
from bot.types import Conversation, Kind, MessageRef, Platform, Question
from router.types import Visibility

_USER_TEXT = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""The message subtypes that carry what a person wrote; every other one is a remark of Slack about the channel."""

_SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace: `auth.test`'s team, bot user and bot id."""

    team: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a person wrote, changed or deleted.

    `addressed`: it is meant for us on its own (a mention or a direct message). `to_others`: it mentions somebody else.
    `revision` is the edit's own timestamp. `channel_type` is empty where Slack does not say it.
    """

    kind: Kind
    delivery: str
    tenant: str
    channel: str
    thread: str
    ts: str
    user: str
    text: str
    channel_type: str
    external: bool
    addressed: bool
    to_others: bool
    revision: str = ""

    def conversation(self, visibility: Visibility) -> Conversation:
        """Return where it was said; every message of ours stands in a thread, so `thread` is its own ts at least."""
        return Conversation(Platform.SLACK, self.tenant, self.channel, self.thread, visibility)

    def question(self, question_id: str, now: datetime, visibility: Visibility) -> Question:
        """Return the inbox item. The mention and the message event about one text share their logical key."""
        spot = f"slack:{self.tenant}/{self.channel}/{self.ts}"
        logical = {Kind.EDITED: f"{spot}/edit/{self.revision}", Kind.DELETED: f"{spot}/deleted"}.get(self.kind, spot)
        return Question(
            id=question_id,
            kind=self.kind,
            delivery_key=self.delivery or logical,
            logical_key=logical,
            conversation=self.conversation(visibility),
            user=self.user,
            text=self.text,
            asked_at=now,
            source=MessageRef(Platform.SLACK, self.tenant, self.channel, self.ts),
        )


@dataclass(frozen=True, slots=True)
class Reaction:
    """A person put a flag reaction on a message, or took it off."""

    added: bool
    user: str
    at: MessageRef


def heard(body: Fields, me: Identity, options: SlackOptions) -> Said | None:
    """Read an `app_mention` or `message` event; None when it is nothing that a person says to be read by us."""
    event = body.at("event")
    subtype = event.text("subtype")
    if subtype == "message_changed":
        return _changed(body, me, options)
    if subtype == "message_deleted":
        return _deleted(body, event.at("previous_message"), me, options)
    if subtype not in _USER_TEXT and not (subtype == "bot_message" and options.other_bots):
        return None
    said = _said(body, event, me, options)
    if said is None or (_by_bot(event) and not said.addressed):
        return None
    return said


def uninstalled(body: Fields, team: str, question_id: str, now: datetime) -> Question:
    """Return the inbox item that has everything of a workspace deleted."""
    key = f"slack:{team}/uninstalled/{body.text('event_id')}"
    place = Conversation(Platform.SLACK, team, "", "", Visibility.PRIVATE)
    return Question(question_id, Kind.UNINSTALLED, key, key, place, "", "", now)


def reaction(body: Fields, me: Identity, options: SlackOptions) -> Reaction | None:
    """Read `reaction_added` or `reaction_removed`; None unless it is a flag reaction on a message that may be ours."""
    event = body.at("event")
    target, author = event.at("item"), event.text("item_user")
    channel, ts, user = target.text("channel"), target.text("ts"), event.text("user")
    about_us = target.text("type") == "message" and author in ("", me.user)
    if not about_us or not (channel and ts and user) or user == me.user:
        return None
    if not is_flag(event.text("reaction"), options.flag_reactions) or _shut_out(body, event, me, options):
        return None
    ref = MessageRef(Platform.SLACK, _tenant(body, me), channel, ts)
    return Reaction(event.text("type") == "reaction_added", user, ref)


def is_flag(name: str, names: tuple[str, ...]) -> bool:
    """Whether a reaction's name is one of the flag names, in any skin tone."""
    return re.sub(r"::skin-tone-[2-6]$", "", name) in names


def follows_up(said: Said, askers: frozenset[str], follow_ups: str) -> bool:
    """Whether a message without a mention is meant for us: it stands in a thread of ours and speaks to nobody else."""
    if said.to_others or not askers:
        return False
    return follow_ups == "anyone" or (follow_ups == "asker" and said.user in askers)


def admitted(teams: tuple[str, ...], me: Identity, options: SlackOptions) -> bool:
    """Whether everybody of these teams may use the bot; a team that a payload does not name does not count."""
    return all(team in (me.team, *options.teams) for team in teams if team)


def stated_visibility(channel: str, channel_type: str, *, external: bool) -> Visibility | None:
    """Return who can see a conversation, or None when the payload does not say.

    A channel shared with another organisation is private to itself. The `C` of an id proves nothing: since 2021 private
    channels have it too (docs.slack.dev, Conversation object).
    """
    if channel_type == "im" or channel.startswith("D"):
        return Visibility.DIRECT
    if external or channel_type in ("group", "mpim") or channel.startswith("G"):
        return Visibility.PRIVATE
    return Visibility.PUBLIC if channel_type == "channel" else None


def _said(body: Fields, message: Fields, me: Identity, options: SlackOptions) -> Said | None:
    """Read what all three forms share; `message` is the event itself, or the message inside it."""
    event = body.at("event")
    raw, ts, channel = message.text("text"), message.text("ts"), event.text("channel")
    user = message.first("user", "bot_id")
    if not (ts and channel and user) or _unwelcome(message, me, options) or _shut_out(body, message, me, options):
        return None
    names = mentioned(raw)
    direct = stated_visibility(channel, event.text("channel_type"), external=False) is Visibility.DIRECT
    return Said(
        kind=Kind.ASK,
        delivery=_delivery(body),
        tenant=_tenant(body, me),
        channel=channel,
        thread=message.text("thread_ts") or ts,
        ts=ts,
        user=user,
        text=plain(without_mention(raw, me.user)),
        channel_type=event.text("channel_type"),
        external=body.true("is_ext_shared_channel"),
        addressed=(direct and not _by_bot(message)) or me.user in names,
        to_others=bool(names - {me.user}),
    )


def _changed(body: Fields, me: Identity, options: SlackOptions) -> Said | None:
    """Read an edit. Slack sends the same event when it unfurls a link, so the text itself must differ."""
    event = body.at("event")
    message, before = event.at("message"), event.at("previous_message")
    if message.text("subtype") == "tombstone":  # what stands where the root of a thread with replies was deleted
        return _deleted(body, before, me, options)
    if message.text("text") == before.text("text") or message.text("subtype") not in _USER_TEXT or _by_bot(message):
        return None
    said = _said(body, message, me, options)
    if said is None or not said.text:
        return None
    revision = message.text("edited", "ts") or event.first("event_ts", "ts")
    mention_before = me.user in mentioned(before.text("text"))
    return replace(said, kind=Kind.EDITED, revision=revision, addressed=said.addressed or mention_before)


def _deleted(body: Fields, before: Fields, me: Identity, options: SlackOptions) -> Said | None:
    said = None if _by_bot(before) else _said(body, before, me, options)
    return replace(said, kind=Kind.DELETED, text="") if said else None


def _unwelcome(message: Fields, me: Identity, options: SlackOptions) -> bool:
    """Whether we never listen to a message's author: ourselves, Slackbot, and other bots unless the policy says so."""
    own = message.text("user") == me.user or (bool(me.bot) and message.text("bot_id") == me.bot)
    return own or message.text("user") == _SLACKBOT or (_by_bot(message) and not options.other_bots)


def _shut_out(body: Fields, message: Fields, me: Identity, options: SlackOptions) -> bool:
    """Whether a channel shared with another organisation, or the author's team, is not let in."""
    if body.true("is_ext_shared_channel") and not options.external_channels:
        return True
    teams = (body.text("team_id"), *(message.text(name) for name in ("team", "user_team", "source_team")))
    return not admitted(teams, me, options)


def _by_bot(message: Fields) -> bool:
    return bool(message.text("bot_id")) or message.has("bot_profile") or message.text("subtype") == "bot_message"


def _tenant(body: Fields, me: Identity) -> str:
    return body.text("team_id") or me.team


def _delivery(body: Fields) -> str:
    event_id = body.text("event_id")
    return f"slack:{event_id}" if event_id else ""
