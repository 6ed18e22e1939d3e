"""Find what networks number: VLANs, VNIs, VRFs, AS numbers, communities and route distinguishers (pure)."""

import re
from collections.abc import Iterator

from router.entities.tables import wordset
from router.entities.types import Entity, EntityType

_VLAN = re.compile(
    r"(?<![\w-])(?:vlans?|vl)(?:[\s-]*(?:ids?|tags?|number|nr|no\.?|#|:))?[\s-]*"
    r"(\d{1,4}(?:\s?-\s?\d{1,4})?(?:(?:\s?,\s?(?:and |or )?|\s?&\s?|\s(?:and|or|to|from|"
    r"into)\s(?:vlan\s)?)\d{1,4}(?:\s?-\s?\d{1,4})?){0,40})(?![\w/]|\.\d|:\d)"
)
_NUMBERS = re.compile(r"\d+(?:\s?-\s?\d+)?")
_AGAIN = "vlan "
_VNI = re.compile(r"(?<![\w-])(?:l[23]\s?)?(?:vnis?|vnid|vxlan(?:\s(?:id|segment))?)[\s:#-]*(\d{2,8})(?![\w/]|\.\d)")
_ASN = re.compile(
    r"(?<![\w-])(?:asn?|autonomous system(?: number)?)(?:\s(?:number|no\.?|nr))?([\s#:-]?\s?)(\d{1,10}(?:\.\d{1,5})?)(?![\w/]|:\d|\.\d|-\d)"
)
_BARE_ASN = re.compile(
    r"(?<![\w./:,+-])(6449[6-9]|64[5-9]\d\d|65[0-4]\d\d|655[0-4]\d|6555[01]|42\d{8})(?![\w:%/]|[.,]\d|-\d|\s?(?:routes|prefixes|bytes|entries|macs|hosts|packets|users|customers|kbps|mbps|mbit|sessions|ms|seconds|s)\b)"
)
_COMMUNITY = re.compile(r"(?<![\w:.])(?:target:|rt:?\s?|rd:?\s?)?(\d{1,10}:\d{1,10}(?::\d{1,10})?)(?![\w:]|\.\d)")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?")
_VRF = re.compile(
    r"(?<![\w-])(?:vrfs?|routing[- ]instance|vprn|virtual router)(?:\s(?:instance|named?|called)|\s?[:=])?\s[\"']?([a-z0-9][\w-]{0,40})"
)
_VRF_AFTER = re.compile(r"(?<![\w-])([a-z0-9][\w-]{0,40})\s(?:vrf|routing[- ]instance)(?![\w-])")
_ASKED = re.compile(r"\b(?:which|what|whose|a|any|each|every|many)\s$")
"""Before `vrf`: what follows it is no name."""
_NO_VRF = wordset("""
    is are was on in at of for for to from and or the a an has have with without that which do does use uses we i you it leak
    leaking route routes routing table tables config configuration name names instance lite aware definition import export target
    targets rd rt can not should where what how why who when exist exists per between into via by as be this our your my its
    interface interfaces design mode membership only if up down there mapping list all each every default-route member members
""")
_DOTTED = 65536


def find_vlans(text: str) -> Iterator[Entity]:
    """Yield one entity for each VLAN of `vlan 20`, `vl 20`, `vlans 10, 20 and 30-35`; the first covers the word too."""
    for match in _VLAN.finditer(text):
        start = match.start()
        for number in _NUMBERS.finditer(text, match.start(1), match.end(1)):
            value = "-".join(str(int(part)) for part in number[0].split("-"))
            again = number.start() - len(_AGAIN) if text.startswith(_AGAIN, number.start() - len(_AGAIN)) else number.start()
            yield Entity(EntityType.VLAN, value, start if start >= 0 else again, number.end())
            start = -1


def find_vnis(text: str) -> Iterator[Entity]:
    """Yield VXLAN network identifiers."""
    for match in _VNI.finditer(text):
        yield Entity(EntityType.VNI, str(int(match[1])), *match.span())


def find_asns(text: str) -> Iterator[Entity]:
    """Yield AS numbers as plain numbers, from asplain and asdot (RFC 5396), and bare ones of the private and documentation ranges."""
    for match in _ASN.finditer(text):
        gap, number = match.groups()
        if gap.isspace() and len(number) < 3 and "." not in number:  # noqa: PLR2004 ("as 5" is English)
            continue
        high, _, low = number.partition(".")
        yield Entity(EntityType.ASN, str(int(high) * _DOTTED + int(low)) if low else str(int(high)), *match.span())
    for match in _BARE_ASN.finditer(text):
        yield Entity(EntityType.ASN, match[1], *match.span())


def find_communities(text: str) -> Iterator[Entity]:
    """Yield communities, large communities, route targets and distinguishers: numbers with a colon that are no time of day."""
    for match in _COMMUNITY.finditer(text):
        if not _CLOCK.fullmatch(match[1]):
            yield Entity(EntityType.COMMUNITY, ":".join(str(int(part)) for part in match[1].split(":")), *match.span(1))


def find_vrfs(text: str, original: str) -> Iterator[Entity]:
    """Yield VRFs by the name after the word, or before it when `original` writes the name in capitals or with a digit."""
    for match in _VRF.finditer(text):
        if match[1] not in _NO_VRF and not _ASKED.search(text, max(0, match.start() - 12), match.start()):
            yield Entity(EntityType.VRF, match[1], match.start(), match.end(1))
    for match in _VRF_AFTER.finditer(text):
        written = original[match.start(1) : match.end(1)]
        if written.isupper() or any(char.isdigit() for char in written):
            yield Entity(EntityType.VRF, match[1], *match.span())
