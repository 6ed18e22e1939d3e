"""How fast an answer ages by the kind of thing asked about: who holds a ticket, where a host sits, what is set (pure rules)."""

import re

from router.kind import ADDRESS, INSTANCE, LIVE, TICKET_ID, Kind, kind
from router.settled_kinds import SETTLED
from router.signals import phrases
from router.types import Volatility

_PAPER = r"rfo|post[- ]?mortem|report|template|draft|write|reason for outage|how (?:to|do)|process|procedure"
HELPER = r"(?:engineer|person|colleague|tech\w*|agent|guy|one|of (?:us|you|them|the \w+)|admin|operator|analyst)"


_HOLDERS = (
    Kind(LIVE, TICKET_ID, None, phrases(_PAPER)),
    kind(
        LIVE,
        rf"who (?:\w+ ){{0,2}}?(?:has|have|had|got|took|takes|holds?|grabbed|picked|claimed|accepted|works?|working|looks?|looking|"
        rf"deals?|"
        rf"dealing|handling)|which {HELPER}|assign\w*|owner|holder|whose|in whose|stand with|status of|eta|news|progress",
        also=phrases(r"(?:the|this|that|my|our|open|p[1-4]) (?:\w+ )?(?:tickets?|cases?|incidents?|tasks?|work order)|[a-z]{2,8}-\d{5,9}"),
        unless=_PAPER + r"|approves?|owns|delivers?|supplier|carrier|vendor|provider|customer|should|circuit",
    ),
    kind(
        LIVE,
        r"on[- ]?call|on duty|duty (?:phone|engineer|manager|officer|person|number|tech\w*)|has (?:the )?duty|on shift|(?:this|next|"
        r"late|early|"
        r"night|day) shift|pager|rota|roster|bereitschaft|astreinte|guardia|(?:carr(?:ies|ying)|has|have|holds?) the (?:\w+ )?phone|"
        r"who (?:is|are) (?:on|in|around|next|available|awake|up)(?: for| tonight| today| now| this|\W{0,4}$)|wake(?: up)?|out of hours",
        unless=r"how (?:does|do|is|are)|mean(?:s|ing)?|where|policy|allowance|paid",
    ),
    kind(
        LIVE,
        r"stand-?by|rotation|cover(?:s|ing)?|backup|escalation",
        also=phrases(rf"who(?:m|se)?|which {HELPER}|wer|qui|quien|chi"),
        unless=r"how (?:does|do|is)|path|list|which (?:node|unit|member|router)",
    ),
)
"""Who has something in hand: that changes with every shift and every click in the ticket tool."""

