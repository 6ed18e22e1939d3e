"""The page's messages to our types: what is asked, whether it is for the bot at all, and where it was said."""

import re
from dataclasses import dataclass
from datetime import datetime

from adapters.web.payloads import BOT, FlagForm, Press, Refused
from bot.desk import Click, redacted
from bot.store.transcript import Entry
from bot.types import Conversation, Flag, FlagSource, Kind, MessageRef, Platform, Question
from router.types import Visibility

MENTION = f"@{BOT}"
TENANT = "local"
DIRECT = "dm:"

QUESTION_NEEDED = f"write a question after {MENTION} or /ask"

_MENTION = re.compile(rf"(?<![\w@.])@{BOT}\b[,:]?", re.IGNORECASE)
_ASK = re.compile(r"/ask(?=\s|$)", re.IGNORECASE)
# Some keyboards turn two hyphens into a dash.
_PUBLIC = re.compile(r"^(?:--|—|–)public(?=\s|$)|(?<=\s)(?:--|—|–)public$", re.IGNORECASE)  # noqa: RUF001 (the dashes are meant)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed, understood: the text to show, what is asked (empty: not for the bot), and for whom."""

    shown: str
    asked: str
    private: bool = False


def understand(text: str, *, addressed: bool) -> Typed:
    """Understand a message without its secrets. `addressed`: said in a direct message or in a thread of the bot, so no mention is needed.

    `/ask` asks privately and `/ask --public` openly, in any place. Raises Refused (400) when the bot is called but nothing is asked.
    """
    text = redacted(text)
    command = _ASK.match(text)
    if command:
        rest = text[command.end() :].strip()
        asked = _PUBLIC.sub("", rest).strip()
        typed = Typed(asked, asked, private=not _PUBLIC.search(rest))
    else:
        mentioned = bool(_MENTION.search(text))
        asked = _unmentioned(text) if mentioned or addressed else ""
        typed = Typed(text, asked)
        if not mentioned and not addressed:
            return typed
    if not typed.asked:
        raise Refused(400, QUESTION_NEEDED)
    return typed


def _unmentioned(text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", _MENTION.sub(" ", text)).strip()


def is_direct(channel: str) -> bool:
    """Tell whether a channel is somebody's direct messages with the bot."""
    return channel.startswith(DIRECT)


def is_private(entry: Entry) -> bool:
    """Tell whether an entry of a channel is shown to one person alone; a direct message is not private but direct."""
    return bool(entry.visible_to) and not is_direct(entry.channel)


def conversation_of(entry: Entry) -> Conversation:
    """Return where an entry stands; a root begins the thread that bears its id."""
    visibility = Visibility.DIRECT if is_direct(entry.channel) else Visibility.PUBLIC
    return Conversation(Platform.WEB, TENANT, entry.channel, entry.thread or entry.id, visibility)


def question_of(entry: Entry, asked: str) -> Question:
    """Return the question that an entry asks; the same entry always gives the same question."""
    return Question(
        id=entry.question,
        kind=Kind.ASK,
        delivery_key=f"web:{entry.id}",
        logical_key=f"web:{entry.channel}/{entry.id}",
        conversation=conversation_of(entry),
        user=entry.author,
        text=asked,
        asked_at=entry.at,
        private=is_private(entry),
        source=MessageRef(Platform.WEB, TENANT, entry.channel, entry.id),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """An edit or a deletion: the id of its own, its key (unique for each change), what happened, and when."""

    id: str
    key: str
    kind: Kind
    at: datetime


def change_of(entry: Entry, change: Change, asked: str = "") -> Question:
    """Return the inbox item that tells of a change to an entry's message."""
    return Question(
        id=change.id,
        kind=change.kind,
        delivery_key=f"web:{change.key}",
        logical_key=f"web:{entry.channel}/{entry.id}/{change.kind}/{change.key}",
        conversation=conversation_of(entry),
        user=entry.author,
        text=asked,
        asked_at=change.at,
        private=is_private(entry),
        source=MessageRef(Platform.WEB, TENANT, entry.channel, entry.id),
    )


def flag_of(form: FlagForm, at: datetime) -> Flag:
    """Return the flag that a form raises."""
    return Flag(form.question, form.user, FlagSource.FORM, form.reason, form.comment, at)


def click_of(press: Press) -> Click:
    """Return the press of a button."""
    return Click(press.question, press.user, f"web:{press.id}")
