"""Find IPv4 and IPv6 addresses, prefixes, masks and ranges, and MAC addresses, in every notation (pure)."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from router.entities.types import Entity, EntityType

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V4 = re.compile(
    rf"(?<![\w.])({_IPV4})"
    rf"(?:/(\d{{1,2}})(?!\d)|/({_IPV4})|,?\s+(?:with\s+)?(?:(?:sub)?net\s?mask|mask|wildcard|inverse)(?:\s+of)?\s+({_IPV4}|/\d{{1,2}})|"
    rf"\s+((?:255|0)\.\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}})|\s?-\s?({_IPV4}|\d{{1,3}})(?![\d./])|:(\d{{1,5}}))?(?!\w|\.\d)"
)
_SHORT = re.compile(rf"(?<![\w./])({_OCTET}(?:\.{_OCTET}){{1,2}}|10)/(\d{{1,2}})(?![\w/]|\.\d)")
_SLASH = re.compile(r"(?<![\w/.)])/(\d{1,3})(?:'?s)?(?![\w/]|\.\d)")
_V6 = re.compile(r"(?<![\w:.])((?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{0,4}|\d{1,3}(?:\.\d{1,3}){3}))(?:%\w+)?(?:/(\d{1,3}))?(?![\w])")
_MAC = re.compile(r"(?<![\w:.-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}([.-])[0-9a-f]{4}\2[0-9a-f]{4})(?![\w:.-])")
_BITS = 32
_BITS6 = 128
_OCTETS = 4


def find_macs(text: str) -> Iterator[Entity]:
    """Yield MAC addresses as twelve hexadecimal digits."""
    for match in _MAC.finditer(text):
        yield Entity(EntityType.MAC, re.sub(r"[^0-9a-f]", "", match[0]), *match.span())


def find_ipv6(text: str) -> Iterator[Entity]:
    """Yield IPv6 addresses and prefixes, compressed as RFC 5952 has it."""
    for match in _V6.finditer(text):
        written = match[1]
        if not match[2] and written.endswith(":") and not written.endswith("::"):
            written = written[:-1]
        try:
            address = IPv6Address(written).compressed
        except AddressValueError:
            continue
        if not match[2]:
            if written != "::":
                yield Entity(EntityType.ADDRESS, address, match.start(), match.start() + len(written))
        elif int(match[2]) <= _BITS6:
            yield Entity(EntityType.PREFIX, f"{address}/{int(match[2])}", *match.span())


def find_ipv4(text: str) -> Iterator[Entity]:
    """Yield IPv4 addresses, prefixes (with a length, a mask or a wildcard), ranges, and the port of `address:port`."""
    for match in _V4.finditer(text):
        address, length, *masks, far, port = match.groups()
        if length and int(length) <= _BITS:
            yield Entity(EntityType.PREFIX, f"{address}/{int(length)}", *match.span())
        elif any(masks):
            yield from _with_mask(match, next(mask for mask in masks if mask))
        elif far:
            last = far if "." in far else f"{address.rsplit('.', 1)[0]}.{far}"
            yield Entity(EntityType.RANGE, f"{address}-{last}", *match.span())
        else:
            yield _alone(match)
            if port:
                yield Entity(EntityType.PORT, str(int(port)), *match.span(7))
    for match in _SHORT.finditer(text):
        if int(match[2]) <= _BITS:
            octets = [*match[1].split("."), "0", "0", "0"][:_OCTETS]
            yield Entity(EntityType.PREFIX, f"{'.'.join(octets)}/{int(match[2])}", *match.span())


def find_masks(text: str) -> Iterator[Entity]:
    """Yield prefix lengths that stand alone, such as `/24`."""
    for match in _SLASH.finditer(text):
        if int(match[1]) <= _BITS6:
            yield Entity(EntityType.MASK, f"/{int(match[1])}", *match.span())


def _alone(match: re.Match[str]) -> Entity:
    """Return an address, or the mask that it can only be."""
    length = mask_length(match[1])
    if length is not None and match[1].startswith("255."):
        return Entity(EntityType.MASK, f"/{length}", *match.span(1))
    return Entity(EntityType.ADDRESS, match[1], *match.span(1))


def _with_mask(match: re.Match[str], mask: str) -> Iterator[Entity]:
    length = int(mask[1:]) if mask.startswith("/") else mask_length(mask)
    if length is not None and length <= _BITS:
        yield Entity(EntityType.PREFIX, f"{match[1]}/{length}", *match.span())
        return
    yield Entity(EntityType.ADDRESS, match[1], *match.span(1))
    where = match.start() + match[0].rindex(mask)
    yield Entity(EntityType.ADDRESS, mask, where, where + len(mask))


def mask_length(mask: str) -> int | None:
    """Return the prefix length of a dotted netmask or wildcard mask, None when its bits are not contiguous."""
    octets = [int(octet) for octet in mask.split(".")]
    if max(octets) > 255:  # noqa: PLR2004 (an octet)
        return None
    bits = int.from_bytes(bytes(octets))
    full = (1 << _BITS) - 1
    host = bits if octets[0] == 0 and bits else full ^ bits
    return _BITS - host.bit_length() if host & (host + 1) == 0 else None
