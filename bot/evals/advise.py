"""Should you route, should you cache? What either would save a month on this traffic, against what it costs (pure)."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from statistics import fmean, stdev

from bot.evals.report import Report
from bot.intervals import Z95, Rate, rate
from router.types import Tier

DAYS = 30
"""Of a month."""
CLEAR = 2
"""From this leaning on a question is clearly routine, and from its negative clearly hard."""
FEW_DAYS, FEW_QUESTIONS = 3, 100
GRADED = 30
"""Graded answers of a tier, from which its rate counts."""


class Advice(StrEnum):
    """What is advised."""

    YES = "yes"
    NOT_YET = "not yet"
    UNCLEAR = "unclear"
    """The interval of the saving holds both."""


@dataclass(frozen=True, slots=True)
class Span:
    """A figure, surely between `low` and `high`."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> "Span":
        """Return the span of a multiple."""
        return Span(self.value * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Questions as they would be answered: when each was asked, how it leans, and who answers it with routing and cache on.

    `routed` is who would without a cache. `false_hits` counts hits that are known to be wrong, of those whose truth is known,
    and `under_routed` hard questions that the small model would get, of the labelled ones that it would get.
    """

    at: tuple[datetime, ...]
    leanings: tuple[int, ...]
    routed: tuple[Tier, ...]
    served: tuple[Tier, ...]
    false_hits: Rate
    under_routed: Rate


@dataclass(frozen=True, slots=True)
class Terms:
    """What an answer of either model costs, which share of hits is audited, and how much a month's saving must be worth."""

    small_usd: Decimal
    frontier_usd: Decimal
    audited: float
    worth_usd: Decimal
    tokens: tuple[int, int]
    """Prompt and completion of an answer."""
    measured: bool
    """Whether the tokens are those of real answers."""


@dataclass(frozen=True, slots=True)
class Option:
    """Routing or caching: the share of questions that it takes from the frontier model, and what that does in a month.

    `overhead_usd` is taken off the saving. `look_again` is the volume a day from which the saving is worth it, None for never.
    `wrong` is how many wrong answers more a month are expected, None while nobody graded enough; `wrong_per_percent` how many
    each percent of wrong ones among its answers is.
    """

    name: str
    share: Rate
    saving_usd: Span
    overhead_usd: float
    wrong: Span | None
    wrong_per_percent: float
    advice: Advice
    look_again: int | None


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice on a traffic. `routine`, `hard` and `between` are how its questions lean; `both_usd` is what both save together."""

    questions: int
    days: int
    a_month: Span
    enough: bool
    routine: Rate
    hard: Rate
    between: Rate
    frontier_usd: float
    options: tuple[Option, ...]
    both_usd: float
    terms: Terms


def advise(traffic: Traffic, terms: Terms, report: Report | None, escalated: Rate) -> Advised:
    """Return the advice. `report` is what reviewers found, where there are reviews; `escalated` how often the small model is not enough."""
    count = len(traffic.at)
    volume = _volume(traffic.at)
    leaning = Counter("routine" if one >= CLEAR else "hard" if one <= -CLEAR else "between" for one in traffic.leanings)
    days = len({one.date() for one in traffic.at})
    routing = _routing(traffic, terms, volume, report, escalated)
    caching = _caching(traffic, terms, volume, report)
    mix = Counter(traffic.served)
    costs = {Tier.CACHE: terms.frontier_usd * Decimal(terms.audited), Tier.SMALL: terms.small_usd, Tier.FRONTIER: terms.frontier_usd}
    spent = sum((costs[tier] * mix[tier] for tier in Tier), Decimal(0))
    return Advised(
        questions=count,
        days=days,
        a_month=volume,
        enough=days >= FEW_DAYS and count >= FEW_QUESTIONS,
        routine=rate(leaning["routine"], count),
        hard=rate(leaning["hard"], count),
        between=rate(leaning["between"], count),
        frontier_usd=volume.value * float(terms.frontier_usd),
        options=(routing, caching),
        both_usd=volume.value * float(terms.frontier_usd - spent / max(count, 1)) - routing.overhead_usd,
        terms=terms,
    )


def _routing(traffic: Traffic, terms: Terms, volume: Span, report: Report | None, escalated: Rate) -> Option:
    share = rate(sum(tier is Tier.SMALL for tier in traffic.routed), len(traffic.routed))
    each = float(terms.frontier_usd - terms.small_usd)
    overhead = escalated.share * float(terms.frontier_usd)
    option = _option("routing", share, (each, overhead), volume, float(terms.worth_usd))
    return _with_wrong(option, _lost(report, traffic.under_routed))


def _caching(traffic: Traffic, terms: Terms, volume: Span, report: Report | None) -> Option:
    share = rate(sum(tier is Tier.CACHE for tier in traffic.served), len(traffic.served))
    each = float(terms.frontier_usd)
    false = report.false_hits if report and report.false_hits.of else traffic.false_hits
    wrong = Span(false.share, false.low, false.high) if false.of else None
    return _with_wrong(_option("caching", share, (each, each * terms.audited), volume, float(terms.worth_usd)), wrong)


def _option(name: str, share: Rate, each: tuple[float, float], volume: Span, worth: float) -> Option:
    """Work out what taking a share of the questions saves; `each` is what one saves and what overhead it brings."""
    net = each[0] - each[1]
    saving = Span(volume.value * share.share * net, volume.low * share.low * net, volume.high * share.high * net)
    advice = Advice.YES if saving.low >= worth else Advice.NOT_YET if saving.high < worth else Advice.UNCLEAR
    taken = volume.value * share.share
    return Option(
        name=name,
        share=share,
        saving_usd=saving,
        overhead_usd=taken * each[1],
        wrong=None,
        wrong_per_percent=taken / 100,
        advice=advice,
        look_again=math.ceil(worth / (share.share * net) / DAYS) if share.share * net > 0 else None,
    )


def _with_wrong(option: Option, wrong: Span | None) -> Option:
    """Return an option with how many of its answers are wrong, where the share of such is known."""
    return replace(option, wrong=wrong.times(option.wrong_per_percent * 100)) if wrong else option


def _lost(report: Report | None, under_routed: Rate) -> Span | None:
    """Return how much worse the small model answers: by reviews of both, else by labels, else None."""
    rates: Mapping[str, Span] = {
        part.name: Span(part.acceptable.share, part.acceptable.low, part.acceptable.high)
        for part in (report.tiers if report else ())
        if part.acceptable.of >= GRADED
    }
    small, frontier = rates.get(Tier.SMALL.value), rates.get(Tier.FRONTIER.value)
    if small and frontier:
        return Span(max(0.0, frontier.value - small.value), max(0.0, frontier.low - small.high), max(0.0, frontier.high - small.low))
    return Span(under_routed.share, under_routed.low, under_routed.high) if under_routed.of else None


def _volume(at: Sequence[datetime]) -> Span:
    """Return the questions a month from those of whole days, with the interval that their spread allows (no less than chance alone)."""
    if not at:
        return Span(0.0, 0.0, 0.0)
    first, last = min(at).date(), max(at).date()
    counts: Counter[date] = Counter(one.date() for one in at)
    daily = [counts[date.fromordinal(day)] for day in range(first.toordinal(), last.toordinal() + 1)]
    mean = fmean(daily)
    spread = max(stdev(daily) if len(daily) > 1 else 0.0, math.sqrt(mean))
    margin = Z95 * spread / math.sqrt(len(daily))
    return Span(mean, max(0.0, mean - margin), mean + margin).times(DAYS)
