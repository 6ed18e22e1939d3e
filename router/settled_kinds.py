"""The kinds of things that stay as they are until somebody changes them: settings, owners, contacts, windows (pure rules)."""

from router.kind import ADDRESSES, AS, BLOCK, CONFIG, INSTANCE, MOMENT, Kind, kind
from router.signals import phrases

SETTLED: tuple[Kind, ...] = (
    kind(
        CONFIG,
        r"retention|retain(?:s|ed)?|how far back|(?:go|goes|reach|reaches) back|after how (?:many|long)|(?:logs?|flows?|syslog|"
        r"netflow|data|captures?) (?:\w+ )?archive|archive (?:go|goes|reach|reaches|hold|keep)|"
        r"how (?:long|many \w+|much \w+) (?:do|does|are|is|can|will|of) [^?\n]{0,50}(?<![\w-])(?:keep|kept|stored?|stores|saved?|archived?|"
        r"available)(?![\w-])|"
        r"(?:keep|store|hold) (?:the |our |all )?(?:\w+ ){0,2}(?:logs?|flows?|records|data|captures?|backups?|history)|"
        r"(?:days|weeks|months|years) of (?:\w+ )?(?:logs?|flows?|records|data|history|syslog|netflow|captures?|backups?)|"
        r"(?:logs?|flows?|records|data|history|syslog|netflow|captures?|backups?) (?:kept|stored|deleted|purged)",
    ),
    kind(
        CONFIG,
        r"limits?|limited|caps?|at most|max(?:imum)?",
        also=INSTANCE,
        unless=r"right now|at (?:the|this) moment|reached|exceeded|hit|close|over|near|far|today|"
        r"[rt]x|load|peak|temperature|utili\w+|latency|seen|cpu",
    ),
    kind(
        CONFIG,
        r"max(?:imum)?[- ]?prefix(?:es|-limit)?|"
        r"cut off|too many|torn down|ceiling|at how many|how many (?:ports|slots|members|cards|psus|power supplies) (?:does|do|has|"
        r"have)|configured|supposed|(?:set|capped|limited) (?:to|on|for|at|as|between|towards)|agreed|contracted|committed|ordered|"
        r"booked|nominal|"
        r"threshold|(?:can|may|could) \S+ (?:send|announce|advertise)|before (?:the |it |we )?(?:session |peer |bgp )?(?:drops?|"
        r"shuts?|tears?|"
        r"is torn|goes down|kill\w*)|(?:did|do|have) (?:we|you) (?:set|configured?|agree[d]?|order(?:ed)?|book(?:ed)?|allow(?:ed)?)",
        unless=r"right now|at (?:the|this) moment|reached|exceeded|hit|close|over the|near|far|today|[rt]x|load|peak|temperature|"
        r"utili\w+|latency|seen|cpu|how many [^?\n]{1,40} (?:received|left)|"
        r"configured by|not configured|be configured",
    ),
    kind(
        CONFIG,
        r"how full|utili[sz]ation|can (?:i|we|you) (?:still )?(?:get|take|have|carve|fit)|free|left|room|space|unused|spare|"
        r"unallocated|unassigned|remaining|available|next (?:free|usable|available)|exhausted|used up",
        also=BLOCK,
        unless=r"dhcp|leases?|pools?|nat|scopes?|clients?|subscribers?|tcam|fib|disk|memory|routes?",
    ),
    kind(
        CONFIG,
        r"whose|ipam|whois|look-?up|assignment|allocation|who (?:owns?|has|holds?|uses?|is using|is behind|is (?:that|this|it)|got)|"
        r"owners?|owned|ownership|belongs?|allocated|"
        r"(?:assigned|registered|given|leased|delegated|reserved) (?:to|for|by)|(?:is|are) (?:that|this|it|they) assigned|ours|"
        r"(?:which|what) "
        r"(?:customer|site|company|tenant|department|client|team|org\w*|network|service|vrf|vlan|entity)|used (?:for|by)|customer or|"
        r"or (?:a )?customer|(?:a|our) customer|"
        r"relation\w*|peering or|transit or|peer or|upstreams?|downstreams?|provider|a (?:peer|transit|customer)|session type",
        also=ADDRESSES,
        unless=rf"{MOMENT}|errors?|loss|latency|flap\w*|last|drops|traffic|reach\w*|alarms?|received|advertis\w*|announc\w*|ports?|"
        rf"switch ?ports?|how many|state|status|routes|prefixes (?:from|to|do)|macs?|leases?|log(?:ged)? in",
    ),
    kind(
        CONFIG,
        r"(?:who|what) (?:is|are|kind of \w+ is) (?:behind )?(?:as ?\d+|they|it)|relation\w*",
        also=AS,
        unless=rf"{MOMENT}|state|status|sending|announc\w+",
    ),
    kind(
        CONFIG,
        r"(?:which|what) (?:\w+[- ]){0,3}(?:rules?|polic(?:y|ies)|acls?|(?:acl|filter|rule|policy) (?:line|entry|id|number|name)|"
        r"aces?|filters?|terms?|"
        r"nsgs?)|(?:rules?|polic(?:y|ies)|acls?|filters?) (?:\w+ ){0,3}(?:drop\w*|den(?:y|ies|ied)|block\w*|permit\w*|allow\w*|"
        r"match\w*|reject\w*|lets?)|(?:dropped|denied|blocked|rejected|permitted|allowed) by|what (?:blocks|drops|denies|rejects|"
        r"permits|allows|lets)|(?:is|are|am) [^?\n]{1,60} (?:allowed|permitted)|(?:find|name|id|number) (?:of )?(?:the )?(?:rule|"
        r"policy|acl)",
        unless=r"hits?|hit count|counters?|right now|how many|drops|(?:is|are) (?:the )?(?:rule|policy|acl)\b[^?\n]{0,30} (?:active|"
        r"hit|applied)",
    ),
    kind(
        CONFIG,
        r"(?:maintenance|change|service|works?|night|standard|agreed|patch)[- ]windows?|(?:maintenance|window|works?|mw) (?:times?|"
        r"hours?|slots?|days?|nights?)|windows? (?:for|of|in|at|on|start\w*|opens?)|"
        r"(?:change|holiday|code|network)? ?freeze|mw (?:for|of|in|at|times?)|when (?:are|is|may|can|am|do) (?:we|it|i|they|you) "
        r"(?:\w+ )?(?:allowed|permitted|may|do (?:works?|maintenance|changes?)|touch|work)|(?:what|which) (?:times?|hours?|nights?|"
        r"slots?|"
        r"days?)\b[^?\n]{0,50}\b(?:works?|maintenance|window|changes?|touch|allowed|reserved)",
        unless=rf"{MOMENT}|over|running|finished|done|started|extended|ongoing|still|any|is there|planned",
    ),
    kind(
        CONFIG,
        r"(?:whom?|which number|what number|where|how) (?:\w+ )?(?:do|does|can|should|shall|must|to|would|is to) (?:\w+ ){0,3}?(?:be )?"
        r"(?:call\w*|ring|phone|contact\w*|reach|notif\w+|ask|talk|mail|escalat\w+|inform|warn)|contacts?|hot-?line|"
        r"(?:tele)?phone numbers?|e-?mail address|(?:local|remote|smart) hands|escalation (?:path|list|contact)|numbers? to (?:call|"
        r"ring)|"
        r"(?:lets|let) \w+ in(?:to)?|key-?holder|janitor|facility manager",
        unless=r"right now|at (?:the|this) moment|tonight|on[- ]?call|on duty|shift|ip phone|registered|phones",
    ),
    kind(
        CONFIG,
        r"bandwidth|[kmgt]bit(?:s|/s)?|[kmgt]bps|how (?:fast|big|thick)|line (?:rate|speed)|capacity|speed",
        also=INSTANCE,
        unless=rf"{MOMENT}|usage|used?|using|utili\w+|load|traffic|peak|push\w*|doing|through(?:put)?|negotiat\w+|in|out|left|link "
        r"speed|fills?|growing|does|do|grow\w*|running",
    ),
)
"""What somebody has laid down, and what stays so until somebody changes it."""

