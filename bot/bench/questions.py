"""Questions for the bench's cache: as many distinct ones as are wanted, each with another wording and with near misses."""

from collections.abc import Callable
from dataclasses import dataclass

ABOUT_DEVICE = (
    ("what is the ntp server of {0}?", "hi, can you tell me which ntp server {0} has, please"),
    ("who owns {0}?", "pls who is the owner of {0}"),
    ("where is the console port of {0} documented", "hey, where do we document the console port of {0}?"),
    ("what is the loopback address of {0}", "loopback addr of {0}?"),
    ("which uplink does {0} use for the transit", "what uplink does {0} use for the transit, thanks"),
    ("what is the snmp location of {0}", "quick one: what's the snmp location of {0}"),
    ("when was {0} last upgraded", "last upgrade of {0}, when was it?"),
    ("which rack is {0} in", "hello, in which rack is {0}?"),
    ("how do i drain {0} before maintenance", "how can i drain {0} before a maintenance, thx"),
    ("why does {0} log parity errors after a reload", "{0} logs parity errors after a reload, why?"),
    ("what is the bgp peer status on {0}", "can you show me the bgp peer status on {0} please"),
    ("what is the power draw of {0}", "power draw on {0}?"),
)
ABOUT_PREFIX = (
    ("is the firewall rule for {0} still active?", "please check if the firewall rule for {0} is still active"),
    ("which customer has {0}", "hi, which customer has the prefix {0}?"),
    ("who announces {0}", "by whom is {0} announced?"),
    ("which vrf is {0} in", "what vrf is {0} in, please"),
)
VERBS = ("configure", "verify", "remove", "debug", "document", "monitor", "limit", "test")
THINGS = (
    "a prefix list",
    "a route map",
    "storm control",
    "a port channel",
    "an access list",
    "route reflection",
    "graceful restart",
    "a loopback interface",
    "first hop redundancy",
    "control plane policing",
    "a static route",
    "flow export",
    "private vlans",
    "a summary route",
    "link aggregation",
    "multicast snooping",
    "port security",
    "traffic shaping",
    "a policy map",
    "an out of band console",
    "jumbo frames",
    "a banner",
    "a login timeout",
    "optical alarms",
)
OCCASIONS = (
    "for a guest network",
    "before a change window",
    "after a power cut",
    "on a lab switch",
    "for a new branch",
    "during a migration",
    "for a warehouse",
    "in a small office",
    "at a campus",
    "on a satellite link",
)
ENDS = (
    "when the link is slow",
    "when the peer does not answer",
    "when nobody is on site",
    "when two teams share the device",
    "when the documentation is missing",
    "when the firewall is in the path",
    "when the primary path fails",
    "when the load is high",
    "when the clock is wrong",
    "when the licence has expired",
    "when the vendor has no fix",
)
ELSEWHERE = "for a trade fair"
NEW_OF_DEVICE, NEW_OF_PREFIX = "which breaker feeds {0}?", "which audit covers {0}?"

MOST = 100_000
KINDS = 5
"""Of so many questions one names nothing, one a prefix and the others a device."""
ROLES = ("edge", "core", "agg", "acc", "pe")
SITES = ("fra", "ams", "lon", "par", "nyc", "sin", "tyo", "mad")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was first asked, the same in other words, the same of another device or case, and another of the same device."""

    first: str
    again: str
    other: str
    new: str


def question(number: int) -> Asked:
    """Return one of MOST distinct questions, and some more; its `other` and `new` are none of those."""
    kind, index = number % KINDS, number // KINDS
    if kind == 0:
        return _general(index)
    if kind == 1:
        return _about(ABOUT_PREFIX, index, NEW_OF_PREFIX, _prefix)
    return _about(ABOUT_DEVICE, index * (KINDS - 2) + kind - 2, NEW_OF_DEVICE, _device)


def _about(templates: tuple[tuple[str, str], ...], index: int, new: str, name: Callable[[int], str]) -> Asked:
    first, again = templates[index % len(templates)]
    thing = index // len(templates)
    return Asked(first.format(name(thing)), again.format(name(thing)), first.format(name(thing + MOST)), new.format(name(thing)))


def _device(number: int) -> str:
    number, role = divmod(number, len(ROLES))
    number, site = divmod(number, len(SITES))
    return f"{ROLES[role]}-{SITES[site]}-{number + 1}"


def _prefix(number: int) -> str:
    return f"10.{number // 256 % 256}.{number % 256}.0/{24 - number // 65_536}"


def _general(index: int) -> Asked:
    index, verb = divmod(index, len(VERBS))
    index, thing = divmod(index, len(THINGS))
    index, occasion = divmod(index, len(OCCASIONS))
    what = f"{VERBS[verb]} {THINGS[thing]}"
    place, end = OCCASIONS[occasion], ENDS[index % len(ENDS)]
    elsewhere = f"how do i {what} {ELSEWHERE} {end}"
    return Asked(f"how do i {what} {place} {end}", f"hi, how can i {what} {place} {end}, please?", elsewhere, elsewhere)
