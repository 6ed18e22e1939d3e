"""What a replay writes and prints."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from bot.intervals import rate
from bot.replay.judge import Latency, Replayed, Summary
from router.types import Tier

ANSWERS = "answers.jsonl"
SUMMARY = "summary.json"
PART = ".part"

NO_LABELS = "no labels in the file"
NAMES = {Tier.CACHE: "Cache", Tier.SMALL: "Small model", Tier.FRONTIER: "Frontier model"}


def write_report(folder: Path, done: Sequence[Replayed], summary: Summary) -> None:
    """Write both files under a name of their own first, so that each is there whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {ANSWERS: "".join(f"{answer_line(one)}\n" for one in done), SUMMARY: f"{to_json(summary)}\n"}
    parts = {name: folder / f"{name}{PART}" for name in texts}
    with ExitStack() as leaving:
        for name, part in parts.items():
            leaving.callback(part.unlink, missing_ok=True)
            part.write_text(texts[name], encoding="utf-8")
        for name, part in parts.items():
            part.replace(folder / name)


def answer_line(one: Replayed) -> str:
    """Return one row's line of `answers.jsonl`; money is a JSON number of US dollars, null when unknown."""
    return json.dumps(
        {
            "id": one.row.id,
            "served": one.tier,
            "source_id": one.source.id if one.source else None,
            "similarity": None if one.similarity is None else round(one.similarity, 6),
            "model": one.model or None,
            "cost_usd": _number(one.usd),
            "latency_ms": round(one.latency_ms, 3),
            "reasons": one.reasons,
        }
    )


def to_json(summary: Summary) -> str:
    """Return the summary as JSON, with the fields of Summary."""
    return json.dumps(
        {
            "questions": summary.questions,
            "served": summary.served,
            "false_hits": summary.false_hits,
            "missed_hits": summary.missed_hits,
            "under_routed": summary.under_routed,
            "over_routed": summary.over_routed,
            "cost_usd": _number(summary.cost_usd),
            "all_frontier_cost_usd": _number(summary.all_frontier_cost_usd),
            "latency_ms": {tier: {"p50": latency.p50, "p95": latency.p95} for tier, latency in summary.latency_ms.items()},
        },
        indent=2,
    )


def render(summary: Summary) -> str:
    """Return the summary as text for a terminal."""
    served = summary.served
    hits, total = served[Tier.CACHE], summary.questions
    spared = 1 - summary.cost_usd / summary.all_frontier_cost_usd if summary.all_frontier_cost_usd else Decimal(0)
    unanswered = total - sum(served.values())
    lines = [f"{total:,} questions{f', {unanswered:,} of them not answered' if unanswered else ''}"]
    lines += [_served(tier, served[tier], total, summary.latency_ms[tier]) for tier in Tier]
    lines += [
        "",
        f"  {'false hits':<16} {_of(summary.false_hits, hits, 'hits')}",
        f"  {'missed hits':<16} {_of(summary.missed_hits, _possible(summary), 'that an ideal cache with these TTLs would have served')}",
        f"  {'under-routed':<16} {_of(summary.under_routed, served[Tier.SMALL], 'answers of the small model')}",
        f"  {'over-routed':<16} {_of(summary.over_routed, served[Tier.FRONTIER], 'answers of the frontier model')}",
        "",
        f"  ${summary.cost_usd:.4f} instead of ${summary.all_frontier_cost_usd:.4f} with the frontier model alone: {spared:.0%} less",
    ]
    return "\n".join(lines)


def _served(tier: Tier, count: int, total: int, latency: Latency) -> str:
    took = "" if latency.p50 is None else f"   p50 {latency.p50:>8,.1f} ms   p95 {latency.p95:>8,.1f} ms"
    return f"  {NAMES[tier]:<16} {count:>7,}  {count / total:>6.1%}{took}"


def _possible(summary: Summary) -> int:
    """Return how many rows an earlier answer would have fitted: the right hits, and those that were missed."""
    return summary.served[Tier.CACHE] - (summary.false_hits or 0) + (summary.missed_hits or 0)


def _of(count: int | None, of: int, what: str) -> str:
    """Return a count as a share, with its 95% interval."""
    if count is None:
        return NO_LABELS
    share = rate(min(count, of), of)
    return f"{count:>7,}  {share.share:>6.2%}  [{share.low:.2%}, {share.high:.2%}] of {of:,} {what}"


def _number(usd: Decimal | None) -> float | None:
    return None if usd is None else float(usd)
