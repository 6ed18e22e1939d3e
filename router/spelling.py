"""Common misspellings of the words that tell what a question asks, and what is meant by each (data and one pure step)."""

import re

_VOCABULARY = """
    about active address anything attached because before best better between broken cause change check clear command commands
    compare config configuration configure contact convert could current currently customers decimal default define design
    difference disable does enable errors explain failover finished happen happened happens interface looking meaning
    migrate migration neighbor neighbors number options plan please prefix problem propose reason recommend replace review
    right running server session should show status subnet summarise summarize syntax there through translate tunnel
    uptime version what where which while without would write
"""
_TELLING = """
    analyse analyze pager wrong
    again agent alarm alarms alerts alive already announce announced archive assigned assignee associated attached available backup
    bandwidth behind belong belongs blocked circuit clients closed collector configured connected contract count counter
    counters customer customers denied deny description device discards down dropped drops duty engineer established
    errors firmware flapping flows forwarding free friday full health hostname installed incident inside instance
    joined learned leases licence light limit locked logged login maintenance master maximum memory month months moment
    morning often online open owner peers permitted phone policy port ports power prefixes present primary progress queue
    reachable reboot received registered released reload resolved resolver resolvers restarted retention roster route routes
    routing rules saved schedule scheduled seen sending serial sessions shift standby started state stand status still
    storage stored subscribers switch switchport synced system temperature template threshold ticket tickets today tonight
    traffic updated updates upgrade usage users utilisation utilization vendor version visitor window windows weekend working
"""
_REAL = """
    were three case cold bets dose thee summaries stats deign wile though sate cont clan form uses sits sand gain host hots
    lose sill later rues pots lots post phase prone rout routs roue dely update client drop error rule sale salve stare start
    tined pees pers peer sates user wring fight bath rooting polices police vision quite quiet stated posts heath patter
    severs sever shred plane plant filed wrongs page
"""
_REAL_WORDS = frozenset(_REAL.split())
"""Words that a slip in a telling word can yield, and that mean something else."""
_SHORTHAND = {
    "whats": "what is", "what's": "what is", "wats": "what is", "whos": "who is", "who's": "who is", "wheres": "where is",
    "where's": "where is", "how's": "how is", "hows": "how is", "when's": "when is", "whens": "when is", "y": "why",
    "u": "you", "pls": "please", "plz": "please", "wich": "which", "wat": "what", "hwo": "how", "wan't": "want",
    "cant": "can't", "dont": "don't", "doesnt": "doesn't", "isnt": "isn't", "wont": "won't", "didnt": "didn't",
    "rn": "right now", "atm": "at the moment", "cfg": "config", "conf": "config", "cmd": "command", "cmds": "commands",
    "diff": "difference", "btw": "between", "b/w": "between", "w/o": "without",
}  # fmt: skip


def _misspelt(word: str) -> set[str]:
    """Return `word` with one pair of neighbouring letters swapped, or one dropped or doubled, after its first letter."""
    inner = range(1, len(word) - 1)
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inner}
    dropped = {word[:i] + word[i + 1 :] for i in inner if len(word) > 4}  # noqa: PLR2004 (a shorter word becomes another one)
    doubled = {word[:i] + word[i] + word[i:] for i in inner if len(word) > 4}  # noqa: PLR2004 (as above)
    return (swapped | dropped | doubled) - _REAL_WORDS


_KNOWN = frozenset([*_VOCABULARY.split(), *_TELLING.split()])
_MENDED = {wrong: word for word in sorted(_KNOWN) for wrong in _misspelt(word) - _KNOWN} | _SHORTHAND
_WORD = re.compile(r"[a-z/']+")


def mend(prose: str) -> str:
    """Return lower-case prose with shorthand spelt out and the misspellings of telling words put right."""
    return _WORD.sub(lambda word: _MENDED.get(word[0], word[0]), prose)
