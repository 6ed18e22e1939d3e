"""The forms of questions that a small model answers well: one state, one fact, one command, one sum, one definition (pure)."""

from router.knowledge_signals import KNOWLEDGE_SIGNALS
from router.signals import NAMED, Signal, phrases, small
from router.types import Tier, Volatility
from router.vocabulary import KNOWN_FACT, LISTED, METRIC, OWN_FACT, STATE, UNIT, WIDE

_DO = r"(?:is|are|do|does|did|has|have|was)"
_LEAD = r"(?:^|[\n,:;.] ?|\band |\bso |\bknow |\btell me |\bknows )"
"""Where a question can begin inside a sentence."""
_LIVE, _CONFIG, _STABLE = Volatility.LIVE, Volatility.CONFIG, Volatility.STABLE


NUMBER = "asks for a number"
_UP = "asks for one fact: is it up, done or there"
_STATUS = "asks for one fact: status"
LOOK_UP = "asks for one fact: a look-up"
SUM = "asks for a conversion or a sum"
TALK = "is small talk"
AGREED = "asks what was agreed or set"
PERMITTED = "asks whether something is permitted"

STATUS_SIGNALS = (
    small(
        _UP,
        3,
        rf"{_LEAD}\W{{0,4}}(?:\w+ ){{0,2}}?(?:is|are|was|has|have|did|does|do|still)\b(?:[^?!;\n.]|"
        rf"\.(?=\w)){{1,70}}\b(?:{STATE})",
        _LIVE,
        WIDE + r"|how|what|enough|ok (?:to|for|with)|allowed|permitted|(?:open|blocked) (?:from|between|for|to)|"
        r"is there an? (?:template|form|page|list|runbook)",
    ),
    small(
        _UP,
        3,
        r"(?:tell me|know|check|confirm|see|say|verify)\b[^?!\n]{0,30}\b(?:if|whether)",
        _LIVE,
        r"should|would|design|enough|safe",
    ),
    small(
        _UP,
        3,
        r"up or down|yes ?(?:or|/) ?no|y/n|up since when|still (?:down|up|open)|(?:up|down|back|alive|reachable|online|"
        r"offline|"
        r"established|active|all full|full)\W{0,4}\?",
        _LIVE,
    ),
    small(
        _UP,
        3,
        r"(?:ist|sind) [^?!\n]{1,40} (?:da|oben|aktiv|erreichbar|up|down|online|offline|fertig)|lauft|est[- ](?:il|elle)|"
        r"l'etat|esta (?:arriba|activ\w|caid\w)|e (?:attiv\w|raggiungibile|su)|hat (?:heute )?jemand",
        _LIVE,
    ),
    small(
        _STATUS,
        3,
        rf"(?:{METRIC}) (?:of|on|for|at|in|from|towards|per|across|over|between)",
        _LIVE,
        r"if|happens?|why|how|what (?:is|do|would)|should",
    ),
    small(
        _STATUS, 3, rf"(?:what is|how is|list|show|show me|give me) (?:the |our )?(?:\w+ ){{0,2}}(?:{METRIC}|{LISTED}|doing)", _LIVE, WIDE
    ),
    small(
        _STATUS,
        4,
        r"(?:where|which|what|on what) (?:is |are |do we see |switch |switch ?port |port |"
        r"interface )[^?!\n]{0,40}(?:\d{1,3}\.){3}\d+[^?!\n]{0,20}(?:on|plugged|connected|behind|learned|seen)|"
        r"(?:(?:\d{1,3}\.){3}\d+|mac) (?:\S+ )?is (?:connected|plugged|behind|learned)|when did [^?!\n]{1,40} last|"
        r"last (?:vpn )?(?:log ?in|session)|assignee|assigned to|who (?:took|is working)|stand with|this shift|covering",
        _LIVE,
    ),
    small(_STATUS, 2, r"^(?:status|state)|(?:status|state|uptime|count)\W{0,4}$", _LIVE),
    small(
        "asks what there is at the moment",
        3,
        rf"(?:any|seeing any\w*|hay|gibt es) (?:\w+ ){{0,2}}(?:{METRIC}|{LISTED}|tickets?|incidents?|outages?|p1|faults?|"
        rf"flaps?|changes?|maintenance|works?)|is there an? (?:outage|incident|problem|alarm)",
        _LIVE,
        r"why|should",
    ),
    small(
        NUMBER,
        3,
        r"how (?:many|much|full|busy|hot|loaded|old|big|far|often|long|fast)|number of|cuant\w+|combien|wie ?(?:viele?|voll|"
        r"lange|oft)|quant[aeio]s?|hoeveel",
        None,
        r"how (?:much|long|often|fast|many)\b[^?\n]{0,30}\b(?:should|would|can we|do (?:we|i) need|needed)",
    ),
    small(
        "asks about this moment",
        2,
        r"right now|at (?:the|this) moment|currently|now|as of now|this minute|at present|momentan|gerade|aktuell|"
        r"en ce moment|ahora",
        _LIVE,
        r"what now|(?:until|till|by) now",
    ),
    small("asks who is on duty", 3, r"(?:on[- ]?call|on duty|on shift|bereitschaft|astreinte|de guardia)", _LIVE),
)
LOOK_UP_SIGNALS = (
    small(
        LOOK_UP,
        3,
        r"(?:who|which team|which group|which carrier) (?:is|has|owns|runs|handles|manages|looks after|delivers|issues|"
        r"approved|signed|do i (?:call|ask|contact|talk))|^\W*whose|belongs? to|responsible for",
        _CONFIG,
        r"should|right|wrong|guilty",
    ),
    small(LOOK_UP, 3, rf"(?:what|which|welche[rs]?|quel(?:le)?|que|cual|quale) (?:[\w-]+ ){{0,2}}(?:{OWN_FACT})", _CONFIG, WIDE),
    small(
        LOOK_UP,
        3,
        rf"(?:what is|tell me|give me|send me|need|looking for|list|wie (?:lautet|ist|heisst)|quel(?:le)? est|cual es|"
        rf"qual e) (?:the |our |its |your |die |der |das |la |le |l'|el |il )?(?:[\w-]+ ){{0,3}}(?:{OWN_FACT})",
        _CONFIG,
        WIDE + "|configs?|policy that",
    ),
    small(LOOK_UP, 3, rf"(?:{OWN_FACT}) (?:of|for|on|at|in|set|do i pick|we use|fur|von|de|du|del|di)", _CONFIG, WIDE + "|or|how|configs?"),
    small(
        LOOK_UP,
        3,
        rf"(?:look up|look for|find|check|show|list|give me|send me|get|tell me) (?:me )?(?:the |our |my |"
        rf"all )?(?:\w+ ){{0,3}}(?:{METRIC}|{LISTED}|{OWN_FACT})",
        None,
        WIDE + "|configs?|policy|how",
    ),
    small(
        "asks where something is",
        3,
        r"where (?:is|are|do (?:i|we) (?:find|see)|can (?:i|we) find|to find|does)|wo (?:ist|sind|finde|steht)|ou (?:est|se)|"
        r"donde esta\w*|dov'e",
        _CONFIG,
        WIDE + "|where is the (?:problem|fault|loss|catch|mistake)",
    ),
    small(
        "asks for a date",
        3,
        r"when (?:is|was|will|did)|(?:from|until|since) when|what (?:time|day|date)|^\W*when (?:does|do)|wann|quand|cuando",
        _CONFIG,
        "if|should",
    ),
    small(
        PERMITTED,
        3,
        r"(?:is|are) \S{1,40}(?: \S{1,40}){0,3} (?:allowed|permitted|blocked|open|denied)|(?:which|what) (?:\w+ )?(?:rule|"
        r"policy) (?:allows|permits|blocks|denies)",
        _CONFIG,
    ),
    small(
        AGREED,
        3,
        r"(?:do|did) we (?:peer|use|have|buy|decide|agree|set|get|run|announce|support|keep|log|call|name|monitor)|(?:is|"
        r"are) there an? (?:template|form|list|page|runbook|process|dashboard|spare|doc\w*|contact)|how (?:is|"
        r"are) [^?!\n]{2,50} (?:called|named|numbered|labell?ed|classified|allocated|addressed)",
        _CONFIG,
        WIDE + "|what if|miss",
    ),
)
SUM_SIGNALS = (
    small(
        SUM,
        3,
        rf"(?:in|to|into|as|en|auf) (?:an? )?(?:{UNIT})|how (?:many|much) (?:usable |useful |is )?(?:hosts|ips|addresses|"
        rf"subnets|/\d\d|{UNIT}|\d)|how long (?:to|does it take to|for) (?:copy|transfer|download|upload|send)|\d\d?(?::\d\d|"
        rf"h| ?am| ?pm)? ?(?:utc|cet|cest|gmt|est|pst|ist)|what time (?:is it )?(?:in|here)|is \d[\d./]+ (?:\w+ )?(?:private|"
        rf"rfc ?1918|public|usable|valid)",
        _STABLE,
        r"migrat\w*|convert\w* (?:our|this|the|my) \w+ (?:config|rules|policy)|free|left|in use",
    ),
    small(
        SUM,
        3,
        r"(?:wild-?card|net-?mask|mask (?:for|of)|broadcast|network address|first (?:usable )?(?:host|ip)|"
        r"last (?:usable )?(?:host|ip)|usable)\b[^?!\n]{0,40}(?:/ ?\d+|\d+)|(?:hosts?|addresses|ips) in (?:an? )?/\d+|"
        r"(?:belong|inside|within|part of|fall in|overlap)\b[^?!\n]{0,40}/\d\d|(?:\d{1,3}\.){3}\d+(?:/\d+)? (?:prefix length|"
        r"cidr|mask|netmask|range)|as one (?:prefix|block|summary)|in human|(?:binary|hex|decimal) (?:of|for)",
        _STABLE,
    ),
)
CHAT_SIGNALS = (
    small(
        TALK,
        3,
        r"^\W*(?:hi|hello|hey|thanks?|thank you|thx|ty|cheers|good (?:morning|evening|night|afternoon|job|bot)|morning|bye|"
        r"great|nice|perfect|awesome|lol|ok(?:ay)?|cool|danke|merci|gracias|grazie|many thanks|never ?mind|this is great|"
        r"found it|solved|got it|all good|works now|who are you|what can you do)\b[^?\n]{0,40}$|coffee|are you (?:there|"
        r"alive|awake)|jokes?|how are you",
        _STABLE,
    ),
    small(
        "says itself that it is a small thing",
        2,
        r"quick (?:one|question)|nothing more|no analysis|just (?:tell|need|want|give|send)|(?:only|all i) (?:need|want)|"
        r"one (?:detail|thing|missing)|stupid question|silly question|simple question|for my notes|no need to (?:tell|"
        r"explain)|what (?:was|is) [^?\n]{1,40} again|remind me",
        None,
    ),
)
SMALL_SIGNALS: tuple[Signal, ...] = (*STATUS_SIGNALS, *LOOK_UP_SIGNALS, *KNOWLEDGE_SIGNALS, *SUM_SIGNALS, *CHAT_SIGNALS)

