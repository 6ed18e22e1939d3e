"""How a report reads: text for a terminal, JSON, and the three lines of the digest."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

from bot.evals.estimate import Agreement, Estimate
from bot.evals.report import Part, Price, Report
from bot.intervals import Rate

NOTHING = "Nothing is reviewed yet. `switchboard eval sample` draws answers, `switchboard eval review` shows them."
TIERS = {"cache": "Cache", "small": "Small model", "frontier": "Frontier model", "all": "all answers"}
DIGEST = (
    "{weeks}: {rate} of the answers are acceptable ({graded} reviewed).",
    "By tier: {tiers}.",
    "Flagged: {flagged} of {answers:,} answers; wrong cache hits: {false_hits}.",
)


def to_json(report: Report) -> str:
    """Return a report as one JSON object, with its fields; dollars are strings, exact."""
    return json.dumps(asdict(report), indent=2, default=str)


def render(report: Report) -> str:
    """Return a report as text."""
    if not report.graded:
        return NOTHING
    sections = (
        [f"{weeks_of(report)}: {report.graded} of {report.sampled} sampled answers reviewed; 95% intervals"],
        _table("acceptable", (report.total, *report.tiers)),
        _table("by kind", report.kinds),
        _table("by week", report.by_week),
        _cells(report),
        _figures(report),
        _prices(report.prices),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def digest(report: Report) -> tuple[str, str, str]:
    """Return the three lines of the weekly digest."""
    tiers = ", ".join(f"{TIERS[part.name]} {_share(part.acceptable)}" for part in report.tiers if part.acceptable.of)
    first, second, third = DIGEST
    return (
        first.format(weeks=weeks_of(report), rate=_share(report.total.acceptable), graded=report.graded),
        second.format(tiers=tiers or "nothing reviewed"),
        third.format(flagged=report.flagged.count, answers=report.flagged.of, false_hits=_rate(report.false_hits)),
    )


def interval(shown: Estimate | Rate) -> str:
    """Return a share with its interval."""
    return f"{shown.share:.1%} [{shown.low:.1%}, {shown.high:.1%}]" if shown.of else "-"


def dollars(usd: Decimal | None) -> str:
    """Return an amount, small ones to a hundredth of a cent."""
    return "unknown" if usd is None else f"${usd:.4f}"


def weeks_of(report: Report) -> str:
    """Return from which week to which a report goes."""
    return " to ".join(dict.fromkeys((*report.weeks[:1], *report.weeks[-1:]))) or "So far"


def _share(shown: Estimate) -> str:
    if not shown.of:
        return "not reviewed"
    return f"{shown.share:.0%} ({shown.low:.0%} to {shown.high:.0%})"


def _rate(shown: Rate) -> str:
    return f"{shown.count} of {shown.of} audited" if shown.of else "none audited"


def _table(title: str, parts: Sequence[Part]) -> list[str]:
    if not parts:
        return []
    lines = [f"{title:<18}{'share':<26}{'reviewed':>8}{'effective':>11}{'unsure':>8}"]
    for part in parts:
        one = part.acceptable
        lines.append(f"  {TIERS.get(part.name, part.name):<16}{interval(one):<26}{one.of:>8}{one.effective:>11.1f}{part.unsure:>8}")
    return lines


def _cells(report: Report) -> list[str]:
    if not report.cells:
        return []
    return ["by tier and kind"] + [
        f"  {TIERS[cell.tier.value]:<16}{cell.kind:<12}{interval(cell.acceptable):<26}{cell.acceptable.of:>8}" for cell in report.cells
    ]


def _figures(report: Report) -> list[str]:
    faults = ", ".join(f"{fault.replace('_', ' ')} {count}" for fault, count in report.faults)
    return [
        f"flagged           {report.flagged.count} of {report.flagged.of:,} answers, {interval(report.flagged)}",
        f"flags that hold   {report.flags_right.count} of {report.flags_right.of} reviewed, {interval(report.flags_right)}",
        f"false hits        {report.false_hits.count} of {report.false_hits.of} audited and reviewed, {interval(report.false_hits)}",
        f"two reviewers     {_agreement(report.agreement)}",
        f"what was wrong    {faults or '-'}",
    ]


def _agreement(one: Agreement) -> str:
    if one.kappa is None or one.low is None or one.high is None:
        return f"agree in {one.share:.0%} of {one.of}" if one.of else "-"
    return f"agree in {one.share:.0%} of {one.of}; Cohen's kappa {one.kappa:.2f} [{one.low:.2f}, {one.high:.2f}]"


def _prices(prices: Sequence[Price]) -> list[str]:
    if not prices:
        return []
    lines = [f"{'cost':<18}{'answers':>8}{'an answer':>12}{'an acceptable one':>20}"]
    for one in prices:
        span = "" if one.low_usd is None else f"  [{dollars(one.low_usd)}, {'∞' if one.high_usd is None else dollars(one.high_usd)}]"
        row = f"  {TIERS[one.tier.value]:<16}{one.answers:>8,}{dollars(one.answer_usd):>12}{dollars(one.acceptable_usd):>20}{span}"
        lines.append(row)
    return lines
