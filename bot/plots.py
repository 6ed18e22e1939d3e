"""Draws what the reports tell. The only home of the plotting library, which takes a second to import."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import altair as alt

from bot.calibrate import Calibration, Curve
from bot.evals.estimate import Estimate
from bot.evals.render_report import TIERS
from bot.evals.report import Report
from bot.intervals import Rate

HITS, FALSE_HITS = "equivalents kept (hits)", "near misses served (false hits)"
GREEN, RED, GREY = "#1b7f4b", "#c0392b", "#444444"
TIER_COLORS = {"Cache": "#7a5195", "Small model": "#1b7f4b", "Frontier model": "#1f5fa8", "all answers": GREY}
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
    cells = [_rated(cell.kind, TIERS[cell.tier.value], cell.acceptable) for cell in report.cells if cell.acceptable.of]
    tiers = [_rated(TIERS[part.name], TIERS[part.name], part.acceptable) for part in report.tiers if part.acceptable.of]
    weeks = [_rated(part.name, "all answers", part.acceptable) for part in report.by_week if part.acceptable.of]
    panels = alt.hconcat(
        _rates("by tier", tiers), _rates("by kind and tier", cells, beside=True), _rates("by week", weeks), title=title, spacing=24
    )
    out = BytesIO()
    styled = panels.configure_legend(orient="bottom", title=None, labelFontSize=12).configure_axis(labelFontSize=12, titleFontSize=12)
    styled.save(out, format="png", scale_factor=SCALE)
    return out.getvalue()


def write_report(report: Report, file: Path) -> None:
    """Write what `draw_report` draws. Raises OSError."""
    file.write_bytes(draw_report(report))


def _rated(name: str, tier: str, shown: Estimate) -> dict[str, float | str]:
    return {"name": name, "tier": tier, "share": shown.share, "low": shown.low, "high": shown.high, "n": f"n={shown.of}"}


def _rates(title: str, rows: Sequence[dict[str, float | str]], *, beside: bool = False) -> alt.LayerChart | alt.FacetChart:
    """Draw rates as points with their intervals, a row for each name; `beside`: and in it one for each tier."""
    names = list(dict.fromkeys(str(row["name"]) for row in rows))
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=alt.Y("name:N", title=None, sort=names),
        color=alt.Color("tier:N", scale=alt.Scale(domain=list(TIER_COLORS), range=list(TIER_COLORS.values()))),
    )
    base = base.encode(yOffset=alt.YOffset("tier:N", sort=list(TIER_COLORS))) if beside else base
    scale = alt.Scale(domain=[0, 1])
    bars = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        x=alt.X("low:Q", scale=scale, axis=alt.Axis(format="%", title="acceptable")), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("share:Q", scale=scale))
    counts = base.mark_text(dy=-10, fontSize=10).encode(x=alt.X("share:Q", scale=scale), text="n:N")
    return alt.layer(bars, points, counts).properties(title=title, width=240, height=alt.Step(22 if beside else 48))


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
