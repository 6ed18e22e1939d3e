"""Our replies to what the chat page shows: badges, figures, explanations."""

from base64 import b64encode
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from adapters.web.bodies import MatchBody, OfferBody, PictureBody, ReplyBody, SourceBody
from adapters.web.inbound import is_private
from adapters.web.markdown import render
from bot.replies import Announcement, Caution, Failed, Notice, Offer, Picture
from bot.store.transcript import Entry
from bot.types import Answered, Badge, Matched, Reply, Working
from bot.wording import (
    CONCERNS,
    COST_SOURCES,
    NO_MODEL_ASKED,
    OUTCOMES,
    SMALL_INSTEAD,
    TIERS,
    cautioned,
    certainty,
    dollars,
    offered,
    reads_alike,
    seconds,
    took,
    until,
)

WORKING = "Working on it…"
FAILED = "**I could not answer this.** {why}"
TONES: Mapping[Badge, str] = {
    Badge.CACHE: "cache",
    Badge.SMALL: "small",
    Badge.FRONTIER: "frontier",
    Badge.BEST_EFFORT: "best-effort",
}

QUOTED = 300
"""Characters of a matched question that stand above the answer; its explanation has it whole."""


class Attempted(BaseModel):
    """One attempt, as "Why this tier?" lists it."""

    model_config = ConfigDict(frozen=True)

    tier: str
    target: str
    outcome: str
    seconds: str


class WhyMatch(BaseModel):
    """The match of a cached answer, as "Why this tier?" explains it; `answered_at` is ISO 8601."""

    model_config = ConfigDict(frozen=True)

    answered_at: str
    certainty: str
    question: str
    reason: str


class Why(BaseModel):
    """The answer to "Why this tier?"."""

    model_config = ConfigDict(frozen=True)

    badge: str
    tone: str
    figures: str
    model: str
    cost: str
    note: str
    reasons: tuple[str, ...]
    attempts: tuple[Attempted, ...]
    match: WhyMatch | None


class Shown(BaseModel):
    """An entry of the transcript as the page gets it. `body` is JSON text; `private`: in a channel, but for one person."""

    model_config = ConfigDict(frozen=True)

    id: str
    channel: str
    thread: str
    author: str
    private: bool
    body: str
    at: str
    question: str
    deleted: bool
    revision: int


class Page(BaseModel):
    """What changed since the page asked last; `more`: ask again at once."""

    model_config = ConfigDict(frozen=True)

    revision: int
    more: bool
    entries: tuple[Shown, ...]


def page_of(entries: tuple[Entry, ...], since: int, limit: int) -> Page:
    """Return what the transcript gave, for the page; `revision` is what to ask from next time."""
    return Page(
        revision=max((entry.revision for entry in entries), default=since),
        more=len(entries) >= limit,
        entries=tuple(shown(entry) for entry in entries),
    )


def shown(entry: Entry) -> Shown:
    """Return an entry as the page gets it; a deleted one has no body left."""
    return Shown(
        id=entry.id,
        channel=entry.channel,
        thread=entry.thread,
        author=entry.author,
        private=is_private(entry),
        body="" if entry.deleted else entry.body,
        at=entry.at.isoformat(),
        question=entry.question,
        deleted=entry.deleted,
        revision=entry.revision,
    )


def reply_body(reply: Reply, asked: str) -> ReplyBody:
    """Return what the page shows for a reply to the question `asked`."""
    if isinstance(reply, Answered):
        return _answer(reply, asked)
    if isinstance(reply, Working):
        return ReplyBody(kind="working", text=WORKING)
    if isinstance(reply, Failed):
        return _failed(reply)
    if isinstance(reply, Notice):
        return ReplyBody(kind="notice", text=reply.text, html=render(reply.text), offers=_offers(reply.offers))
    return ReplyBody(kind="withdrawn")


