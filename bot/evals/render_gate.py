"""How the gate and the tuner read: text for a terminal, and JSON."""

import json
from dataclasses import asdict
from decimal import Decimal

from bot.evals.choosing import Finding, Judged
from bot.evals.evidence import Move
from bot.evals.gate import Decision, Gate
from bot.evals.render_report import TIERS, interval
from bot.evals.tune import Tuning
from bot.reports import printable
from router.types import Tier

SAID = {
    Decision.PASS: "PASS: the proposed policy may be used.",
    Decision.FAIL: "FAIL: the proposed policy makes answers worse.",
    Decision.THIN: "NOT ENOUGH EVIDENCE to say whether the proposed policy is as good.",
}
TRIED = "{tier}: {asked} questions asked, as good as the accepted answer in {share}, for ${usd:.4f}"
SHOWN, QUESTION_CHARS = 10, 80
NO_MOVE = "Every labelled question is answered by the same tier as now."
NO_CHANGE = "No change is proposed."
ONE_AT_A_TIME = "One change at a time: review the week that follows before the next."
FOUND = {
    Finding.BETTER: "more answers would be acceptable",
    Finding.CHEAPER: "cheaper, and as good within the tolerance",
    Finding.NO: "nothing to gain",
}
THIN = "not enough evidence: {missing} more reviews of {kind}"


def gate_json(gate: Gate) -> str:
    """Return a gate's verdict as one JSON object, with its fields."""
    return json.dumps(asdict(gate), indent=2, default=str)


def render_gate(gate: Gate) -> str:
    """Return a gate's verdict as text."""
    does = gate.effect
    now, low, high = gate.rate_now, max(0.0, gate.rate_now + does.low), min(1.0, gate.rate_now + does.high)
    acceptable = f"{now:>12.1%}{'':4}{now + does.gain:.1%} [{low:.1%}, {high:.1%}]" if gate.graded else f"{'not known':>12}"
    lines = [
        SAID[gate.decision],
        *(f"  - {problem}" for problem in gate.problems),
        "",
        f"{'':18}{'now':>12}{'proposed':>12}",
        *(f"{TIERS[tier.value]:<18}{gate.mix_before[tier]:>12.1%}{gate.mix_after[tier]:>12.1%}" for tier in Tier),
        f"{'1,000 answers':<18}{_usd(gate.usd_before):>12}{_usd(gate.usd_after):>12}",
        f"{'acceptable':<18}{acceptable}   ({gate.graded} graded answers)",
    ]
    if gate.escalated_before.of:
        first, then = gate.escalated_before, gate.escalated_after
        lines.append(f"of {first.of} escalated questions, {first.count} go to the frontier model at once now, {then.count} would")
    lines += [
        TRIED.format(tier=TIERS[one.tier], asked=one.asked, share=interval(one.as_good), usd=one.usd) for one in gate.trials if one.asked
    ]
    lines += ["", *(map(_move, does.moves) if does.moves else [NO_MOVE])]
    for one in gate.changed[:SHOWN]:
        question = printable(" ".join(one.question.split()))[:QUESTION_CHARS]
        lines.append(f"  {TIERS[one.before]:>14} → {TIERS[one.after]:<14} {one.id}  {question}")
    left = len(gate.changed) - SHOWN
    return "\n".join((*lines, *([f"  and {left} more: --json names all"] if left > 0 else [])))


def _move(move: Move) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in move.kinds)
    assumed = ", its usual rate; taken to be no worse" if move.assumed else ""
    will = f"{interval(move.will)} of {move.will.of}{assumed}" if move.will.of else "not known"
    return (
        f"{move.share.share:.1%} of the answers: {TIERS[move.before.value]} → {TIERS[move.after.value]} ({kinds}); "
        f"acceptable {interval(move.was)} of {move.was.of} → {will}"
    )


def _usd(usd: Decimal | None) -> str:
    return "unknown" if usd is None else f"${usd:.2f}"


def tuning_json(tuning: Tuning) -> str:
    """Return a tuning as one JSON object."""
    return json.dumps(
        {
            "graded": tuning.graded,
            "findings": [_fields(one) for one in tuning.findings],
            "without_effect": tuning.kept,
            "proposed": _fields(tuning.proposed) if tuning.proposed else None,
            "diff": tuning.diff,
            "flaggers": [asdict(one) for one in tuning.flaggers],
        },
        indent=2,
        default=str,
    )


def _fields(one: Judged) -> dict[str, object]:
    does = one.effect
    return {
        "key": one.candidate.key,
        "value": one.candidate.value,
        "finding": one.finding,
        "gain": does.gain,
        "low": does.low,
        "high": does.high,
        "surely": one.surely,
        "usd_per_answer": does.usd,
        "moves": [asdict(move) for move in does.moves],
        "missing_reviews": one.missing,
        "of_kind": one.kind or None,
    }


def render_tuning(tuning: Tuning) -> str:
    """Return a tuning as text."""
    lines = [f"{tuning.graded} graded answers", ""]
    lines += [_finding(one) for one in tuning.findings]
    lines += [f"{key:<30}no value changes who answers any labelled question" for key in tuning.kept]
    if tuning.flaggers:
        lines += ["", "who flags, and how often a flag of theirs that was reviewed is right"]
        lines += [f"  {one.user:<24}{one.flags:>4} flags, {interval(one.right)} of {one.right.of}" for one in tuning.flaggers[:10]]
    lines.append("")
    return "\n".join((*lines, *((ONE_AT_A_TIME, "", tuning.diff) if tuning.diff else (NO_CHANGE,))))


def _finding(one: Judged) -> str:
    does = one.effect
    said = THIN.format(missing=one.missing, kind=one.kind) if one.finding is Finding.THIN else FOUND[one.finding]
    cost = "" if does.usd is None else f", {does.usd * 1000:+.2f} $ per 1,000 answers"
    key = f"{one.candidate.key} = {one.candidate.value:g}"
    return f"{key:<30}{does.gain:+.1%} [{does.low:+.1%}, {does.high:+.1%}] acceptable{cost}: {said}"