_READINGS = (
    kind(
        LIVE,
        r"hits|hit count|negotiat\w+|carr(?:y|ies|ying)|passing|solved|gone|fixed|cleared|recover(?:ed)?|persists?|used bandwidth|"
        r"(?:do|are) we (?:\w+ )?(?:get|getting|see|seeing|hear|hearing|receiv\w+|losing|los[et])|solved|in the (?:routing )?table|"
        r"logged in",
        also=INSTANCE,
    ),
    kind(
        LIVE,
        r"(?:switch|access|leaf|edge) ?ports?|(?:which|what|the|on what|an?) (?:\w+ )?(?:ports?|interface|switch|leaf|tor|"
        r"access point|ap|box|"
        r"if|olt|line ?card|edge)|plugged|connected|attached|hang(?:s|ing)?|sits?|sitting|seen?|learn(?:ed|t|s)?|behind|located?|"
        r"trace|where|"
        r"find|mac|arp",
        also=ADDRESS,
        unless=r"rules?|polic(?:y|ies)|acls?|den(?:y|ied)|permit\w*|allow\w*|owns?|owners?|customer|belongs?|whose|(?:tcp|udp|"
        r"port) ?/?\d+|documented|"
        r"recorded|cabling|command|part of|inside|within|passwords?|stored",
    ),
    kind(
        LIVE,
        r"last (?:\w+ ){0,3}?(?:log-?ins?|log ins?|logons?|log on|sign(?:ed)?[- ]?(?:in|on)|logged|sessions?|seen|time|flaps?|flapped|"
        r"changes?|"
        r"changed|reloads?|reloaded|reboots?|rebooted|restarts?|commits?|backups?|touched|connect\w*|used|active|auth\w*|failover|"
        r"switchover|"
        r"event|alarms?|outage|down|drop|reset|error|entry|backed up|config\w*)|(?:latest|most recent|recent) (?:\w+ ){0,2}(?:log-?in|"
        r"log in|logon|"
        r"session|connection|sign-?in|auth\w*|flap|reboot|reload|change|commit|backup|alarm|event|error|access|activity)|last time|"
        r"when (?:was|did|has|have|were) [^?\n]{1,60}\b(?:last|latest|lately|log(?:ged)? in|log in|connect\w*|come|came|go|went|start\w*|"
        r"restart\w*|reboot\w*|reload\w*|reset|flap\w*|back|seen|on the vpn|sign\w*)|since when|how long (?:ago|has|have|is|are)",
        unless=r"commands?|usable|hosts? in|should|version|firmware|contract|agreed|approved for|supported|licen[cs]e|mean(?:s|ing)?",
    ),
    kind(
        LIVE,
        r"(?:which|what|who) (?:\w+ ){0,2}(?:is|are) (?:the |our )?(?:\w+ )?(?:active|master|primary|passive|secondary|forwarding|"
        r"leader|root|dr|"
        r"designated)|both (?:\w+ ){0,3}(?:active|master|primary)|think (?:they|it|he)|split[- ]?brain",
        also=re.compile(INSTANCE.pattern + r"|(?<!\w)(?:now|it|this|we|our|they|both|again|still)(?!\w)"),
        unless=r"what (?:is|does) (?:a |the )?split[- ]?brain|mean(?:s|ing)?|prevent|avoid",
    ),
    kind(
        LIVE,
        r"still|again|yet|any ?more|now|at (?:the|this) moment|already|meanwhile|today|tonight|this (?:morning|evening|"
        r"afternoon|shift|minute)|lately|at present|just now|live",
        also=INSTANCE,
        unless=r"(?:what|which|who|whose|where) (?:\w+ )?(?:was|were|is|are) [^?\n]{1,60} again|remind me|again what|can (?:i|we|"
        r"you) still",
    ),
    kind(
        LIVE,
        r"how (?:many|much|full|busy|hot|loaded|bad|warm|high|low)|(?:number|count|amount) of|counts?|counters?|errors?|crcs?|"
        r"discards|drops|"
        r"status|state|health|up-?time|utili[sz]ation|usage|load|cpu|temperature|[rt]x|dbm|light|alarms?|alerts?|throughput|traffic|"
        r"loss|losing|latency|rtt|jitter|hits?|adjacenc(?:y|ies)|neighbou?rs?|sessions?|leases?|sending|receiv\w*|hear(?:ing)?|learn\w*|"
        r"announcing|advertis\w*|reachable|answer(?:s|ing)?|respond\w*|flap\w*|alive|up|down|online|offline|synced|in sync|progress|got "
        r"through|go through|went through|succe\w+|fail(?:ed|ing)?",
        also=INSTANCE,
        unless=r"rules?|polic(?:y|ies)|window|descriptions?|timers?|timeout|mtu|(?:should|would)|end of|supported|support|hosts? in|"
        r"usable|"
        r"addresses does|traps?|collector|template|allowed|permitted|documented|racks?|serials?|names?|contracts?|sla|slots|mean(?:s|"
        r"ing)?",
    ),
)
"""What is read off the network at the moment of asking."""

_COUNTED = kind(
    LIVE,
    r"(?:how many|number of|count of|any) (?:[\w-]+ ){0,3}(?:sessions?|users?|clients?|subscribers?|leases|alarms|tickets|incidents|"
    r"tunnels|calls|"
    r"prefixes|routes|neighbou?rs|peers|macs|phones|aps|cpes|onts?|modems|errors|drops|flaps|people|sites|"
    r"links)\b[^?\n]{0,60}\b(?:online|active|open|"
    r"connected|registered|up|down|offline|logged in|on|in|at|receive|get|have|see|are there|from|established|unassigned|assigned|"
    r"waiting)|"
    r"(?:sessions?|users?|clients?|subscribers?|leases|alarms|tunnels|prefix|route|mac|session|user|client) (?:count|online)",
    unless=r"can|could|may|should|would|max(?:imum)?|limit\w*|supports?|allowed|fit|needed|per|do i need|does an?|in an?|hosts|"
    r"licen[cs]ed?",
)
"""What there is a changing number of, whether or not the place is named in a way that rules know."""

KINDS: tuple[Kind, ...] = (*_HOLDERS, *SETTLED, *_READINGS, _COUNTED)
"""In the order in which they are tried: a person in charge, then what was laid down, then what is read off."""


def volatility_of_kind(ask: str) -> Volatility | None:
    """Return how fast the answer to a routine question ages, by the kind of thing it asks about; None when no kind is recognised."""
    return next((each.volatility for each in KINDS if each.is_meant(ask)), None)