SAYS_TOO_LITTLE = small(
    "says too little to go on, so the small model can ask back",
    4,
    r"^\W*$|^\W*(?:help|ping|test|hello)\W{0,4}$|^\W*(?:it|this|that|everything|nothing)(?:'s| is| does| doesn't|"
    r" isn't)?(?: \w+){0,3} (?:work\w*|broken|down|again|slow|stuck)\W{0,4}$",
    _STABLE,
)
"""Not counted inside a thread: there it leans on what was said before."""

_NOT_TERSE = phrases(
    r"how|why|could|should|would|do we|can you|get|dig|incl(?:uding)?|propose|build|options?|upgrade|both|and|or|but|"
    r"make|who|wrong|bad|bug",
    # A sentence that says how things are, rather than a few words around a value.
    r"(?<!.)(?!\W{0,4}(?:what|which|who|whose|where|when|is|are|was|do|does|did|has|have|any|show|list|need|give|tell|"
    r"please)\b)[^\n]{0,150}"
    r"\b(?:is|are|was|were|has|have|had|gets?|got|came|comes|went|goes|moved|since|not|missing|higher|lower|no|some|did|"
    r"all|after)",
    r"(?:rid|prepare|standardi[sz]e|harmoni[sz]e|clean up|over \d+|on \d+ \w+)",
)

