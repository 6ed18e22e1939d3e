"""Draws what the reports tell. The only home of the plotting library, which takes a second to import."""

from pathlib import Path

import altair as alt

from bot.calibrate import Calibration, Curve
from bot.intervals import Rate

HITS, FALSE_HITS = "equivalents kept (hits)", "near misses served (false hits)"
GREEN, RED, GREY = "#1b7f4b", "#c0392b", "#444444"
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
