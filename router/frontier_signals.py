"""The forms of questions that need a frontier model: causes, designs, plans, risks, reviews, several constraints (pure)."""

from router.signals import Signal, frontier
from router.types import Volatility
from router.vocabulary import ARTEFACT, CHOICE, CONTRAST, HARD_VERB, HARM, OUTCOME

_LIVE, _CONFIG = Volatility.LIVE, Volatility.CONFIG

PLAN = "asks for a plan or a migration"
FAULT_PATTERN = "describes a fault and its pattern"
OUTAGE = "is about an outage with decisions to take"
WOULD_HAPPEN = "asks what would happen"
SPECIAL_CASE = "asks about a special case"
CAUSE = "asks for a cause"
HOW_SHOULD = "asks how we should do something"
WRITE = "asks to write a configuration or a document"
BUILD = "asks to build something"
WEIGHS = "weighs alternatives"
JUDGEMENT = "asks for a judgement"
ADVICE = "asks for advice"
DESIGN = "asks for a design"
FIND = "asks to find a fault"

CAUSE_SIGNALS = (
    frontier(
        CAUSE,
        4,
        r"why|how come|(?:root )?causes?|caused|causing|rca|reasons? (?:for|behind|why)|find (?:the )?(?:reason|out why)|"
        r"what (?:happened|triggered|explains)|"
        r"what (?:is|are|could be|can be|might be) (?:going on|happening|wrong|broken|behind|the (?:issue|problem|reason))|"
        r"(?:went|goes|going) wrong|"
        r"how (?:can|could) (?:this|that|it|\w+ (?:\w+ ){0,4}(?:become|be|happen))|how is (?:this|that|it) possible|"
        r"chain of events|what did (?:we|i|our \w+) (?:miss|overlook|do wrong)|"
        r"where does (?:it|this|that|the \w+) come from|what (?:can|could) (?:it|this|that) be|explanations? for|any (?:clue|"
        r"idea|guess|hint)s?|"
        r"warum|wieso|weshalb|woran|pourquoi|por que|que puede ser|perche|waarom|dlaczego",
        _LIVE,
        unless=r"(?:no need to (?:tell|explain)|not asking|don't (?:tell|need to know)) (?:me )?why|why (?:is|are) (?:it|they|this|"
        r"that) (?:called|named|normal|usual|common|harmless)",
    ),
    frontier(
        FIND,
        4,
        r"troubleshoot\w*|debug (?:this|why|the)|diagnos\w+|investigat\w+|track down|find (?:it|the (?:fault|loop|leak|"
        r"culprit|bug|problem))|figure out|dig into|find out|look into|"
        r"anali?y[sz]e|analysis|narrow (?:it|this) down|what else (?:can|could)|how (?:would|could|might) (?:this|these|"
        r"they) (?:all )?(?:be )?(?:connected|related|linked)|fix (?:it|this|that)|where (?:do (?:we|i)|to) (?:look|start)|"
        r"what (?:would you|do (?:we|i)|should (?:we|i)|to) (?:check|capture|look at|test)|bug\W{0,4}\?|guilty|culprit|"
        r"suspects?|"
        r"coincidence|related or|(?:who|which) (?:\w+ ){0,2}(?:is right|is wrong|wrong)",
        _LIVE,
        unless=r"no (?:\w+ )?analysis",
    ),
    frontier(FAULT_PATTERN, 3, HARM, _LIVE, also=CONTRAST),
    frontier(CAUSE, 4, r"what is (?:it|this|that)\W{0,4}$", _LIVE, also=HARM),
    frontier(
        "reports a fault instead of asking for a fact",
        3,
        r"(?<!.)(?!\W{0,4}(?:what|which|who|whose|where|when|how|is|are|was|do|does|did|has|have|any|show|list|please)\b)[^?\n]{0,150}\b"
        r"(?:fail(?:s|ing|ed)|flapping|dropping|dies|dying|hangs?|hung|freez(?:es|ing)|crash(?:es|ed|ing)|stuck|unreachable|unusable|slow|"
        r"broken|los(?:es|ing)|stopped|one-?way|missing|rebooting|looping|leaking|disappears?|kills)\b[^?]{0,400}$",
        _LIVE,
    ),
    frontier("describes a fault", 1, HARM, _LIVE),
    frontier(
        "tells of something odd",
        2,
        r"but|though|although|every \d+|every (?:time|day|night|morning|hour|few)|each time|whenever|since then|always|half|"
        r"exactly|randomly|sometimes|while|nobody|only (?:from|to|at|in|on|over|with|one|when|vrf|the)|not (?:from|in)|"
        r"(?:in|from|to|on|at|for) (?:just |only |exactly )?one (?:\w+)|missing|higher|lower|(?:for|on) some|one-?way|"
        r"one way|since (?:we|the|i|they|last)",
        _LIVE,
    ),
    frontier(
        OUTAGE,
        3,
        r"what do (?:we|i) (?:do|tell|say)|what to (?:do|tell)|who do we (?:warn|tell|inform)|which ones do we|"
        r"customers? (?:report|complain|say|insist)\w*|"
        r"(?:users|sites|offices|people|everybody|everyone) (?:are|is|have) (?:down|dark|without|offline)|war room|"
        r"major incident|sites? (?:is |are )?dark|whole \w+ (?:\w+ )?(?:down|dark|no|without|offline)",
        _LIVE,
    ),
)
DESIGN_SIGNALS = (
    frontier(
        DESIGN,
        4,
        r"(?<!by )design|redesign|re-?architect\w*|architect\w*|blueprint|road-?map|strateg\w+|trade-?offs?|pros and cons|"
        r"propos(?:e|"
        r"als?)|concept|"
        r"how (?:should|would|could|shall) (?:we|you|our|one|the)|should (?:we|i|it|our|the)|(?:what|who|which \w+|"
        r"where) should|what (?:do|could) we (?:build|do)|decide(?! to use)|"
        r"what would (?:a|an|the) [^?!\n]{1,50} look|do we want|would you (?:do|use|go|pick|choose|recommend|build)|(?:make|"
        r"making) sure|options\W{0,4}\?|(?:our|the|my|what) options|"
        r"dimension(?:ing)?|capacity plan\w*|^size|sizing|architektur|entwurf|konzept|quelle architecture|disen\w+|"
        r"redundan\w+|resilien\w+|(?:how many|how much) [^?\n]{1,40} do we need|"
        r"(?:sollten|sollen) wir|wie (?:bauen|machen|sollten|sollen|losen) wir|modo migliore|meilleure (?:facon|maniere)|"
        r"mejor (?:forma|manera)",
        _CONFIG,
        unless=r"did we decide|have redundan\w+ \w+ (?:failed|up)",
    ),
    frontier(
        HOW_SHOULD,
        3,
        rf"how (?:do|can|could|might|did) (?:we|you) (?:\w+ ){{0,1}}(?:{HARD_VERB})|how to (?:make sure|avoid|prevent|ensure|"
        rf"protect|scale|survive|migrate|move from|design|secure)|^\W*make (?:the|our) [^?\n]{{2,40}} (?:survive|resilient|"
        rf"redundant|safe|faster|scale)",
        _CONFIG,
    ),
    frontier(
        ADVICE,
        2,
        r"(?:best|better) (?:\w+ )?(?:ways?|practi[cs]e|approach|options?|choice|model|design|setup|solution|method)|"
        r"recommend\w*|suggest\w*|advi[sc]e|what would you|is it (?:worth|smart|wise|ok|okay|safe|realistic|possible)|"
        r"worth (?:it|to|the)|sensible|reasonable|makes? sense|ideas|thoughts|opinion|argue|convince|justify|enough (?:to|"
        r"for)|should|cheap\w*|live without|what now|how bad|what about|get away with",
        _CONFIG,
    ),
    frontier(
        JUDGEMENT,
        3,
        r"expensive|really|honestly|fragile|robust|reliable|independent|smart\w*|optimal|ideal|overkill|acceptable|realistic|"
        r"mature|future-?proof|scalable|good enough|too (?:much|many|big|small|risky|slow)",
        _CONFIG,
    ),
    frontier(
        WEIGHS,
        3,
        rf"(?:or|vs\.?|versus|compared (?:to|with)|instead of|rather than)\b[^?!\n]{{0,50}}\b(?:{CHOICE})|"
        rf"(?:{CHOICE})\b[^?!\n]{{0,60}}\b(?:or|versus|vs|instead of)",
        _CONFIG,
        unless=r"up or down|yes or no|or not",
    ),
    frontier(
        WEIGHS,
        3,
        r"(?<![^\n])(?:[^?\n]{0,60}\. )?(?:[\w/-]+ ){1,5}or (?:[\w/-]+)\b[^?]{0,40}",
        _CONFIG,
        unless=r"is|are|does|do|use|uses|has|have|did|over|up|yes|any|which|what|who|where|how|show|more|or (?:not|down|offline)",
    ),
    frontier(
        BUILD,
        4,
        r"^\W*(?:build|implement|automate|develop|offer|deploy|stretch|merge|integrate|replace|aggregate|balance|optimi[sz]e|"
        r"redesign|rework|scale|reduce|improve|connect|segment|isolate|protect|secure|prevent|separate|get rid|prepare|"
        r"standardi[sz]e|harmoni[sz]e|clean up|split|retire|phase out|simplify|turn (?:our|the)|full \w+ config)",
        _CONFIG,
    ),
)
PLAN_SIGNALS = (
    frontier(
        PLAN,
        4,
        r"migra(?:t|r|z)\w+|cut-?over|renumber\w*|roll-?outs?|in phases|phased|waves?|upgrade (?:path|plan|order)|"
        r"downgrades?|mop|method of procedure|safely|decommission\w*|consolidat\w+|"
        r"(?:make|write|draft|need|give me|prepare|create) (?:an? |the )?(?:[\w-]+ ){0,3}plan|plan (?:the|a|an|our|how|for)|"
        r"plan\W{0,4}\?|[\w-]+ plan (?:for|to|with|covering)|"
        r"(?:in )?(?:which|what) (?:order|sequence)|(?:\w+est|right) order|order of (?:steps|work)|(?:do|shut|check|fix|"
        r"upgrade|move|replace|boxes|what) first|what first|go/no-?go|(?:without|no|zero) (?:any |a )?(?:downtime|outage|"
        r"interruption|loss|impact|(?:\w+ )?outage)|"
        r"hitless|in-?service|step by step|welche(?:r|n)? reihenfolge|was \w+ wir zuerst|dans quel ordre",
        _CONFIG,
        unless=r"(?:rate|data|floor|dial|numbering|address) plan (?:of|for)",
    ),
    frontier(PLAN, 2, r"upgrades?|swap|move|replace|rework", _CONFIG),
    frontier(
        WOULD_HAPPEN,
        4,
        rf"what (?:breaks|fails|dies|stops)|goe?s? down with|dependenc\w+|depends? on|what (?:happens|would happen|"
        rf"could happen|would|could|might|will) [^?!\n]{{0,40}}\b(?:{OUTCOME})|what if|impacts?|"
        r"blast radius|risks?|risky|side[- ]effects?|consequences?|could go wrong|can go wrong|(?:is it|is this|are we) safe|"
        r"single points? of failure|worst case|what wins|takes? precedence|wins|where would|was passiert",
        _CONFIG,
    ),
)
REVIEW_SIGNALS = (
    frontier(
        "asks for a review",
        4,
        r"review|look(?:ing)? over|sanity[- ]check|second pair of eyes|(?:anything|something) (?:wrong|missing|off|dangerous|"
        r"risky)|(?:any|see) (?:problems?|issues?|mistakes?|concerns?|holes?|gaps?) (?:with|in)|"
        r"what would you change|audit (?:of|our|my|the|this)|critique|(?:bites?|hurts?|haunts?|burns?) us|(?:is|are) (?:this|"
        r"our|my|the) [^?!\n]{1,40}(?:complete|correct|sane|sound|sufficient|enough|good enough|good|secure|safe|right)|"
        r"(?:check|verify) (?:this|my|our) (?:\w+ )?(?:config\w*|policy|acl|filter|design|plan|rules?)|improve|(?:does|do|"
        r"will|would) (?:this|my|our) [^?!\n]{1,40}(?:do what|work|hold|match|suffice)",
        _CONFIG,
    ),
    frontier(
        WRITE,
        3,
        rf"(?:write|generate|create|build|draft|produce|prepare|compose|develop|make|give me|need|want|propose|script|"
        rf"convert|translate|port)\b[^?!;\n]{{0,60}}\b(?:{ARTEFACT})",
        _CONFIG,
        unless=r"from the|commands?|config lines?|one-?liner|syntax|regex|rule (?:id|number)|link|where|one rule|announcement",
    ),
    frontier(
        "asks for a whole policy or configuration",
        3,
        rf"(?:{ARTEFACT}) (?:that|which|so that|with|including)|(?:{ARTEFACT})[^?!\n]{{0,60}}\bincluding",
        _CONFIG,
        unless=r"runbook with|page|link",
    ),
    frontier(
        "is about an attack or a weakness",
        2,
        r"attack(?:er|ers|s)?|threats?|compromis\w+|breach\w*|intrud\w+|stolen|thief|zero[- ]trust|harden\w*|exploit\w*|"
        r"exfiltrat\w+|malicious|hack\w*|auditors?|findings|lateral movement|exposed|vulnerab\w+|ddos\w*|spoofed",
        _CONFIG,
    ),
    frontier(
        SPECIAL_CASE,
        2,
        r"(?:if|(?<!^)when|while|once|during)\b[^?!\n]{3,120}\b(?:can|does|do|did|will|would|is|are|still|happens?|gets?)|"
        r"(?:can|does|do|will|would|is|are|still)\b[^?!\n]{3,120}\b(?:if|when|while|once|during)",
        None,
    ),
)
FRONTIER_SIGNALS: tuple[Signal, ...] = (*CAUSE_SIGNALS, *DESIGN_SIGNALS, *PLAN_SIGNALS, *REVIEW_SIGNALS)

FAULT_BESIDE_THE_QUESTION = frontier(FAULT_PATTERN, 3, HARM, _LIVE, also=CONTRAST)
