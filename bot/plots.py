"""Draws what the reports tell. The plotting library, whose home is here and in the modules beside, takes a second to import."""

import math
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import altair as alt

from bot.calibrate import Calibration, Curve
from bot.evals.estimate import Estimate
from bot.evals.render_report import TIERS
from bot.evals.report import Report
from bot.intervals import Rate
from bot.plots_look import LIGHT, Look
from bot.sketches import Panel
from bot.types import Badge

HITS, FALSE_HITS = "equivalents kept (hits)", "near misses served (false hits)"
GREEN, RED, GREY = "#1b7f4b", "#c0392b", "#444444"
ALL = TIERS["all"]
NOTHING_YET = "nothing is reviewed yet"
WIDTH, HEIGHT, SCALE = 420, 340, 2


def write_calibration(calibration: Calibration, file: Path) -> None:
    """Draw both curves of a calibration over the threshold, with their intervals as bands, as a PNG. Raises OSError."""
    guard = _panel(calibration.guard, calibration.in_use)
    title = alt.TitleParams(
        f"{calibration.embedder}: what a similarity threshold keeps and lets through",
        subtitle=f"{calibration.equivalents} equivalents, {calibration.near_misses} near misses; bands are 95% Wilson intervals",
        anchor="start",
        offset=14,
    )
    chart = alt.hconcat(guard, _panel(calibration.cosine, None), title=title, spacing=30)
    styled = chart.configure_legend(orient="bottom", title=None, labelLimit=300, labelFontSize=12, symbolOpacity=1)
    with file.open("wb") as out:
        styled.configure_axis(labelFontSize=11, titleFontSize=12).save(out, format="png", scale_factor=SCALE)


def draw_report(report: Report) -> bytes:
    """Draw the acceptable rates by tier, by kind and by week, with their intervals, as a PNG."""
    weeks_shown = ", ".join(report.weeks) or "no week yet"
    title = alt.TitleParams(
        "How many answers are acceptable",
        subtitle=f"{weeks_shown}: {report.graded} of {report.sampled} sampled answers reviewed; bars are 95% intervals",
        anchor="start",
        offset=14,
    )
    panels = alt.hconcat(*(report_panel(report, panel, LIGHT).properties(title=panel.value) for panel in Panel), title=title, spacing=24)
    panels = panels.resolve_scale(color="independent")
    out = BytesIO()
    styled = panels.configure_legend(orient="bottom", title=None, labelFontSize=12).configure_axis(labelFontSize=12, titleFontSize=12)
    styled.save(out, format="png", scale_factor=SCALE)
    return out.getvalue()


def report_panel(report: Report, panel: Panel, look: Look) -> alt.LayerChart | alt.FacetChart:
    """Draw the rates of one panel."""
    if panel is Panel.TIERS:
        rows = [_rated(TIERS[part.name], TIERS[part.name], part.acceptable) for part in report.tiers if part.acceptable.of]
    elif panel is Panel.KINDS:
        rows = [_rated(cell.kind, TIERS[cell.tier.value], cell.acceptable) for cell in report.cells if cell.acceptable.of]
    else:
        rows = [_rated(part.name, ALL, part.acceptable) for part in report.by_week if part.acceptable.of]
    return _rates(rows, look, beside=panel is Panel.KINDS)


def write_report(report: Report, file: Path) -> None:
    """Write what `draw_report` draws. Raises OSError."""
    file.write_bytes(draw_report(report))


def _rated(name: str, tier: str, shown: Estimate) -> dict[str, float | str]:
    return {"name": name, "tier": tier, "share": shown.share, "low": shown.low, "high": shown.high, "n": f"n={shown.of}"}


def _rates(rows: Sequence[dict[str, float | str]], look: Look, *, beside: bool) -> alt.LayerChart | alt.FacetChart:
    """Draw rates as points with their intervals, a row for each name; `beside`: and in it one for each tier."""
    if not rows:
        nothing = alt.Chart(alt.InlineData(values=[{}]), width=240, height=48).mark_text(text=NOTHING_YET, color=look.ink, fontSize=12)
        return alt.layer(nothing)
    names, tiers = (list(dict.fromkeys(str(row[key]) for row in rows)) for key in ("name", "tier"))
    colours = {badge.value: look.badges[badge] for badge in Badge} | {ALL: look.all}
    scale = alt.Scale(domain=tiers, range=[colours[tier] for tier in tiers])
    legend = alt.Legend(title=None, orient="bottom") if beside else None
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=alt.Y("name:N", title=None, sort=names), color=alt.Color("tier:N", scale=scale, legend=legend)
    )
    base = base.encode(yOffset=alt.YOffset("tier:N", sort=tiers)) if beside else base
    lowest = min((float(row["low"]) for row in rows), default=0.0)
    x = alt.Scale(domain=[math.floor(lowest * 10) / 10, 1])
    bars = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        x=alt.X("low:Q", scale=x, axis=alt.Axis(format="%", title="acceptable", tickCount=5)), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("share:Q", scale=x))
    counts = base.mark_text(dy=-10, fontSize=10).encode(x=alt.X("share:Q", scale=x), text="n:N")
    return alt.layer(bars, points, counts).properties(width=240, height=alt.Step(22 if beside else 48))


def _panel(curve: Curve, in_use: float | None) -> alt.LayerChart | alt.FacetChart:
    rows = [_row(point.threshold, HITS, point.hits) for point in curve.points]
    rows += [_row(point.threshold, FALSE_HITS, point.false_hits) for point in curve.points]
    axis = alt.Axis(format="%", title="share of the pairs of that kind")
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("threshold:Q", title="similarity threshold (cosine)", scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("what:N", scale=alt.Scale(domain=[HITS, FALSE_HITS], range=[GREEN, RED])),
    )
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", axis=axis, scale=alt.Scale(domain=[0, 1])), y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y=alt.Y("share:Q", axis=axis))
    marks = _marked(curve.recommended, "lowest safe", 0.90) + _marked(in_use, "in use", 0.97)
    return alt.layer(band, line, *marks).properties(title=curve.name, width=WIDTH, height=HEIGHT)


def _row(threshold: float, what: str, shown: Rate) -> dict[str, float | str]:
    return {"threshold": threshold, "what": what, "share": shown.share, "low": shown.low, "high": shown.high}


def _marked(threshold: float | None, said: str, height: float) -> list[alt.Chart]:
    """Return an upright line at a threshold with its name beside it, on the side that has room."""
    if threshold is None:
        return []
    base = alt.Chart(alt.InlineData(values=[{"threshold": threshold, "height": height, "said": f"{said}: {threshold:.2f}"}]))
    rule = base.mark_rule(strokeDash=[4, 3], color=GREY).encode(x="threshold:Q")
    right = threshold > 0.7  # noqa: PLR2004 (where a label of this size would leave the panel)
    text = base.mark_text(align="right" if right else "left", dx=-5 if right else 5, color=GREY, fontSize=12)
    return [rule, text.encode(x="threshold:Q", y="height:Q", text="said:N")]
