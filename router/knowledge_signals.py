"""The forms of questions that a textbook or a manual answers: definitions, known facts, commands (pure)."""

from router.signals import NAMED, TEAM, Signal, small
from router.types import Volatility
from router.vocabulary import GENERIC, KNOWN_FACT, METRIC, OWN_FACT, SYSTEM, VERB, WIDE

_STABLE = Volatility.STABLE
_MEANS = r"(?:mean(?:s|ing)?|refers? to|stands? for|abbreviation|acronym|short for)"

KNOWN = "asks for a known fact"
HOW_TO = "asks how to do one thing"
EXPLAINS = "asks for a short explanation"
COMMAND = "asks for a command"
TERM = "asks what a term means"
_WHY = "asks why something is so in general"
_DIFFER = "asks how two terms differ"

DEFINITION_SIGNALS = (
    small(
        TERM,
        4,
        rf"(?:what (?:is|are|does)|does|define|explain)\b[^?!\n]{{1,60}}\b{_MEANS}|{_MEANS} (?:of|by)|stands? for|full form|"
        rf"was (?:ist|bedeutet|heisst)|que veut dire|qu'est-ce que?|que (?:es|significa|signifie)|cos'e|wat is",
        _STABLE,
        r"for us",
    ),
    small(
        TERM,
        3,
        r"what (?:is|are) (?:an? |the )?(?:[\w./+-]+ ){0,3}[\w./+-]+(?: (?:in|for) (?:\w+ ?){1,3})?\W{0,4}(?:$|\n)|define|"
        r"definition|concept of|is called what",
        _STABLE,
        r"happening|going|wrong|our|your|my|we|it|order|other|about|" + OWN_FACT + "|" + METRIC + "|" + WIDE,
    ),
    small(
        EXPLAINS,
        4,
        r"(?:explain|describe|tell)\b[^?!\n]{1,70}\b(?:in (?:one|two|a|1|2|simple|plain) (?:sentences?|lines?|words?|terms)|"
        r"briefly|simply|like i|to a (?:customer|beginner|child))|eli5|in (?:one|a) (?:sentence|line|word)|textbook|"
        r"in plain words",
        _STABLE,
    ),
    small(
        EXPLAINS,
        2,
        r"explain|how (?:does|do) [\w./+-]+(?: [\w./+-]+){0,4} work|what (?:does|do) [\w./+-]+(?: [\w./+-]+){0,3} do|"
        r"what does it do|what is [^?\n]{1,40} (?:used )?for|purpose of|meant by|what (?:exactly )?happens (?:in|during|at)",
        _STABLE,
        r"our|we|us|why|if|when",
    ),
    small(_DIFFER, 3, r"mix(?:ing|ed)? up|confus(?:e|ed|ing) [^?\n]{1,30} (?:and|with)", _STABLE),
    small(
        _DIFFER,
        3,
        r"differences? (?:between|of|from)|how (?:is|are|does|do) [^?!\n]{1,40} differ(?:ent)?|same (?:thing|as|\w+\W{0,4}$)|"
        r"synonyms?|unterschied|difference entre|diferencia|differenza|(?<!.)[^?\n]{2,40} (?:vs\.?|versus) [^?\n]{2,40}$",
        _STABLE,
        r"for us|our|we|us",
    ),
    small(
        _DIFFER,
        3,
        r"[^?!\n]{2,40} (?:vs\.?|versus|or) [^?!\n]{2,80}\b(?:which|what|who|where) (?:is|are|one|has|does)",
        _STABLE,
        r"for us|our|we|us|better|should",
    ),
    small(
        _WHY,
        5,
        r"why (?:is|are|do|does) (?:it|they|that|this|you|people|one|an?|the)?[^?!\n]{0,60}\b(?:called|named|known as|normal|"
        r"usual|common|harmless|expected|spelled)",
        _STABLE,
    ),
    small(
        _WHY,
        5,
        r"why (?:is|are|do|does) (?:it|they|that|you|people|one|an?|the)?[^?!\n]{0,60}\b(?:needed|required|used|written|need|"
        r"needs|use|uses|show|shows|have|has|start|starts|begin|begins)",
        _STABLE,
        TEAM.pattern + "|" + NAMED.pattern + r"|but|only|since|half|not|never|after|every|keeps?|still|suddenly|this|loss|high",
    ),
    small(
        "asks about devices in general",
        3,
        rf"(?:when|how|where|does|can|will) (?:would |does |do |can )?(?:an? )?{GENERIC} \w+",
        _STABLE,
        TEAM.pattern + "|" + NAMED.pattern + "|if|should",
    ),
)
KNOWN_SIGNALS = (
    small(KNOWN, 3, rf"(?:which|what|what is the) (?:[\w-]+ )?(?:{KNOWN_FACT}) (?:is|are|does|do|of|for|in|on)", _STABLE, WIDE),
    small(
        KNOWN,
        3,
        rf"(?:default|standard|max(?:imum)?|min(?:imum)?|well-?known|typical|di default) (?:[\w-]+ ){{0,2}}(?:{KNOWN_FACT})|"
        rf"(?:{KNOWN_FACT}) (?:of|for|in|di default)",
        _STABLE,
        WIDE + "|how|or",
    ),
    small(
        KNOWN,
        3,
        r"(?:uses?|over|runs? on|is|does|ip protocol|on) (?:[\w/.-]+ ){0,3}(?:tcp|udp|\d+) or (?:tcp|udp|\d+)|rfc ?\d{3,4}",
        _STABLE,
        "should|better",
    ),
    small(
        KNOWN,
        2,
        r"(?:is|are|does|do|can) (?:an? )?[\w./+-]+ (?:\w+ )?(?:use|uses|support|run|runs|need|carry|have|over|layer|tcp|udp|"
        r"part of|an?|the)",
        _STABLE,
        WIDE,
    ),
    small(
        "asks which part is which",
        2,
        r"which (?:one |part |of them |of the two )?(?:is|has|shows|carries|means|comes first)|what is (?:carried|inside|"
        r"in each)|which [\w-]+(?: [\w-]+)? (?:is|are|does|do|has)|(?:what|which [\w-]+(?: [\w-]+)?)\W{0,4}$",
        _STABLE,
        WIDE + "|and what",
    ),
)
COMMAND_SIGNALS = (
    small(
        COMMAND,
        3,
        r"syntax|commands?|cli|one-?liners?|regex|reg ?exp|keyword|knob|shortcut|xpath|bpf|(?:display|capture|wireshark|"
        r"tcpdump) filters?|config lines?|what do i (?:type|enter|paste|put)|befehl|commande|comando",
        _STABLE,
        r"command (?:center|centre)|command chain",
    ),
    small(
        COMMAND,
        3,
        rf"(?:{SYSTEM})\b[:,]? (?:\w+ ){{0,2}}(?:{VERB})|(?:{VERB}) [^?!\n]{{1,60}} (?:on|in|with|using|for|under|auf|sur|"
        rf"from|en) (?:an? |the |my |un |une )?(?:{SYSTEM})|(?:{VERB}) [^?!\n]{{1,50}}[,:] (?:{SYSTEM})|"
        rf"on (?:{SYSTEM}),? how|equivalent (?:of|to|for)|opposite of|counterpart",
        _STABLE,
        r"should|our|design|make sure|never|playbook|why",
    ),
    small(
        HOW_TO,
        3,
        rf"how (?:to|do i|can i|do you|does one|would i|do we|can we) (?:\w+ ){{0,1}}(?:{VERB})|steps? (?:to|for|please)|"
        rf"how is .{{1,30}} done|, how(?: do i \w+ (?:that|it))?\W{{0,4}}$|- how do i \w+|wie (?:kann|mache|setze|zeige|"
        rf"sehe) (?:ich|man)|comment (?:faire|afficher|voir|vider|activer|configurer)|como (?:puedo|se)",
        None,
        r"redundan\w*|resilien\w*|clean|rid|control|ready|down to|there from",
    ),
)

KNOWLEDGE_SIGNALS: tuple[Signal, ...] = (*DEFINITION_SIGNALS, *KNOWN_SIGNALS, *COMMAND_SIGNALS)
