"""How advice reads: text for a terminal, and JSON."""

import json
from dataclasses import asdict

from bot.evals.advise import Advice, Advised, Option, Span
from bot.evals.render_report import interval

NAMES = {"routing": "route", "caching": "cache"}
SAID = {
    Advice.YES: "{do}: it saves {saving} a month.",
    Advice.NOT_YET: "do not {do} yet: it would save {saving} a month, and ${worth} is what it must be worth.{again}",
    Advice.UNCLEAR: "it is not clear whether to {do}: it would save {saving} a month, and ${worth} is what it must be worth.{again}",
}
AGAIN = " Look again at {volume:,} questions a day (now {now:,.0f})."
NEVER = " On this traffic it saves nothing at any volume."
THIN = "This is little to go by: {questions} questions on {days} days. Ask again after some weeks; what follows is a first sign."
WRONG = "  wrong answers   {wrong} more a month expected"
UNKNOWN = "  wrong answers   not known before answers are reviewed; each percent of them is {each:,.0f} a month"
SIMILARITY = "Which similarity to hold the cache to: `switchboard calibrate` on pairs of your own, then `switchboard eval tune` on reviews."


def advice_json(advised: Advised) -> str:
    """Return advice as one JSON object, with its fields."""
    return json.dumps(asdict(advised), indent=2, default=str)


def render_advice(advised: Advised) -> str:
    """Return advice as text."""
    terms, volume = advised.terms, advised.a_month
    days = f"{advised.questions:,} on {advised.days} days"
    tokens = f"{terms.tokens[0]:,} tokens in, {terms.tokens[1]:,} out, {'measured' if terms.measured else 'assumed'}"
    lines = [
        *(_said(option, advised) for option in advised.options),
        *([] if advised.enough else ["", THIN.format(questions=advised.questions, days=advised.days)]),
        "",
        f"volume            {volume.value:,.0f} questions a month [{volume.low:,.0f}, {volume.high:,.0f}] ({days})",
        f"clearly routine   {interval(advised.routine)}",
        f"clearly hard      {interval(advised.hard)}",
        f"in between        {interval(advised.between)}: the fewer, the more routing can tell",
        f"an answer         ${terms.frontier_usd:.5f} frontier, ${terms.small_usd:.5f} small ({tokens})",
        f"frontier alone    ${advised.frontier_usd:,.2f} a month",
        f"both together     save ${advised.both_usd:,.2f} a month",
    ]
    for option in advised.options:
        lines += ["", *_option(option)]
    return "\n".join((*lines, "", SIMILARITY))


def _said(option: Option, advised: Advised) -> str:
    again = NEVER if option.look_again is None else AGAIN.format(volume=option.look_again, now=advised.a_month.value / 30)
    said = SAID[option.advice].format(
        do=NAMES[option.name], saving=_dollars(option.saving_usd), worth=f"{advised.terms.worth_usd:,.0f}", again=again
    )
    return said[0].upper() + said[1:]


def _option(option: Option) -> list[str]:
    wrong = option.wrong
    return [
        f"{option.name}",
        f"  share           {interval(option.share)} of the questions",
        f"  saving          {_dollars(option.saving_usd)} a month, after ${option.overhead_usd:,.2f} of its own overhead",
        UNKNOWN.format(each=option.wrong_per_percent)
        if wrong is None
        else WRONG.format(wrong=f"{wrong.value:,.0f} [{wrong.low:,.0f}, {wrong.high:,.0f}]"),
    ]


def _dollars(span: Span) -> str:
    return f"${span.value:,.2f} [${span.low:,.2f}, ${span.high:,.2f}]"