def _answer(reply: Answered, asked: str) -> ReplyBody:
    return ReplyBody(
        kind="answer",
        text=reply.text,
        html=render(reply.text),
        badge=reply.badge.value,
        tone=TONES[reply.badge],
        figures=figures(reply),
        model=reply.model,
        note=reply.caution.text if reply.caution else "",
        headline=CONCERNS[reply.caution.concern] if reply.caution else "",
        concern=reply.caution.concern.value if reply.caution else "",
        until=_until(reply.caution),
        until_said=until(reply.caution) if reply.caution else "",
        offers=_offers(reply.offers, reply.badge),
        parent=reply.parent,
        can_ask_live=reply.badge is Badge.CACHE,
        match=_match(reply.match, asked) if reply.match else None,
        sources=tuple(SourceBody(title=source.title, url=source.url, host=source.host) for source in reply.sources),
    )


def _failed(reply: Failed) -> ReplyBody:
    said = FAILED.format(why=reply.text)
    if Offer.ASK_SMALL in reply.offers:
        said = f"{said} {SMALL_INSTEAD}"
    return ReplyBody(
        kind="failed",
        text=said,
        html=render(said),
        cause=reply.cause.value,
        until=_until(reply),
        until_said=until(reply),
        offers=_offers(reply.offers),
    )


def announced(announcement: Announcement) -> ReplyBody:
    """Return what the page shows for an announcement."""
    said = f"**{announcement.title}**\n\n{announcement.text}".strip()
    picture = _picture(announcement.picture) if announcement.picture else None
    return ReplyBody(kind="announcement", text=said, html=render(said), level=announcement.urgency.value, picture=picture)


def _picture(picture: Picture) -> PictureBody:
    return PictureBody(data=f"data:image/png;base64,{b64encode(picture.png).decode()}", alt=picture.alt)


def _until(reply: Caution | Failed | None) -> str:
    return reply.until.isoformat() if reply and reply.until else ""


def _offers(offers: tuple[Offer, ...], badge: Badge | None = None) -> tuple[OfferBody, ...]:
    return tuple(OfferBody(offer=offer.value, label=offered(offer, badge)) for offer in offers)


def _match(match: Matched, asked: str) -> MatchBody:
    quoted = "" if reads_alike(match.question, asked) else match.question
    return MatchBody(
        answered_at=match.answered_at.isoformat(),
        certainty=certainty(match),
        question=quoted if len(quoted) <= QUOTED else f"{quoted[: QUOTED - 1].rstrip()}…",
    )


def why(reply: Answered) -> Why:
    """Return the explanation of an answer: its reasons and its attempts, in words."""
    return Why(
        badge=reply.badge.value,
        tone=TONES[reply.badge],
        figures=figures(reply),
        model=reply.model,
        cost=f"{dollars(reply.usd, reply.cost_source)} ({_cost_source(reply)})",
        note=cautioned(reply.caution) if reply.caution else "",
        reasons=reply.reasons,
        attempts=tuple(
            Attempted(
                tier=TIERS[line.tier],
                target=line.target,
                outcome=OUTCOMES[line.outcome],
                seconds=took(line),
            )
            for line in reply.attempts
        ),
        match=_why_match(reply.match) if reply.match else None,
    )


def _cost_source(reply: Answered) -> str:
    return NO_MODEL_ASKED if reply.badge is Badge.CACHE else COST_SOURCES[reply.cost_source]


def _why_match(match: Matched) -> WhyMatch:
    return WhyMatch(
        answered_at=match.answered_at.isoformat(),
        certainty=certainty(match),
        question=match.question,
        reason=match.reason,
    )


def figures(reply: Answered) -> str:
    """Return what stands beside the badge: `0.9 s · $0.0004`, or `match 0.96 · $0` for an earlier answer."""
    first = certainty(reply.match) if reply.match else seconds(reply.seconds)
    return f"{first} · {dollars(reply.usd, reply.cost_source)}"
