"""The words of entities: what a network question names, of what type, in which role."""

from dataclasses import dataclass
from enum import StrEnum


class EntityType(StrEnum):
    """What a named thing is. The value is the word that stands for it in a masked text."""

    ADDRESS = "address"
    PREFIX = "prefix"
    MASK = "mask"
    RANGE = "range"
    INTERFACE = "interface"
    VLAN = "vlan"
    VNI = "vni"
    VRF = "vrf"
    ASN = "asn"
    COMMUNITY = "community"
    PORT = "port"
    MAC = "mac"
    HOST = "host"
    SITE = "site"
    CIRCUIT = "circuit"
    TICKET = "ticket"
    NAME = "name"
    """A token of letters and digits that is certainly a name, of what the text alone cannot tell."""
    QUANTITY = "quantity"
    NUMBER = "number"
    VERSION = "version"
    VENDOR = "vendor"
    TIME = "time"
    PERSON = "person"
    ENVIRONMENT = "environment"


class Role(StrEnum):
    """What part an entity plays. `from` and `to` are leanings: a preposition says so, and nothing stands at the other end."""

    NONE = "none"
    FROM = "from"
    TO = "to"
    SOURCE = "source"
    DESTINATION = "destination"
    LOCAL = "local"
    REMOTE = "remote"
    INGRESS = "ingress"
    EGRESS = "egress"
    OLD = "old"
    NEW = "new"
    PRIMARY = "primary"
    BACKUP = "backup"


LEANINGS = frozenset({Role.FROM, Role.TO})


@dataclass(frozen=True, slots=True)
class Entity:
    """One named thing: its canonical value, its role, and where it stands (`text[start:end]`).

    `detail` is what the canonical value leaves out, because people do too: the domain of a host's full name.
    """

    type: EntityType
    value: str
    start: int
    end: int
    role: Role = Role.NONE
    detail: str = ""

    @property
    def key(self) -> str:
        """Return `type:value:role`, equal for two notations of one thing in one role; a leaning is no role here."""
        role = Role.NONE if self.role in LEANINGS else self.role
        return f"{self.type.value}:{self.value}:{role.value}"
