"""Give entities their roles from the words around them: source and destination, old and new, and the like (pure)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from router.entities.types import Entity, EntityType, Role

_T = EntityType
_FAMILY = {_T.PREFIX: _T.ADDRESS, _T.RANGE: _T.ADDRESS, _T.HOST: _T.ADDRESS, _T.SITE: _T.ADDRESS, _T.NAME: _T.ADDRESS}
"""Types that may stand at the two ends of one path."""
_ENDS = frozenset({_T.ADDRESS, _T.PREFIX, _T.RANGE, _T.HOST, _T.SITE, _T.NAME, _T.VLAN, _T.VRF, _T.ASN, _T.VERSION, _T.VENDOR,
                   _T.INTERFACE, _T.ENVIRONMENT, _T.MASK, _T.QUANTITY, _T.PORT, _T.NUMBER})  # fmt: skip
_NOUNS = (
    r"(?:(?:the|a|an|our|my|their|this|that|all|any|host|server|ip|ips|address|prefix|subnet|network|net|range|router|switch|device|box|node|site|office|"
    r"store|branch|peer|neighbor|neighbour|customer|interface|port|version|release|vrf|vlan|as|is|=|:|of|store|dc|pop|with|traffic|packets?)\s*)*"
)
_LEFT = re.compile(
    rf"(?:(?P<src>\b(?:src|source|sourced(?: from| by| at)?|origin(?:at(?:e|es|ed|ing))?(?: from| in| at)?|com(?:es?|ing) from|"
    rf"arriv\w+ from|sent (?:by|from)|(?:inbound|incoming) from))"
    rf"|(?P<dst>\b(?:dst|dest|destination|destined (?:to|for)|go(?:es|ing)? to|addressed to|bound for|sent to|headed (?:to|for)|"
    rf"(?:outbound|outgoing) to))"
    rf"|(?P<from>\b(?:from|behind|leaving))|(?P<to>\b(?:to|towards?|into|onto|reach(?:es)?|against)|(?:->|=>|>|→|»)))\s*[:=]?\s*{_NOUNS}[\"'(\[]?$"
)
_RIGHT_ARROW = re.compile(r"[\"')\]]?\s*(?:->|=>|>|→|»)")
_RIGHT = re.compile(
    r"[\"')\]]?\s*,?\s*(?:\((?P<a>source|src|destination|dest|dst)\)|as (?:the |a )?(?P<b>source|src|destination|dest|dst)\b)"
)
_NAMED_ROLE = re.compile(
    r"\b(?:(local|own|our)|(remote|far|their)|(ingress|inbound|incoming|input)|(egress|outbound|outgoing|output)|(old|current|previous|existing)|(new|future|next)|"
    r"(primary|main|active|master)|(backup|secondary|standby|fallback|passive|redundant))\s"
    r"(?:(?:\w+)\s){0,1}(?:(?:is|=|:)\s)?[\"'(]?$"
)
_NAMED_ROLES = (Role.LOCAL, Role.REMOTE, Role.INGRESS, Role.EGRESS, Role.OLD, Role.NEW, Role.PRIMARY, Role.BACKUP)
_WINDOW = 48
_PAIR = 2


def with_roles(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return `entities` (in order) with roles. A lone `from X` or `to X` is a leaning; both ends together are source and destination."""
    found = [_mark(text, entities, index) for index in range(len(entities))]
    counts: dict[EntityType, int] = {}
    for entity in found:
        family = _FAMILY.get(entity.type, entity.type)
        counts[family] = counts.get(family, 0) + 1
    for family, count in counts.items():
        if count >= _PAIR and family in _ENDS:
            _pair(found, [i for i, entity in enumerate(found) if _FAMILY.get(entity.type, entity.type) is family])
    return [_named_role(text, entities, i, entity, counts) for i, entity in enumerate(found)]


def _left(text: str, entities: Sequence[Entity], index: int) -> str:
    start = entities[index - 1].end if index else 0
    return text[max(start, entities[index].start - _WINDOW) : entities[index].start]


def _mark(text: str, entities: Sequence[Entity], index: int) -> Entity:
    """Return one entity with the role or leaning that its own neighbours give it."""
    entity = entities[index]
    if entity.type not in _ENDS:
        return entity
    right = text[entity.end : entity.end + _WINDOW]
    if match := _RIGHT.match(right):
        return replace(entity, role=Role.SOURCE if (match["a"] or match["b"]).startswith("s") else Role.DESTINATION)
    if match := _LEFT.search(_left(text, entities, index)):
        role = {"src": Role.SOURCE, "dst": Role.DESTINATION, "from": Role.FROM, "to": Role.TO}[str(match.lastgroup)]
        return replace(entity, role=role)
    return replace(entity, role=Role.FROM) if _RIGHT_ARROW.match(right) else entity


def _pair(found: list[Entity], ends: list[int]) -> None:
    """Turn leanings into roles where both ends are there; an end without a mark is what the marked one is not."""
    marked = {found[i].role for i in ends}
    starts = marked & {Role.FROM, Role.SOURCE}
    stops = marked & {Role.TO, Role.DESTINATION}
    free = [i for i in ends if found[i].role is Role.NONE]
    one_sided = bool(starts) != bool(stops)
    if not (starts or stops) or (one_sided and len(free) != 1):
        return
    for i in ends:
        role = found[i].role
        if role in {Role.FROM, Role.SOURCE} or (role is Role.NONE and one_sided and not starts and found[i].type in _ENDS):
            found[i] = replace(found[i], role=Role.SOURCE)
        elif role in {Role.TO, Role.DESTINATION} or (role is Role.NONE and one_sided and not stops):
            found[i] = replace(found[i], role=Role.DESTINATION)


def _named_role(text: str, entities: Sequence[Entity], index: int, entity: Entity, counts: dict[EntityType, int]) -> Entity:
    """Give `old`, `primary` and the like where two of a kind need telling apart; elsewhere the word itself is compared."""
    family = _FAMILY.get(entity.type, entity.type)
    if entity.role not in {Role.NONE, Role.FROM, Role.TO} or counts[family] < _PAIR:
        return entity
    match = _NAMED_ROLE.search(_left(text, entities, index))
    return replace(entity, role=_NAMED_ROLES[int(match.lastindex or 1) - 1]) if match else entity
