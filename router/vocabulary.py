"""The words that the signals are made of: networking in general and plain English, as parts of patterns (data, no rules)."""

from router.signals import phrases

STATE = (
    r"up|down|alive|(?:un)?reachable|on-?line|off-?line|back|running|finished|done|completed?|started|over|green|red|"
    r"(?:in)?active|passive|"
    r"established|idle|primary|master|standby|working|healthy|clean|okay|ok|open|closed|in sync|synced|(?:dis)?connected|"
    r"present|enabled|"
    r"disabled|shut|available|free|busy|full|registered|joined|associated|assigned|resolved|there|carrying traffic|"
    r"answering|responding|replied|"
    r"flapping|lit|dark|blocked|ready|planned|scheduled|approved|ongoing|in progress|merged|deployed|loaded|installed|"
    r"locked|expired|pending|"
    r"run|ran|come up|came up|logged in|delivered|arrived|restored|fixed"
)
"""What something can be asked to be."""

METRIC = (
    r"status|state|health|up-?time|utili[sz]ation|usage|load|cpu|memory|ram|temperatures?|[rt]x(?: power| levels?)?|"
    r"light(?: levels?)?|"
    r"power(?: levels?)?|signal|snr|rssi|crcs?|errors?|counters?|drops|discards|alarms?|alerts?|count|summary|throughput|"
    r"disk|"
    r"fans?|psus?|backlog|progress|eta|latency|rtt|ping time|news|updates?|last (?:flap|change|reboot|log ?in|seen|"
    r"session|time)|hit count"
)
"""What can be measured or looked at now."""

LISTED = (
    r"sessions?|talkers?|subscribers?|subs|clients?|users|leases|neighbou?rs?|nbrs?|peers|routes?|arp|macs?|traffic|"
    r"queue|interfaces?|tunnels?|loss|"
    r"poe (?:budget|draw)|left|pool|devices|bgp|ospf|lldp|vpn"
)
"""What there can be several of on a device now."""

OWN_FACT = (
    r"ips?|address(?:es)?|loopbacks?|gateways?|vlans?|subnets?|prefix(?:es)?|racks?|cabinets?|floors?|rooms?|row|ports?|"
    r"switch ?ports?|serials?|"
    r"circuits?|contacts?|phone|numbers?|e?-?mail|links?|urls?|runbooks?|docs?|documentation|manual|wiki|page|dashboard|"
    r"board|owners?|asn|model|"
    r"hardware|versions?|firmware|software|release|image|host-?names?|names?|location|site|position|windows?|freeze|"
    r"contract|dates?|sla|"
    r"description|rd|route distinguisher|route targets?|rt|communit(?:y|ies)|max-?prefix|provider|carriers?|vendor|"
    r"supplier|isp|bandwidth|"
    r"speed|capacity|ssid|channel|password|pw|psk|code|process|procedure|forms?|list|policy id|rule|groups?|queue|teams?|"
    r"escalation|retention|"
    r"storage period|servers?|resolvers?|vrfs?|area|cost|metric|mtu|local-?pref|tag|approval|deadline|eol|end of (?:life|"
    r"support|sale)|ids?|"
    r"key|account|licen[cs]e|quota|limit|threshold|scheme|range|template|local as|pop|badges?|person|customer|"
    r"firewall rule|switch"
)
"""What a team records about its own network."""

KNOWN_FACT = (
    r"default|standard|ports?|oid|ethertype|protocol number|multicast (?:address|group|mac)|virtual mac|bits?|field|flag|"
    r"srgb|"
    r"admin(?:istrative)? distance|timers?|interval|hello|hold ?time|keepalive|rfc|range|reach|distance|length|transport|"
    r"size|mtu|overhead|"
    r"header|frequency|wavelength|bands?|bytes?|colou?r|pin-?out|pins|connector|fibre|fiber|speed|max(?:imum)?|"
    r"min(?:imum)?|types?|codes?|"
    r"values?|class|preference|priority|afi|safi|layer|limit|ttl|cipher|module|message|state|network type|area type"
)
"""What a standard or a manual fixes."""

VERB = (
    r"show|display|see|view|list|check|find|get (?:the|an?|all|my|to the)|print|clear|reset|set|unset|add|remove|delete|"
    r"configure|enable|disable|turn (?:on|off)|"
    r"switch (?:on|off)|shut|undo|revert|roll ?back|go back|commit|save|copy|back ?up|export|import|reload|reboot|"
    r"restart|ping|trace(?:route)?|"
    r"filter|match|pipe|grep|search|count|capture|mirror|rename|change|raise|open|request|order|book|apply for|log ?in|"
    r"connect|upload|enter|"
    r"download|install|verify|test|monitor|debug|assign|allow|block|drop|deny|permit|limit|exclude|include|bounce|drain|"
    r"untag|tag|turn|look at|"
    r"look up|renew|calculate|read|type|spell|access|paste|report|register|use|reach|call|write|example of|empty|flush|"
    r"activate|deactivate"
)
"""What a person does with one command or one form."""

