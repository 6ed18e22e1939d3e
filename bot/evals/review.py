"""The review in the terminal: shows what is left, one answer after the other, and takes a verdict by a key."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.evals.types import Fault, Review, Reviewable, Verdict, Why
from bot.reports import printable
from bot.store.reviews import Reviews
from router.types import Clock

NOTHING_LEFT = "Nothing is left to review."
KEYS = "[a]cceptable  [n]ot acceptable  [c]annot tell  [s]kip  [q]uit"
FAULTS = {
    "w": Fault.WRONG,
    "o": Fault.OUTDATED,
    "m": Fault.WRONG_MATCH,
    "i": Fault.INCOMPLETE,
    "u": Fault.UNSAFE,
    "e": Fault.SHOULD_ESCALATE,
}
WHAT = "What is wrong?  [w]rong  [o]utdated  wrong [m]atch  [i]ncomplete  [u]nsafe  should have been [e]scalated"
BETTER = "A better answer, to be served instead (empty: none)"
REMARK = "A remark (empty: none)"
LEFT = "{left} left of {all} in {week}."
VERDICTS = {"a": Verdict.ACCEPTABLE, "n": Verdict.NOT_ACCEPTABLE, "c": Verdict.CANNOT_TELL}
ADDED = {Why.RANDOM: "", Why.FLAG: " · flagged", Why.AUDIT: " · audited hit"}
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Console:
    """A person at a terminal: shown a text, asked for a key, asked for a line."""

    show: Callable[[str], None]
    key: Callable[[str], str]
    line: Callable[[str], str]


async def review(reviews: Reviews, reviewer: str, console: Console, clock: Clock, *, week: str = "") -> int:
    """Let a reviewer grade until nothing is left or they stop; return how many they graded. Raises StoreUnavailable."""
    graded = 0
    for waiting in await reviews.waiting(reviewer, week=week, limit=BATCH):
        console.show(render(waiting))
        key = _key(console, KEYS, (*VERDICTS, "s", "q"))
        if key == "q":
            return graded
        if key != "s":
            said = _verdict(waiting, reviewer, key, console, clock)
            await reviews.put(said, into_cache=bool(said.correction))
            graded += 1
    console.show(NOTHING_LEFT)
    return graded


def _verdict(waiting: Reviewable, reviewer: str, key: str, console: Console, clock: Clock) -> Review:
    verdict = VERDICTS[key]
    if verdict is not Verdict.NOT_ACCEPTABLE:
        return Review(waiting.question.id, reviewer, verdict, clock())
    fault = FAULTS[_key(console, WHAT, tuple(FAULTS))]
    comment, correction = console.line(REMARK), console.line(BETTER)
    return Review(waiting.question.id, reviewer, verdict, clock(), fault, comment, correction)


def _key(console: Console, said: str, allowed: tuple[str, ...]) -> str:
    """Ask for a key until it is one of those allowed."""
    key = console.key(said).lower()
    while key not in allowed:
        key = console.key(said).lower()
    return key


def render(waiting: Reviewable) -> str:
    """Return an answer as a reviewer sees it, without control characters."""
    question, answer, stratum = waiting.question, waiting.answer, waiting.drawn.unit.stratum
    cost = "cost unknown" if answer.usd is None else f"${answer.usd.normalize():f}"
    lines = [
        f"── {question.id} · {stratum.kind} · {stratum.channel}{ADDED[waiting.drawn.why]}",
        *(f"   {'bot' if turn.assistant else 'thread'}: {turn.text}" for turn in waiting.context),
        f"{question.user or 'somebody'} asked: {question.text}",
        "",
        answer.text,
        "",
        f"[{answer.badge.value}] {answer.model} · {answer.seconds:.1f} s · {cost}",
    ]
    if answer.match:
        lines.append(f"the cache matched: {answer.match.question} ({answer.match.similarity:.2f}, {answer.match.reason})")
    if waiting.audit:
        lines.append(f"a model answered, unseen: {waiting.audit}")
    lines += [f"flagged: {flag.reason.value if flag.reason else 'no reason'} {flag.comment}".rstrip() for flag in waiting.flags]
    return printable("\n".join(lines))
