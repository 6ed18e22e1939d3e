"""How fast the answer to a question ages: live state, until something is changed, or general knowledge (pure rules)."""

from collections.abc import Sequence

from router.frontier_signals import FAULT_PATTERN, OUTAGE, SPECIAL_CASE, WOULD_HAPPEN
from router.knowledge_signals import COMMAND, EXPLAINS, HOW_TO, KNOWN
from router.signals import HOST, NAMED, TEAM, Signal, phrases
from router.small_signals import NUMBER
from router.types import Volatility
from router.vocabulary import KNOWN_WORDS, LIVE_WORDS, OWN_WORDS, TECHNOLOGY
from router.wording import Message, Paste

PAST = phrases(
    r"yesterday(?:'s)?|last (?:night|week|month|year|weekend|friday|monday|tuesday|wednesday|thursday|time)(?:'s)?|"
    r"at \d\d?[:.]\d\d|post-?mortem|rfo|report|gestern|hier soir|ayer|ieri"
)
"""An event that is over: its cause does not change from minute to minute."""

PROCESS = phrases(r"changes?|chg|cab|ticket|request|badge|access|contract|process|approval|order|raise|report|escalat\w+|vpn account")
"""Words of a team's own procedures, which are set by the team and not by a textbook."""


SPACE = phrases(r"ips?|addresses|free|hosts?|days|weeks|months")
"""What is counted in an inventory or a setting, rather than on a device."""

_CLEAR = 3
"""The weight from which the form of a question alone tells how fast its answer ages."""


def volatility_of_small(message: Message, signals: Sequence[Signal]) -> Volatility:
    """Return how fast the answer to a routine question ages; `signals` are those of the small side, strongest first."""
    reasons = {signal.reason for signal in signals}
    if message.text_job:
        return Volatility.STABLE
    if reasons & {HOW_TO, COMMAND, EXPLAINS}:
        return Volatility.CONFIG if HOST.search(message.ask) or PROCESS.search(message.ask) else Volatility.STABLE
    clear = {signal.volatility for signal in signals if signal.weight >= _CLEAR and not (signal.reason == KNOWN and _is_tied(message))}
    if NUMBER in reasons and NAMED.search(message.ask) and not SPACE.search(message.ask):
        clear.add(Volatility.LIVE)
    for volatility in (Volatility.STABLE, Volatility.LIVE, Volatility.CONFIG):
        if volatility in clear:
            return volatility
    return _by_words(message, signals)


def _by_words(message: Message, signals: Sequence[Signal]) -> Volatility:
    """Return the volatility that a terse question's own words hint at."""
    if LIVE_WORDS.search(message.ask):
        return Volatility.LIVE
    hinted = next((signal.volatility for signal in signals if signal.volatility is not None), None)
    if hinted is not None:
        return hinted
    if _is_tied(message):
        return Volatility.CONFIG
    general = KNOWN_WORDS.search(message.ask) or (TECHNOLOGY.search(message.ask) and not OWN_WORDS.search(message.ask))
    return Volatility.STABLE if general else Volatility.CONFIG


def volatility_of_frontier(message: Message, signals: Sequence[Signal]) -> Volatility:
    """Return how fast the answer to a hard question ages; `signals` are those of the frontier side, strongest first."""
    reasons = {s.reason for s in signals}
    faulty = any(s.volatility is Volatility.LIVE for s in signals)
    if {OUTAGE, FAULT_PATTERN} <= reasons or (faulty and message.paste is Paste.LOG):
        return Volatility.LIVE
    planned = any(s.volatility is Volatility.CONFIG and s.reason != WOULD_HAPPEN for s in signals)
    if not planned and not faulty and not _is_tied(message) and reasons & {SPECIAL_CASE, WOULD_HAPPEN} and TECHNOLOGY.search(message.prose):
        return Volatility.STABLE
    config = max((s.weight for s in signals if s.volatility is Volatility.CONFIG), default=0)
    live = max((s.weight for s in signals if s.volatility is Volatility.LIVE), default=0)
    if config >= min(live, 3) or PAST.search(message.prose):
        return Volatility.CONFIG
    return Volatility.LIVE


def _is_tied(message: Message) -> bool:
    """Whether the question is about one team's own network rather than about networking."""
    return NAMED.search(message.prose) is not None or TEAM.search(message.prose) is not None
