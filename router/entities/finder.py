"""Find every entity of a text, once, in order (pure; linear in the length of the text)."""

import re
from collections.abc import Callable, Iterable

from router.entities import addresses, interfaces, names, numbered, quantities, services, times
from router.entities.roles import with_roles
from router.entities.types import Entity

_QUOTES = "\u2018\u2019\u201c\u201d"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_BLANK = "\u00a0\u2009\u202f\u200b\t\r`*\0"
_FOLDED = str.maketrans(dict(zip(_QUOTES, "''\"\"", strict=True)) | dict.fromkeys(_DASHES, "-") | dict.fromkeys(_BLANK, " "))
_DIGIT = re.compile(r"[0-9]|::|(?:[0-9a-f]{2}[:-]){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.")


def folded(text: str) -> str:
    """Return `text` in lower case with plain quotes, dashes and blanks, of the same length."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lower.translate(_FOLDED)


def find_entities(text: str) -> tuple[Entity, ...]:
    """Return what `text` names, in order, without overlaps: the surer notation wins a place that two claim."""
    lower = folded(text)
    taken = bytearray(len(lower))
    found: list[Entity] = []

    def take(entities: Iterable[Entity]) -> None:
        for entity in entities:
            if taken.find(1, entity.start, entity.end) < 0:
                taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
                found.append(entity)

    if "@" in lower:
        take(names.find_people(lower))
    if _DIGIT.search(lower):
        _numeric(lower, text, take)
    else:
        take(numbered.find_vrfs(lower, text))
        take(times.find_times(lower))
        take(names.find_places(lower))
    take(names.find_known(lower))
    take(quantities.find_units(text))
    take(quantities.find_numbers(lower))
    found.sort(key=lambda entity: entity.start)
    return tuple(with_roles(lower, found))


def _numeric(lower: str, text: str, take: Callable[[Iterable[Entity]], None]) -> None:
    """Take what has digits in it, the surest notation first."""
    take(addresses.find_macs(lower))
    if ":" in lower:
        take(addresses.find_ipv6(lower))
        take(numbered.find_communities(lower))
    take(addresses.find_ipv4(lower))
    take(times.find_times(lower))
    take(numbered.find_vlans(lower))
    take(numbered.find_vnis(lower))
    take(services.find_ports(lower))
    take(interfaces.find_interfaces(lower))
    take(numbered.find_asns(lower))
    take(numbered.find_vrfs(lower, text))
    take(names.find_records(lower))
    take(names.find_places(lower))
    take(quantities.find_quantities(lower, text))
    take(addresses.find_masks(lower))
    take(names.find_versions(lower))
    take(names.find_hosts(lower))
