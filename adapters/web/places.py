"""Where people can talk on the chat page, and what they may try there first."""

from dataclasses import dataclass

from adapters.web.inbound import DIRECT


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the page, its purpose, and the questions offered while it is empty: an easy one and a hard one."""

    id: str
    purpose: str
    examples: tuple[str, ...]


CHANNELS = (
    Channel(
        "noc",
        "Alarms and incidents",
        (
            "What does BGP state Idle mean?",
            "An OSPF adjacency flaps every 20 minutes after an upgrade. How do we find the root cause?",
        ),
    ),
    Channel(
        "netops",
        "Day-to-day questions",
        (
            "Which port does syslog over TLS use?",
            "Design QoS for voice and backups over two uneven WAN links, and compare the trade-offs.",
        ),
    ),
    Channel(
        "change",
        "Planned work",
        (
            "How do I save the running config on Cisco IOS?",
            "Plan the migration of 40 sites from MPLS to SD-WAN with a rollback for each step.",
        ),
    ),
)

DIRECT_PURPOSE = "Only you and the bot"
DIRECT_EXAMPLES = (
    "How many hosts fit in a /26?",
    "Users at one site say that everything is slow at certain hours. How do we find the root cause?",
)


def direct_channel(user: str) -> str:
    """Return the channel of a person's direct messages with the bot."""
    return f"{DIRECT}{user}"