SYSTEM = (
    r"(?:cisco |old )?ios(?:-?xe|-?xr)?|xr|xe|nx-?os|eos|junos|juniper|sr ?-?os|sros|sr linux|nokia|timos|vrp|huawei|"
    r"cumulus|sonic|vyos|"
    r"routeros|mikrotik|edgeos|fortios|fortigates?|pan-?os|palo(?: alto)?|check ?point|asa|ftd|f5|tmsh|big-?ip|"
    r"aruba(?:os)?|arista|cisco|"
    r"extreme|exos|comware|meraki|unifi|ruckus|linux|ubuntu|debian|windows|powershell|bash|macos|frr|bird|openbgpd|gobgp|"
    r"exabgp|nftables|"
    r"iptables|tcpdump|wireshark|tshark|nmap|snmpwalk|curl|dig|ip ?route2|az|aws|gcloud|kubectl|terraform|ansible|"
    r"netconf|gnmi|restconf|"
    r"grafana|prometheus|promql|netbox|git|vim|python|openssl|a file"
)
"""What is operated: systems, tools, command lines."""

UNIT = (
    r"bits?|bytes?|[kmgt]i?b(?:it|yte)?s?|[kmgt]bps|[kmgt]b(?:it)?/s|pps|dbm?|m?w|milliwatts?|watts?|seconds?|minutes?|"
    r"hours?|days?|ms|decimal|dec|"
    r"hex|hexadecimal|binary|octal|utc|cet|cest|gmt|local time|dotted|cidr|slash notation|metres?|meters?|km|miles|"
    r"percent|asdot|eui-?64"
)
"""What a sum can be asked in."""

GENERIC = r"(?:router|switch|host|device|client|server|packet|frame|bridge|resolver|peer|speaker|station|phone|node)s?"
"""A device as textbooks speak of it."""

WIDE = (
    r"should|would|could|can we|might|best|better|first|if|why|wrong|happen(?:s|ed|ing)?|else|goe?s? down with|breaks?|"
    r"fails?|risks?|affected|"
    r"impact(?:ed)?|caus\w+|safe|enough|redundan\w*|plans?|migra\w*|smart|wise|worth|sense|possible|\w+est order|"
    r"order (?:to|of|do)|doubled|take to|needed to"
)
"""What makes a question open, however much it looks like one for a fact."""

HARM = (
    r"drop(?:s|ped|ping)?|flap(?:s|ped|ping)?|fail(?:s|ed|ing|ures?)?|die[sd]?|dying|dead|los(?:e|es|ing|t|s)|break(?:s|"
    r"ing)?|broke(?:n)?|stuck|"
    r"slow(?:er|ly)?|tim(?:es|ed)? ?-?outs?|black-?hol(?:e|es|ed|ing)|loop(?:s|ed|ing)?|leak(?:s|ed|ing)?|hangs?|hung|"
    r"crash(?:es|ed|ing)?|"
    r"unreachable|intermittent(?:ly)?|asymmetric|never (?:loads?|comes?|works?|arrives?|took|gets?)|not (?:work(?:ing)?|"
    r"reach(?:able)?|come|responding)|"
    r"(?:doesn't|don't|can't|cannot|won't|didn't|couldn't|isn't|aren't) \w+|no (?:service|traffic|answer|internet|"
    r"connectivity|sound|ipv[46]|ip|dns|route)|"
    r"disconnect(?:s|ed|ing)?|reset(?:s|ting)|reboot(?:s|ed|ing)|offline|storms?|micro-?loops?|split-?brain|congest(?:ed|"
    r"ion)|jitter(?:s|y)|one-?way|"
    r"wrong|unstable|corrupt(?:ed)?|is off|servfail|duplicates?|retransmi\w+|nobody (?:can|hears?|gets?)|doubled|tripled|"
    r"spik(?:es?|ed|ing)|"
    r"degrad\w+|worse|bad quality|quality (?:is )?(?:bad|poor)|alternat(?:es?|ing)|bounc(?:es?|ing)|outages?|spoof(?:ed|"
    r"ing)?|starv\w+|kill(?:s|ed)|vanish(?:es|ed)|freez(?:es|ing)|froze|disappear(?:s|ed)|peaks|climb(?:s|ing)|unusable|"
    r"refus\w+|nothing \w+s|went (?:down|away)|"
    r"verlier\w*|abbr\w+|fallt|ausfall\w*|tomb\w+|coup(?:e|ures?)|perd\w*|cae\w*|lent[ao]|langsam|lento|cade"
)
"""Something is not as it should be."""

CONTRAST = (
    r"but|only|except|half|some|others?|the rest|while|although|though|even though|every|whenever|since|after|at random|"
    r"randomly|sometimes|"
    r"always|at night|when|however|fine|ok|clean|flat|normal|looks? (?:good|fine|ok|clean)|the same|roughly|about \d+|"
    r"\d+ ?%|at \d+ ?(?:am|pm)|"
    r"idle|exactly one|within|none|everywhere|nur|immer|aber|nach|seit|depuis|mais|seulement|toutes|desde|pero|solo|"
    r"da quando|ma"
)
"""It is so here, or then, and not elsewhere: the mark of a fault that has a pattern."""

