"""Find quantities with units, brought to one unit per dimension, and plain numbers (pure)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from router.entities.types import Entity, EntityType
from router.entities.units import FIXED, SCALE

_RATE = re.compile(r"([kmgt]?i?)(?:bps|bits?/s(?:ec)?|b/s|bit(?:s)?(?: per |p)s(?:ec(?:ond)?)?|bits?|be)")
_BYTE_RATE = re.compile(r"([kmgt]?i?)(?:bytes?/s(?:ec)?|bytes? per sec(?:ond)?|b/s)")
_VOLUME = re.compile(r"([kmgt]?i?)(?:b|bytes?)")
_UNITS = "|".join(sorted(map(re.escape, FIXED), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?<![\w./:@#])([+-]?\d{{1,15}}(?:[.,]\d{{1,9}})?)(\s?-?)("
    rf"[kmgt]i?b(?:it|yte)?s?(?:/s(?:ec)?|ps)?|[kmgt]bits? per sec(?:ond)?|bps|bits?/s|bytes?/s|bits?|bytes?|[kmgt]be?|"
    rf"[kmgt](?=base)|[kmgt]|{_UNITS})"
    rf"(?![\w]|[-.]\d)|(?<![\w./])(\d{{1,4}})([gm])base-?([a-z]+\d*)?"
)
_BARE_BYTES = re.compile(r"(?<![\w.-])[KMGTkmgt]?i?B(?:ps|/s)(?!\w)")
"""A unit of bytes per second without a number: only its capital tells it from bits, in which rates are given elsewhere."""
_LETTERS = {"k": "thousand", "t": "tera", "g": "bps", "m": "bps"}
"""What a lone letter after a number means; `m` only as a capital, small it is metres."""
_NEVER_APART = frozenset({"a", "f", "c", "d", "u", "be", "t", "k"})
"""Units that are words or names of their own after a blank."""
_NUMBER = re.compile(r"(?<![\w.])[+-]?\d{1,18}(?:[.,]\d{1,9})?(?:st|nd|rd|th)?(?![\w]|\.\d)")
_COUNTED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty"""
_TENS = {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100", "dozen": "12"}
_WORD_NUMBERS = {word: str(value) for value, word in enumerate(re.findall(r"\w+", _COUNTED))} | _TENS
_ORDINALS = {word: f"{value}." for value, word in enumerate(("first", "second", "third", "fourth", "fifth", "sixth"), 1)}
_WORDS = re.compile(
    rf"(?<![\w-])(?<!per )({'|'.join(sorted([*_WORD_NUMBERS, *_ORDINALS], key=len, reverse=True))})(?![\w-])(?:\s(gig|gigabit|"
    rf"meg|megabit|seconds?|minutes?|hours?|days?|weeks?|months?|years?)(?!\w))?"
)


def find_quantities(text: str, original: str) -> Iterator[Entity]:
    """Yield numbers with a unit. Only the `original` tells `MB/s` from `Mb/s`, and `50M` (a rate) from `50m` (metres)."""
    for match in _QUANTITY.finditer(text):
        if match[4]:
            yield Entity(EntityType.QUANTITY, _value(match[4], "1e9" if match[5] == "g" else "1e6", "bps"), match.start(), match.end(5))
            if match[6] and match[6][-1].isdigit():
                yield Entity(EntityType.NAME, match[6], *match.span(6))
            continue
        number, gap, unit = match[1], match[2], match[3]
        if gap.isspace() and unit in _NEVER_APART:
            continue
        measured = _measure(unit, original[match.start(3) : match.end(3)])
        if measured is not None:
            yield Entity(EntityType.QUANTITY, _value(number, *measured), *match.span())


def find_units(original: str) -> Iterator[Entity]:
    """Yield the units asked for by themselves that are not what their small letters say: `in MBps`."""
    for match in _BARE_BYTES.finditer(original):
        yield Entity(EntityType.QUANTITY, "bytes/s", *match.span())


def find_numbers(text: str) -> Iterator[Entity]:
    """Yield numbers without a unit: digits, ordinals, and words from two on (`one` is mostly no number)."""
    for match in _NUMBER.finditer(text):
        digits = match[0]
        ordinal = digits[-2:] in {"st", "nd", "rd", "th"}
        yield Entity(EntityType.NUMBER, f"{int(digits[:-2])}." if ordinal else _plain(digits), *match.span())
    for match in _WORDS.finditer(text):
        word, unit = match.groups()
        if unit and word in _WORD_NUMBERS:
            measured = _measure(unit, unit)
            if measured is not None:
                yield Entity(EntityType.QUANTITY, _value(_WORD_NUMBERS[word], *measured), *match.span())
        elif word not in {"one", "zero"}:
            yield Entity(EntityType.NUMBER, _WORD_NUMBERS.get(word) or _ORDINALS[word], *match.span(1))


def _measure(unit: str, written: str) -> tuple[str, str] | None:
    """Return the factor and the base unit; rates are in bit/s, volumes in bytes, times in seconds, lengths in metres."""
    if unit in _LETTERS and (unit != "m" or written.isupper()):
        return str(SCALE[unit]), _LETTERS[unit]
    if unit in FIXED:
        factor, base = FIXED[unit]
        return f"{factor:f}", base
    for pattern, base in _bits_or_bytes("B" in written or "byte" in unit, "/" in unit):
        if match := pattern.fullmatch(unit):
            return str(SCALE[match[1]]), base
    return None


def _bits_or_bytes(is_bytes: bool, is_rate: bool) -> tuple[tuple[re.Pattern[str], str], ...]:  # noqa: FBT001 (two facts of the notation)
    """Return the patterns to try: only a capital B or the word tells bytes from bits where both would fit."""
    if is_bytes and is_rate:
        return ((_BYTE_RATE, "bytes/s"),)
    return ((_RATE, "bps"), (_VOLUME, "bytes"))


def _value(number: str, factor: str, base: str) -> str:
    """Return `number` times `factor` in the base unit, without trailing zeros."""
    product = Decimal(number.replace(",", ".")) * Decimal(factor)
    return f"{product.normalize():f}{base}" if abs(product.adjusted()) < 30 else f"{product.normalize()}{base}"  # noqa: PLR2004 (digits)


def _plain(digits: str) -> str:
    if "," in digits and len(digits.rpartition(",")[2]) == 3:  # noqa: PLR2004 (a thousands separator)
        digits = digits.replace(",", "")
    return f"{Decimal(digits.replace(',', '.')).normalize():f}"
