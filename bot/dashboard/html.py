"""Renders the templates: everything that comes from people or models is escaped, and a missing value is an error."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evals.estimate import Estimate
from bot.evals.render_report import TIERS
from bot.intervals import Rate
from bot.types import Badge, FlagReason
from bot.wording import OUTCOMES, REASONS, dollars, seconds
from router.types import CostSource

TEMPLATES = Path(__file__).with_name("templates")
TONES = {Badge.CACHE: "cache", Badge.SMALL: "small", Badge.FRONTIER: "frontier", Badge.BEST_EFFORT: "best-effort"}
"""The class of a badge in the stylesheet."""
NEVER = "never"
MINUTE, HOUR, DAY = 60, 3600, 86400

NO_REASON = "no reason given"


class Pages:
    """The templates. `view` is a page's own value, `frame` is what every page shows around it."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters.update(FILTERS)

    def page(self, template: str, view: object, frame: object, *, status: int = 200) -> web.Response:
        """Render a page."""
        text = self._templates.get_template(template).render(view=view, frame=frame)
        return web.Response(text=text, content_type="text/html", charset="utf-8", status=status)


def _count(number: int) -> str:
    return f"{number:,}"


def percent(share: float) -> str:
    """Return a share in percent, with a digit after the point where a whole percent would say too little."""
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"  # noqa: PLR2004 (below a tenth)


def interval(shown: Rate | Estimate) -> str:
    """Return the interval of a rate, such as `3.1% to 8.0%`."""
    return f"{percent(shown.low)} to {percent(shown.high)}"


def usd(value: Decimal | None) -> str:
    """Return US dollars; what nobody knows is said."""
    return dollars(value, CostSource.UNKNOWN if value is None else CostSource.REPORTED)


def when(at: datetime | None) -> str:
    """Return a moment in UTC, to the minute."""
    return NEVER if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _day(day: date) -> str:
    return f"{day:%a %d %b}"


def span(seconds: float) -> str:
    """Return a duration in its greatest unit, such as `3 h`."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"


def ms(milliseconds: int) -> str:
    """Return milliseconds as people read them."""
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds} ms"  # noqa: PLR2004 (a second)


def _part(name: str) -> str:
    """Return what a report calls a part of the answers: a tier by its badge, a kind or a week as it is."""
    return TIERS.get(name, name)


def _reason(reason: FlagReason | None) -> str:
    return REASONS[reason] if reason else NO_REASON


FILTERS: Mapping[str, Callable[..., object]] = {
    "count": _count,
    "day": _day,
    "interval": interval,
    "ms": ms,
    "part": _part,
    "outcome": OUTCOMES.__getitem__,
    "percent": percent,
    "reason": _reason,
    "seconds": seconds,
    "span": span,
    "tone": TONES.__getitem__,
    "usd": usd,
    "when": when,
}