ARTEFACT = (
    r"config(?:uration)?s?|polic(?:y|ies)|templates?|playbooks?|scripts?|rule ?-?sets?|rules|filters?|acls?|terraform|"
    r"modules?|manifests?|"
    r"pipelines?|runbooks?|procedures?|documents?|proposals?|plans?|checklists?|reports?|rfo|rca|post-?mortem|concepts?|"
    r"route-?maps?|"
    r"statements?|cutover|workflow|test plans?|business case"
)
"""What is written at length."""

HARD_VERB = (
    r"make|ensure|guarantee|prove|avoid|prevent|protect|secure|harden|scale|split|design|build|migrate|move|connect|"
    r"combine|segment|get|"
    r"isolate|handle|deal|structure|organi[sz]e|balance|reduce|improve|speed|optimi[sz]e|replace|introduce|roll out|"
    r"phase|survive|"
    r"recover|fix|solve|stop|bring|give|cope|defend|approach|plan|do|be|achieve|keep|offer|merge|stretch|limit the damage"
)
"""What needs thought before a command."""

CHOICE = (
    r"better|instead|worth|prefer|choose|keep|stay|stick|go (?:for|with)|given|wait|pays?|buy|should|for us|here|would|"
    r"do we|or both"
)
"""The words of somebody who has to choose."""

OUTCOME = r"if|when|go wrong|break|breaks|reach|lose|loses|happen|get into|dies|fails|stop|stops"
"""What may come of a step."""

CONSTRAINT = phrases(
    r"must(?: not)?|without|no more than|not more than|except|unless|but not|at (?:least|most)|max(?:imum)?|min(?:imum)?|"
    r"within|keep(?:ing)?|limited|cannot|never|survives?|"
    r"budget|given|both|each|incl(?:uding|\.)?|untouched|ohne|sans|sin|senza|no single|drop|honou?r|only|fallback|"
    r"per \w+|not"
)
"""Words that put a bound on an answer; several of them make a hard question even where each part is easy."""

TECHNOLOGY = phrases(
    r"[ei]?bgp|ospf|is-?is|eigrp|mpls|ldp|rsvp(?:-te)?|sr-?mpls|srv6|segment routing|evpn|vxlan|vpls|vpws|l2vpn|l3vpn|"
    r"vpnv4|vrfs?|rr|route reflectors?|ecmp|lag|lacp|"
    r"mc-?lag|v?stp|rstp|mstp|qos|cg-?nat|nat|ipsec|ike(?:v1|v2)?|tls|dns|dhcp(?:6|v6)?|radius|tacacs|snmp|bfd|rpki|"
    r"roas?|tcam|firewalls?|anycast|multicast|pim|igmp|"
    r"qinq|macsec|dot1x|802\.1x|pppoe|bng|olt|gpon|sd-?wan|vwan|hsrp|vrrp|nsr|gr|graceful restart|flowspec|rtbh|"
    r"communit(?:y|ies)|local-?pref|next-?hop|as-?path|mtu|"
    r"pmtud?|tcp|udp|icmp|ipv6|load balancers?|proxy|vpn|tunnels?|gre|ptp|synce|wred|shaper|policer|acl|prefix-?list|"
    r"controllers?|roaming|cni|terraform|diameter|sip"
)
"""Networking in general, to count how many technologies a question brings together."""

PERSONAL = phrases(
    r"i|i'm|i've|i'd|i'll|me|my|mine|myself|he|she|his|her|him|colleagues?|coworkers?|boss|manager|sorry|apologies|"
    r"thanks?|thank|dear|regards|cheers|"
    r"hello|hi|hey|folks|guys|everybody|everyone|somebody|someone|anybody|anyone|week|today|yesterday|coffee|new here|"
    r"bother\w*|disturb\w*|kind|stupid|silly|forgot\w*|you|your|told|asked|promised|"
    r"laugh\w*|lunch|tea|holidays?|weekend|birthday|kids?|wife|husband|friend|apprentice|trainee|laptop|driver|honestly"
)
"""Words of talk around a question, rather than of the question."""

LIVE_WORDS = phrases(
    rf"(?:{METRIC}|{STATE}|sessions?|talkers?|subscribers?|subs|users|leases|nbrs?|neighbou?rs?|pool|left|"
    rf"interfaces down|macs?|maintenance|this morning|today|tonight)"
)
OWN_WORDS = phrases(rf"(?:{OWN_FACT}|the \w+)")
KNOWN_WORDS = phrases(
    r"default|standard|size|values?|types?|layers?|bits?|bytes?|watts|rfc|stack|header|frames?|packets?|max(?:imum)?|"
    r"min(?:imum)?|length|protocols?|states? after|roughly"
)
