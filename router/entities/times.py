"""Find times, dates and spans of time, absolute and relative, in one notation (pure)."""

import re
from collections.abc import Iterator

from router.entities.types import Entity, EntityType

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_SURE_MONTH = r"january|february|april|june|july|august|september|october|november|december"
_DAY = r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_SURE_DAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SPAN = r"hour|day|week|weekend|month|quarter|year|night|morning|afternoon|evening|shift|sprint|minute"
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|months?|years?)"
_RELATIVE = re.compile(
    rf"(?<![\w-])(?:(last|past|previous|prior|next|coming|upcoming|this|current)\s({_SPAN}|{_SURE_DAY}|{_SURE_MONTH})|(last|past|next|previous)\s(\d{{1,4}})\s?({_UNIT})"
    rf"|(today|yesterday|tomorrow|tonight|midnight|noon)|(?:on\s)?({_SURE_DAY})s?(?:\s(morning|afternoon|evening|night))?|(\d{{1,4}})\s?({_UNIT})\sago)(?:'s)?(?![\w-])"
)
_CLOCK = re.compile(
    r"(?<![\w:./-])(?:([01]?\d|2[0-4])[:.h]([0-5]\d)(?::([0-5]\d))?\s?(am|pm)?|(1[0-2]|0?[1-9])\s?(am|pm))(?:\s?(utc|cet|cest|gmt|z))?(?![\w:/]|\.\d)"
)
_ISO = re.compile(r"(?<![\w./-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?:t(\d\d):(\d\d)(?::\d\d)?z?)?(?![\w-])")
_NAMED = re.compile(
    rf"(?<![\w-])(?:(\d{{1,2}})(?:st|nd|rd|th)?\s?(?:of\s)?({_MONTH})|({_MONTH})\s(\d{{1,2}})(?:st|nd|rd|th)?|(?:in\s|since\s|until\s)?({_SURE_MONTH}))(?:\s((?:19|20)\d\d))?(?![\w-])"
)
_QUARTER = re.compile(r"(?<![\w-])(q[1-4])(?:\s?((?:19|20)\d\d))?(?![\w-])")
_YEAR = re.compile(r"(?:(?<=in )|(?<=since )|(?<=year )|(?<=of ))((?:19|20)\d\d)(?![\w./:-])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SAME = {"past": "last", "previous": "last", "prior": "last", "coming": "next", "upcoming": "next", "current": "this"}
_WHOLE = {"hour": "3600 s", "minute": "60 s"}
_NOON = 12


def find_times(text: str) -> Iterator[Entity]:
    """Yield times of day (24 h), dates, weekdays, and spans such as `last 24h`; what only means now is not a time."""
    for match in _RELATIVE.finditer(text):
        yield Entity(EntityType.TIME, _relative(match), *match.span())
    for match in _ISO.finditer(text):
        yield Entity(EntityType.TIME, match[0], *match.span())
    for match in _NAMED.finditer(text):
        day, month, month_first, day_last, month_alone, year = match.groups()
        named = _MONTHS.index((month or month_first or month_alone)[:3]) + 1
        value = f"{year or '----'}-{named:02d}-{int(day or day_last or 0):02d}"
        yield Entity(EntityType.TIME, value, *match.span())
    for match in _CLOCK.finditer(text):
        if match[2] and match[0][len(match[1])] == "." and not match[4]:
            continue  # 7.15 is a version or a number before it is a time
        yield Entity(EntityType.TIME, _clock(match), *match.span())
    for match in _QUARTER.finditer(text):
        yield Entity(EntityType.TIME, f"{match[2] or '----'}-{match[1]}", *match.span())
    for match in _YEAR.finditer(text):
        yield Entity(EntityType.TIME, match[1], *match.span())


def _relative(match: re.Match[str]) -> str:
    which, span, which_n, count, unit, word, day, part, ago, ago_unit = match.groups()
    if day:
        return f"{day[:3]} {part}" if part else day[:3]
    if ago:
        return f"{_seconds(ago, ago_unit)} ago"
    if count:
        return f"{_SAME.get(which_n, which_n)} {_seconds(count, unit)}"
    return word or _span(_SAME.get(which, which), span)


def _span(which: str, span: str) -> str:
    if (which, span) in {("this", "evening"), ("this", "night")}:
        return "tonight"
    if span in _WHOLE:
        return f"{which} {_WHOLE[span]}"
    return f"{which} {span[:3] if span.endswith('day') and span != 'day' else span}"


def _seconds(count: str, unit: str) -> str:
    if unit.startswith(("mo", "y")):
        return f"{int(count) * (12 if unit.startswith('y') else 1)} months"
    return f"{int(count) * _SECONDS[unit[0]]} s"


def _clock(match: re.Match[str]) -> str:
    hour, minute, second, half = int(match[1] or match[5]), match[2] or "00", match[3], match[4] or match[6]
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    zone = match[7] or ""
    return f"{hour:02d}:{minute}{':' + second if second else ''}{'z' if zone in {'utc', 'gmt', 'z'} else zone}"
