"""Draws what happened day by day: answers by badge, and what was spent."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import altair as alt

from bot.plots_look import Look
from bot.types import Badge

WIDTH, HEIGHT = 540, 200
ACTUAL, FRONTIER_ALONE = "spent", "the frontier model alone"


def answers_by_day(days: Sequence[tuple[date, Badge, int]], look: Look) -> alt.Chart:
    """Draw the answers of each day, one part for each badge."""
    badges = list(Badge)
    rows = [{"day": day.isoformat(), "badge": badge.value, "order": badges.index(badge), "answers": count} for day, badge, count in days]
    colours = alt.Scale(domain=[badge.value for badge in badges], range=[look.badges[badge] for badge in badges])
    bars = alt.Chart(alt.InlineData(values=rows), width=WIDTH, height=HEIGHT).mark_bar()
    y = alt.Y("answers:Q", title="answers", axis=alt.Axis(tickMinStep=1, format=",d"))
    drawn: alt.Chart = bars.encode(x=_days(), y=y, color=alt.Color("badge:N", scale=colours), order=alt.Order("order:Q"))
    return drawn


def spending_by_day(days: Sequence[tuple[date, Decimal, Decimal]], look: Look) -> alt.LayerChart | alt.FacetChart:
    """Draw what was spent on each day, and as a line what the frontier model alone would have cost."""
    dollars = alt.Axis(format="$,.2~f", tickCount=5)
    scale = alt.Scale(domain=[ACTUAL, FRONTIER_ALONE], range=[look.badges[Badge.SMALL], look.badges[Badge.FRONTIER]])

    def base(what: str, amounts: Sequence[tuple[date, Decimal]]) -> alt.Chart:
        rows = [{"day": day.isoformat(), "what": what, "usd": float(usd)} for day, usd in amounts]
        y = alt.Y("usd:Q", title="US dollars", axis=dollars)
        return alt.Chart(alt.InlineData(values=rows)).encode(x=_days(), y=y, color=alt.Color("what:N", scale=scale))

    bars = base(ACTUAL, [(day, spent) for day, spent, _ in days]).mark_bar()
    line = base(FRONTIER_ALONE, [(day, alone) for day, _, alone in days]).mark_line(strokeWidth=2, point=True)
    return alt.layer(bars, line).properties(width=WIDTH, height=HEIGHT)


def _days() -> alt.X:
    return alt.X(
        "day:O",
        title=None,
        timeUnit="utcyearmonthdate",
        axis=alt.Axis(format="%d %b", labelAngle=0, labelOverlap="greedy", labelSeparation=8),
    )
