"""Turns the bot's replies into Teams messages: Markdown for words, cards for buttons and failures (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.safe_markdown import safe, segments
from adapters.split import split
from adapters.teams.cached import age, matched
from adapters.teams.cards import Box, Button, Card, Facts, Image, Style, Text
from adapters.teams.interactions import Verb
from adapters.teams.simple import simple
from adapters.teams.text import excerpt, inert
from bot.replies import Announcement, Cause, Caution, Concern, Failed, Notice, Offer, Urgency
from bot.types import Answered, Badge, Kind, Question, Reply, Withdrawn, Working
from bot.wording import CONCERNS, SMALL_INSTEAD, SOURCES, certainty, dollars, offered, seconds, until, utc
from router.types import Source

WORKING = "Working on it. This message becomes the answer."
FAILED = "I could not answer this."
WITHDRAWN = "The question was deleted, so its answer was taken back."
TAKEN_BACK = "Taken back."
NOTHING = "(no text)"
ASK_LIVE = "Ask again live"
MISMATCH = "Not the same question"
WHY = "Why this tier?"

EMOJI: Mapping[Badge, str] = {Badge.CACHE: "⚪", Badge.SMALL: "🟢", Badge.FRONTIER: "🔵", Badge.BEST_EFFORT: "🟡"}

VERBS: Mapping[Offer, Verb] = {
    Offer.ESCALATE: Verb.ESCALATE,
    Offer.TRY_AGAIN: Verb.RETRY,
    Offer.ANSWER_AGAIN: Verb.ANSWER_AGAIN,
    Offer.ASK_SMALL: Verb.ASK_SMALL,
    Offer.REQUEST_BUDGET: Verb.REQUEST_BUDGET,
    Offer.TELL_ME: Verb.TELL_ME,
}
REMARK, CAUTION, TROUBLE = "ℹ️", "⚠️", "⛔"  # noqa: RUF001 (the sign for information)
SIGNS: Mapping[Cause, str] = {
    Cause.BUDGET: REMARK,
    Cause.RATE_LIMIT: REMARK,
    Cause.PAUSED: REMARK,
    Cause.TURNED_OFF: REMARK,
    Cause.TOO_LONG: CAUTION,
    Cause.REFUSED: CAUTION,
}
"""What a failure begins with; what is not here is trouble."""
URGENCIES: Mapping[Urgency, Style] = {Urgency.INFO: Style.DEFAULT, Urgency.WARNING: Style.WARNING, Urgency.ERROR: Style.ATTENTION}

LARGEST = 24_000
"""Bytes of UTF-16, in which Teams counts, of one message's text. With all that goes around it, a message stays below 28 KB:
Teams takes about 100 KB, an older page of its says 40 (learn.microsoft.com, Format your bot messages)."""

CITATION = 1_000
"""Bytes of UTF-16 that are kept free for each source; few addresses are longer than 200 characters."""
SHORTEST = 1_000
NOTE = 500
"""Characters of a remark."""
ANNOUNCED = 4_000
PICTURE = 50_000
"""Bytes of a picture that a card carries itself; as text they are a third more."""


@dataclass(frozen=True, slots=True)
class TeamsMessage:
    """What is shown for a reply: a text, or a card alone, since of both in one Teams makes two messages and tells no id.

    `rest` are further texts. `buttons` follows as a message of its own. `labelled`: a model wrote it. `feedback`: there
    are thumbs under it. `sources` are what marks such as `[1]` in the text lead to.
    """

    text: str = ""
    card: Card | None = None
    labelled: bool = False
    feedback: bool = False
    rest: tuple[str, ...] = ()
    buttons: Card | None = None
    sources: tuple[Source, ...] = ()


def render(question: Question, reply: Reply) -> TeamsMessage:
    """Return the message for a reply to a question."""
    match reply:
        case Answered():
            return _answered(question, reply)
        case Failed():
            return _failed(question, reply)
        case Notice():
            return _notice(question, reply)
        case Working():
            return TeamsMessage(f"⏳ {WORKING}")
        case Withdrawn():
            return TeamsMessage(f"*{WITHDRAWN}*")


def announced(announcement: Announcement) -> TeamsMessage:
    """Return the message of an announcement."""
    title = Text(inert(excerpt(announcement.title, NOTE)), strong=True)
    lines = "\n\n".join(inert(line) for line in announcement.text[:ANNOUNCED].splitlines() if line.strip())
    body: tuple[Text | Box | Facts | Image, ...] = (Box(URGENCIES[announcement.urgency], (title,)),)
    body += (Text(lines),) if lines else ()
    picture = announcement.picture
    if picture is not None and len(picture.png) <= PICTURE:
        body += (Image(picture.png, picture.alt),)
    return TeamsMessage(card=Card(body, summary=excerpt(announcement.title, NOTE)))


def continuation(text: str) -> TeamsMessage:
    """Return a further message of a long answer; `text` is one of `TeamsMessage.rest`."""
    return TeamsMessage(text, labelled=True)


def remark(text: str) -> TeamsMessage:
    """Return a remark of our own."""
    return TeamsMessage(text)


def actions(question_id: str, reply: Answered) -> tuple[Button, ...]:
    """Return the buttons under an answer."""
    return (*_wishes(question_id, reply), Button(WHY, Verb.WHY, question_id))


def badge_text(badge: Badge) -> str:
    """Return a badge as every message shows it."""
    return f"{EMOJI[badge]} **{badge.value}**"


def pieces(markdown: str, largest: int = LARGEST) -> tuple[str, ...]:
    """Cut text so that each piece has at most so many bytes of UTF-16."""
    limit = largest // 2
    while True:
        cut = split(markdown, limit)
        if limit <= SHORTEST or all(len(piece.encode("utf-16-le")) <= largest for piece in cut):
            return cut
        limit //= 2


def _answered(question: Question, reply: Answered) -> TeamsMessage:
    body, *rest = pieces(safe(simple(reply.text)).strip() or NOTHING, LARGEST - CITATION * len(reply.sources))
    lines = (*_caution(reply.caution), f"{body}{_marks(body, reply)}", _facts(question, reply), *_quoted(question, reply))
    return TeamsMessage(
        text="\n\n".join(lines),
        labelled=True,
        feedback=True,
        rest=tuple(rest),
        buttons=Card((), actions(question.id, reply)),
        sources=reply.sources,
    )


def _marks(text: str, reply: Answered) -> str:
    """Return the marks that the text itself does not make: Teams shows a source where its mark stands, and nowhere else."""
    marks = [f"[{number}]" for number in range(1, len(reply.sources) + 1)]
    prose = "".join(part for part, is_code in segments(text) if not is_code)
    missing = [mark for mark in marks if mark not in prose]
    return f"\n\n{SOURCES} {' '.join(missing)}" if missing else ""


def _facts(question: Question, reply: Answered) -> str:
    """Return where the answer came from; of a cached one its age and the match tell more than its few milliseconds."""
    cost = dollars(reply.usd, reply.cost_source)
    figures = (age(question, reply.match), certainty(reply.match)) if reply.match else (seconds(reply.seconds),)
    return " · ".join((badge_text(reply.badge), *figures, cost))


def _quoted(question: Question, reply: Answered) -> Iterator[str]:
    if reply.match and (line := matched(question, reply.match)):
        yield line


def _wishes(question_id: str, reply: Answered) -> Iterator[Button]:
    """Return the buttons that ask for another answer."""
    yield from _offers(question_id, reply.offers, reply.badge)
    if reply.badge is Badge.CACHE:
        yield Button(ASK_LIVE, Verb.LIVE, question_id, primary=True)
    if reply.match is not None:
        yield Button(MISMATCH, Verb.MISMATCH, question_id)


def _offers(question_id: str, offers: Sequence[Offer], badge: Badge | None = None) -> Iterator[Button]:
    """Return the buttons of offers; where nothing else is shown, the first is the one to press."""
    for number, offer in enumerate(offers):
        primary = not number and badge in (None, Badge.BEST_EFFORT)
        yield Button(offered(offer, badge), VERBS[offer], question_id, primary=primary)


def _caution(caution: Caution | None) -> Iterator[str]:
    if caution is not None:
        sign = CAUTION if caution.concern is Concern.BEST_EFFORT else REMARK
        yield "> " + _sentences(f"{sign} **{CONCERNS[caution.concern]}**", inert(excerpt(caution.text, NOTE)), _until(caution))


def _failed(question: Question, reply: Failed) -> TeamsMessage:
    text, sign = inert(excerpt(reply.text, NOTE)), SIGNS.get(reply.cause, TROUBLE)
    said = f"{sign} **{FAILED}** {text}" if sign == TROUBLE else f"{sign} **{text}**"
    small = (SMALL_INSTEAD,) if Offer.ASK_SMALL in reply.offers else ()
    lines = (_sentences(said, _until(reply)), *small, f"*ref {inert(question.id)}*")
    buttons = tuple(_offers(question.id, reply.offers))
    return TeamsMessage("\n\n".join(lines), buttons=Card((), buttons) if buttons else None)


def _notice(question: Question, reply: Notice) -> TeamsMessage:
    text = inert(excerpt(reply.text, NOTE))
    if not reply.offers:
        return TeamsMessage(text)
    subject = question.parent or question.id if question.kind in (Kind.EDITED, Kind.WATCH) else question.id
    return TeamsMessage(card=Card((Text(text),), tuple(_offers(subject, reply.offers)), summary=excerpt(reply.text, NOTE)))


def _until(reply: Caution | Failed) -> str:
    return until(reply).format(when=utc(reply.until)) if reply.until else ""


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
