"""Find interfaces in every vendor's spelling, and bring them to one (pure)."""

import re
from collections.abc import Iterator

from router.entities.types import Entity, EntityType

_PHYSICAL = {
    "gi": "gigabitethernet|gigabitether|gigabit|gigethernet|gige|gig|gi|g",
    "te": "tengigabitethernet|tengigethernet|tengige|tengig|ten|te",
    "twe": "twentyfivegigabitethernet|twentyfivegige|twentyfivegig|twe|tf",
    "fo": "fortygigabitethernet|fortygige|fortygig|forty|fo",
    "hu": "hundredgigabitethernet|hundredgige|hundredgig|hundred|hu",
    "fh": "fourhundredgigabitethernet|fourhundredgige|fourhundredgig|fh",
    "fa": "fastethernet|fasteth|fa",
    "eth": "ethernet|ether|eth|e",
    "se": "serial|ser|se",
    "xe": "xe",
    "ge": "ge",
    "et": "et",
    "fe": "fe",
    "so": "so",
    "twogi": "twogigabitethernet|tw",
    "mgmteth": "mgmteth",
}
"""Ports with a slot and a number; Cisco's own abbreviations and those of Arista, Juniper, Huawei and Nokia."""

_LOGICAL = {
    "po": "port-channel|portchannel|port channel|po",
    "be": "bundle-ether|bundle ether|bundleether|be",
    "ae": "ae|aggregated ethernet",
    "lag": "lag",
    "lo": "loopback|lo",
    "tu": "tunnel|tun|tu",
    "irb": "irb",
    "bvi": "bvi",
    "bdi": "bdi",
    "nve": "nve",
    "mgmt": "mgmt|ma",
    "em": "em",
    "fxp": "fxp",
    "reth": "reth",
    "vti": "vti",
    "swp": "swp",
    "bond": "bond",
    "eth": "eth|ens|eno",
    "wan": "wan",
    "trk": "trk",
}
"""Interfaces with one number."""


def _names(table: dict[str, str]) -> str:
    return "|".join(sorted((spelling for group in table.values() for spelling in group.split("|")), key=len, reverse=True))


_CANON_PHYSICAL = {spelling: canon for canon, group in _PHYSICAL.items() for spelling in group.split("|")}
_CANON_LOGICAL = {spelling: canon for canon, group in _LOGICAL.items() for spelling in group.split("|")}
_PATH = r"\d{1,3}(?:/c?\d{1,4}){1,4}(?:\.\d{1,5})?(?::\d{1,4})?(?:-\d{1,3}(?![\d/]))?"
_WITH_SLOT = re.compile(rf"(?<![\w./-])({_names(_PHYSICAL)})[\s-]?({_PATH})(?![\w/])")
_WITH_NUMBER = re.compile(rf"(?<![\w./-])({_names(_LOGICAL)})([\s-]?)(\d{{1,4}}(?:\.\d{{1,5}})?)(?![\w/]|[.:]\d|\s?%)")
_WORDED = re.compile(r"(?<![\w./-])((?:gigabit|fast|twogigabit|tengigabit|)ethernet)\s?(\d{1,3})(?![\w/]|[.:]\d)")
_BARE = re.compile(r"(?<![\w./-])(?:(port|interface)\s+)?(\d{1,2}/(?:c?\d{1,3}/){1,3}c?\d{1,3}|(?<=port )\d{1,2}/\d{1,3})(?![\w/]|\.\d)")
_ENGLISH = re.compile(r"\b(?:to|will|would|can|could|should|must|may|might|not|\w+ed|it|me|this|that)\s+$")
"""What comes before `be 10` or `me 2` in plain English."""


def find_interfaces(text: str) -> Iterator[Entity]:
    """Yield interfaces; `GigabitEthernet0/1` and `gi 0/1` both become `gi0/1`, `xe-0/0/1` keeps the form of its vendor."""
    for match in _WITH_SLOT.finditer(text):
        yield Entity(EntityType.INTERFACE, _CANON_PHYSICAL[match[1]] + match[2], *match.span())
    for match in _WITH_NUMBER.finditer(text):
        name, gap, number = match.groups()
        if gap.isspace() and len(name) == 2 and _ENGLISH.search(text, max(0, match.start() - 12), match.start()):  # noqa: PLR2004 (be, me)
            continue
        yield Entity(EntityType.INTERFACE, _CANON_LOGICAL[name] + number, *match.span())
    for match in _WORDED.finditer(text):
        yield Entity(EntityType.INTERFACE, _CANON_PHYSICAL.get(match[1], "eth") + match[2], *match.span())
    for match in _BARE.finditer(text):
        yield Entity(EntityType.INTERFACE, match[2], *match.span())
