"""How plots look on a light page and on a dark one, and their drawing as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import vl_convert

from bot.types import Badge

Chart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.HConcatChart


@dataclass(frozen=True, slots=True)
class Look:
    """Colours: of the writing, of axes and grid, and of each badge; `all` is for answers of every tier together."""

    ink: str
    line: str
    all: str
    badges: Mapping[Badge, str]


LIGHT = Look(
    ink="#1b1f27",
    line="#d5d9e0",
    all="#444444",
    badges={Badge.CACHE: "#8a93a3", Badge.SMALL: "#1b7f4b", Badge.FRONTIER: "#2f63c8", Badge.BEST_EFFORT: "#d18a12"},
)
DARK = Look(
    ink="#e6e8ec",
    line="#3a404b",
    all="#c4cad6",
    badges={Badge.CACHE: "#8a93a3", Badge.SMALL: "#4fc483", Badge.FRONTIER: "#7ba2f7", Badge.BEST_EFFORT: "#f0b64a"},
)
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""Of one width, so that what is drawn here fits where it is shown."""


def svg(chart: Chart, look: Look) -> str:
    """Draw a chart over whatever background it stands on."""
    text = {"labelColor": look.ink, "titleColor": look.ink, "labelFontSize": 12, "titleFontSize": 12, "labelFont": FONT, "titleFont": FONT}
    lines = {"gridColor": look.line, "domainColor": look.line, "tickColor": look.line, "titleFontWeight": "normal"}
    config = {
        "background": "transparent",
        "padding": {"left": 16, "top": 4, "right": 16, "bottom": 4},  # for fonts that are wider than those named
        "axis": text | lines,
        "legend": text | {"orient": "top", "title": None, "symbolType": "square", "symbolOpacity": 1},
        "text": {"font": FONT},
        "view": {"stroke": None},
    }
    drawn: str = vl_convert.vegalite_to_svg(chart.to_json(), config=config)
    return drawn
