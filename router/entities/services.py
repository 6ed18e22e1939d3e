"""Find ports and the services that are known by name: `tcp/443`, `443/tcp`, `tcp port 443` and `https` are one (pure)."""

import re
from collections.abc import Iterator

from router.entities.tables import names
from router.entities.types import Entity, EntityType

_PROTO_FIRST = re.compile(
    r"(?<![\w-])(tcp|udp|sctp)(?:\s?[/:-]\s?|\s(?:ports?\s|dport\s|dst\s)?)(\d{1,5})(?:\s?-\s?(\d{1,5}))?(?![\w/]|\.\d)"
)
_PORT_FIRST = re.compile(r"(?<![\w./-])(?:ports?\s)?(\d{1,5})(?:-(\d{1,5}))?(?:\s?/\s?|\s\(?)(tcp|udp|sctp)(?!\w)\)?")
_PORT = re.compile(r"(?<![\w-])ports?(?:\snumber|\sno\.?)?[\s:#]{1,2}(\d{1,5})(?:\s?-\s?(\d{1,5}))?(?![\w/]|\.\d|\sto\s\d)")
_ABOUT_TRAFFIC = re.compile(
    r"(?<![\w-])(?:open|opens|opened|closed|allow\w*|permit\w*|den(?:y|ies|ied)|block\w*|drop\w*|firewalls?|fw|acls?|rules?|listen\w*|service|"
    r"forward\w*|nat\w*|reach\w*|policy|policies|security group|nsg|telnet to)(?![\w-])"
)
_LARGEST = 65535


def find_ports(text: str) -> Iterator[Entity]:
    """Yield ports with a protocol as `443/tcp`; a bare `port 22` becomes its service where the text is about traffic."""
    for match in _PROTO_FIRST.finditer(text):
        yield from _port(match, match[2], match[3], match[1])
    for match in _PORT_FIRST.finditer(text):
        yield from _port(match, match[1], match[2], match[3])
    bare = list(_PORT.finditer(text))
    traffic = bool(bare) and _ABOUT_TRAFFIC.search(text) is not None
    for match in bare:
        known = [proto for proto in ("tcp", "udp") if f"{int(match[1])}/{proto}" in _registered()]
        yield from _port(match, match[1], match[2], known[0] if traffic and len(known) == 1 else "")


def _registered() -> frozenset[str]:
    return frozenset(names("services").values())


def _port(match: re.Match[str], first: str, last: str | None, proto: str) -> Iterator[Entity]:
    if int(first) <= _LARGEST:
        number = f"{int(first)}-{int(last)}" if last else str(int(first))
        yield Entity(EntityType.PORT, f"{number}/{proto}" if proto else number, *match.span())
