"""What the commands `ask` and `flags` print."""

import json
from dataclasses import dataclass
from unicodedata import category

from bot.deployment import Deployment, open_store
from bot.store.flags import FlaggedAnswer
from bot.store.result import Record
from bot.types import Answered
from bot.wording import SOURCES, cautioned, failed

NO_FLAGS = "No flag stands."


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report, and whether there was an answer to report."""

    text: str
    answered: bool


def render_answer(record: Record, *, as_json: bool) -> Rendered:
    """Return an answer with its badge, cost and reasons; the JSON has the money as a string, exact."""
    reply = record.reply
    if not isinstance(reply, Answered):
        failure = failed(reply) if reply else ""
        return Rendered(json.dumps({"id": record.question.id, "failure": failure}) if as_json else failure, answered=False)
    if as_json:
        return Rendered(json.dumps(_answer_fields(record.question.id, reply), ensure_ascii=False), answered=True)
    cost = "cost unknown" if reply.usd is None else f"${reply.usd.normalize():f} ({reply.cost_source.value})"
    lines = [
        *([f"! {cautioned(reply.caution)}", ""] if reply.caution else []),
        printable(reply.text),
        "",
        *_sources(reply),
        f"[{reply.badge.value}] {reply.model} · {reply.seconds:.1f} s · {cost}",
        *(f"  - {reason}" for reason in reply.reasons),
    ]
    return Rendered("\n".join(lines), answered=True)


def _sources(reply: Answered) -> list[str]:
    """Return the sources below an answer, with their whole addresses."""
    lines = [f"  [{number}] {source.title} {source.url}" for number, source in enumerate(reply.sources, 1)]
    return [SOURCES, *lines, ""] if lines else []


def _answer_fields(question_id: str, reply: Answered) -> dict[str, object]:
    return {
        "id": question_id,
        "badge": reply.badge.value,
        "model": reply.model,
        "seconds": reply.seconds,
        "cost_usd": None if reply.usd is None else f"{reply.usd.normalize():f}",
        "cost_source": reply.cost_source.value,
        "reasons": list(reply.reasons),
        "note": cautioned(reply.caution) if reply.caution else "",
        "concern": reply.caution.concern.value if reply.caution else "",
        "attempts": [
            {"tier": line.tier, "target": line.target, "outcome": line.outcome, "latency_ms": line.latency_ms} for line in reply.attempts
        ],
        "text": reply.text,
        "sources": [{"title": source.title, "url": source.url} for source in reply.sources],
    }


async def read_flags(deployment: Deployment, limit: int, *, as_json: bool) -> str:
    """Return the flags that stand, newest first. Raises StoreUnavailable."""
    async with open_store(deployment.settings) as store:
        flagged = await store.flags.standing(limit)
    if as_json:
        return json.dumps([_flag_fields(each) for each in flagged], ensure_ascii=False, indent=2)
    return "\n\n".join(_flag_text(each) for each in flagged) or NO_FLAGS


def _flag_fields(flagged: FlaggedAnswer) -> dict[str, object]:
    flag = flagged.flag
    return {
        "question_id": flag.question_id,
        "user": flag.user,
        "at": flag.at.isoformat(),
        "source": flag.source.value,
        "reason": flag.reason.value if flag.reason else None,
        "comment": flag.comment,
        "tier": flagged.tier,
        "model": flagged.model,
        "reasons": list(flagged.reasons),
        "question": flagged.question,
        "answer": flagged.answer,
    }


def _flag_text(flagged: FlaggedAnswer) -> str:
    flag = flagged.flag
    why = " · ".join(filter(None, (flag.reason.value if flag.reason else "no reason given", _line(flag.comment))))
    return "\n".join(
        (
            f"{flag.at:%Y-%m-%d %H:%M} UTC  {flag.question_id}  flagged by {flag.user} ({flag.source.value}): {why}",
            f"  question: {_line(flagged.question)}",
            f"  answer:   [{flagged.tier or 'on its way'}, {flagged.model or 'no model'}] {_line(flagged.answer)[:200]}",
        )
    )


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Leave out control characters: what was written in a chat or by a model must not drive an operator's terminal."""
    return "".join(character for character in text if character in "\n\t" or not category(character).startswith("C"))