RECORDED = phrases(
    r"located|lands?|terminat\w+|(?:far|remote|other|a|b|z)[- ]end|address|fib(?:re|er)s?|cables?|length|optics?|transceivers?|sfps?|"
    r"modules?|install date|"
    r"commission\w*|warranty|purchased|bought|keepalive|hold ?time|priority|authentication|import|export|standard|design|upstream|"
    r"as number|platform|according to|netbox|ipam|a and z|looks? after|remote as|stored|racks?|cabinets?|rooms?|floors?|rows?|slots?|"
    r"serials?|part numbers?|models?|hardware|vendors?|versions?|firmware|software|releases?|images?|eol|"
    r"end of \w+|supported|support|contracts?|sla|circuits?|descriptions?|loopbacks?|mgmt|management (?:ip|address)|ips?|ip address|"
    r"addresses|"
    r"host-?names?|dns|names?|location|sites?|city|country|building|vlans?|gateways?|subnets?|prefix(?:es)?|asn|mtu|rds?|rts?|"
    r"route[- ](?:targets?|"
    r"distinguishers?)|communit(?:y|ies)|metrics?|costs?|local-?pref|weights?|areas?|timers?|timeouts?|interval|vrfs?|dashboards?|"
    r"wiki|runbooks?|docs?|"
    r"documentation|drawing|diagram|links? to|urls?|pages?|ssid|passwords?|pw|psk|keys?|licen[cs]es?|suppliers?|carriers?|providers?|"
    r"upstreams?|"
    r"customers?|roles?|polic(?:y|ies)|rules?|templates?|owners?|owns?|responsible|teams?|groups?|contacts?|bandwidth|speed|capacity|"
    r"type|"
    r"feeds?|power feed|patch panel|pop|profile|class|tags?|encapsulation|qos|max-?prefix|limits?|approval|approved|schedules?|planned|"
    r"encryption|proposals?|ciphers?|lifetimes?|policy id|service ids?|rules?|sensors?|receivers?|servers?|resolvers?|collectors?|"
    r"procedures?|process"
)
"""What a team writes down about a thing that has a name."""