SHORT_SIGNALS: tuple[Signal, ...] = (
    Signal("is short and names one thing", Tier.SMALL, 2, NAMED, unless=_NOT_TERSE),
    Signal("is a short request for one fact", Tier.SMALL, 2, phrases(rf"(?:{METRIC}|{LISTED}|{OWN_FACT}|{KNOWN_FACT})"), unless=_NOT_TERSE),
    Signal(
        "asks a single question of fact",
        Tier.SMALL,
        2,
        phrases(_LEAD + rf"(?:which|what|who|where|when|whose|{_DO}) [^?\n]{{3,70}}(?:\?|$|\n)"),
        unless=phrases(WIDE + "|how|and (?:what|how|why)|ok to"),
    ),
    Signal(
        "asks to look something up",
        Tier.SMALL,
        2,
        phrases(
            _LEAD + r"(?:(?:please |can you |could (?:someone|somebody|you) )?(?:show|list|get|send|see|look up|look for|remind|paste|"
            r"tell|give)) [^?\n]{3,70}"
        ),
        unless=phrases(WIDE + r"|how|config|policy that"),
    ),
)
"""Counted for short questions alone: a few words, or one plain question, around something that has a value."""

NOT_PLAIN = phrases(
    WIDE + r"|we|our|us|and|or|how|who|why|build|keep|make|survive|plan|without|but|only|(?:every|all|each) [^?]{2,30}|options?|"
    r"ideas?|anywhere|everywhere"
)
"""What makes a short question more than plain."""
