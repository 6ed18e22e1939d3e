"""How fast the answer to a question ages: live state, until something is changed, or general knowledge (pure rules)."""

from collections.abc import Sequence

from router.frontier_signals import (
    ADVICE,
    BUILD,
    CAUSE,
    DESIGN,
    FAULT_PATTERN,
    FIND,
    HOW_SHOULD,
    JUDGEMENT,
    OUTAGE,
    PLAN,
    SPECIAL_CASE,
    WEIGHS,
    WOULD_HAPPEN,
    WRITE,
)
from router.kind import ADDRESSES, INSTANCE
from router.kinds import volatility_of_kind
from router.knowledge_signals import COMMAND, EXPLAINS, HOW_TO, KNOWN, TERM
from router.recorded import is_recorded
from router.settled_kinds import RECORDED
from router.signals import HOST, NAMED, TEAM, Signal, phrases
from router.small_signals import AGREED, LOOK_UP, PERMITTED, SUM, TALK
from router.types import Volatility
from router.vocabulary import HARM, KNOWN_WORDS, LIVE_WORDS, OWN_WORDS, SYSTEM, TECHNOLOGY
from router.wording import PADDED_WORDS, Message, Paste

PAST = phrases(
    r"yesterday(?:'s)?|last (?:night|week|month|year|weekend|friday|monday|tuesday|wednesday|thursday|time)(?:'s)?|"
    r"at \d\d?[:.]\d\d|post[- ]?mortem|rfo|rca|report|reason for outage|gestern|hier soir|ayer|ieri"
)
"""An event that is over: its cause does not change from minute to minute."""

PROCESS = phrases(
    r"changes?|chg|cab|ticket|request|badge|access|contract|process|approval|order|raise|report|escalat\w+|vpn account|"
    r"visitors?|technicians?|field tech|escort|cages?|data ?cent(?:er|re)s?|building|regist\w+|accounts?"
)
"""Words of a team's own procedures, which are set by the team and not by a textbook."""

_OWN_WAYS = phrases(
    r"(?:emergency|standard|normal|pre-?approved|urgent)(?: \w+)? changes?|changes?|cab|approvals?|procedures?|badges?|visitors?|guests?|"
    r"technicians?|new (?:cpe|switch|router|site|device|customer|server|employee|colleague|box|branch|ap|host)|enter \w+|stored|"
    r"(?:do|did|have) we|our"
)
"""What a question is about that no textbook answers, though it names no device."""

_SPELT_OUT = phrases(
    r"commands?|syntax|cli|one-?liners?|regex|keyword|steps?|how (?:to|do|does|can|would|is)|example|befehl|commande|comando"
)
_DENY_ON_SYSTEM = phrases(
    rf"(?:deny|block|drop|permit|allow|reject|rate-?limit) [^?!\n]{{0,60}}\b(?:{SYSTEM})|(?:{SYSTEM})\b[^?!\n]{{0,30}}\b(?:deny|"
    r"block|drop|permit|allow|reject|rate-?limit)"
)
_GENERAL = phrases(
    r"mean(?:s|ing)?|in (?:simple|plain|other|one|two) \w+|short explanation|what does (?:that|it|this) say|definition|explain\w*"
)
_PUT_DOWN = frozenset([AGREED, PERMITTED])
"""The forms of questions about what somebody laid down."""

_SOMEBODYS = phrases(r"who(?:m|se)?|customers?|owners?|assigned|retention|deleted|kept|keep|stored?|we|our|free|left|[kmgt]bit")
_COMMAND_TO = phrases(r"(?:commands?|syntax|cli) (?:to|for|that|which)")
_RATIONALE = phrases(
    r"why (?:do|does|would|should|did) (?:we|you|one|people|anyone|anybody|an?|the) [^?\n]{0,60}"
    r"\b(?:need|use|have|want|called?|exist|matter)|"
    r"why (?:is|are) [^?\n]{0,60}\b(?:needed|used|called|necessary|important|recommended)"
)
"""Why something is done or called as it is: a reason that was given once, where no fault is told."""

_HARM = phrases(HARM)
_TROUBLE = phrases(
    r"(?:problem|issue|trouble|fault)s? (?:on|at|in|with|between|towards|over|via) (?:the|our|this|that|my|\w+-?\d)"
    r"[^?\n]{0,60}\b(?:where|fix|solve|find|locate|isolate)"
)
"""A fault that stands somewhere now and is to be found."""

_OPEN = frozenset([CAUSE, FIND, DESIGN, PLAN, ADVICE, WOULD_HAPPEN, SPECIAL_CASE, OUTAGE, WRITE, WEIGHS, BUILD, HOW_SHOULD, JUDGEMENT])
"""The forms of hard questions that are more than a look at one thing, whatever things they name."""

_CLEAR = 3
"""The weight from which the form of a question alone tells how fast its answer ages."""


def volatility_of_small(message: Message, signals: Sequence[Signal]) -> Volatility:
    """Return how fast the answer to a routine question ages; `signals` are those of the small side, strongest first."""
    found = _of_routine(message, signals)
    return Volatility.CONFIG if found is Volatility.LIVE and is_recorded(message.ask) else found


def _of_routine(message: Message, signals: Sequence[Signal]) -> Volatility:
    if message.text_job:
        return Volatility.STABLE
    if INSTANCE.search(message.ask) or any(signal.weight >= _CLEAR and signal.reason != TALK for signal in signals):
        signals = [signal for signal in signals if signal.reason != TALK]  # A greeting in front of a question.
    reasons = {signal.reason for signal in signals}
    if HOW_TO in reasons or (COMMAND in reasons and _SPELT_OUT.search(message.ask)):
        return _of_manual(message)
    general = bool(reasons & {SUM, TERM}) and not _names_more_than_numbers(message.ask)
    kind = volatility_of_kind(message.ask)
    if kind is not None and (not general or (kind is Volatility.CONFIG and not (SUM in reasons and not _SOMEBODYS.search(message.ask)))):
        return kind
    if COMMAND in reasons or _DENY_ON_SYSTEM.search(message.ask) or (EXPLAINS in reasons and LOOK_UP not in reasons):
        return _of_manual(message)
    found = _by_form(message, signals) or _by_words(message, signals)
    if found is Volatility.LIVE or general or TALK in reasons or not INSTANCE.search(message.ask):
        return found
    return Volatility.CONFIG if RECORDED.search(message.ask) or reasons & _PUT_DOWN else Volatility.LIVE


def _names_more_than_numbers(ask: str) -> bool:
    """Whether a device, a ticket or a circuit is named: what sums are made with is addresses alone."""
    return INSTANCE.search(ADDRESSES.sub(" ", ask)) is not None


def _of_manual(message: Message) -> Volatility:
    """Return the volatility of a command or a procedure: a manual's, unless it is about the team's own things."""
    return Volatility.CONFIG if HOST.search(message.ask) or PROCESS.search(message.ask) else Volatility.STABLE


def _by_form(message: Message, signals: Sequence[Signal]) -> Volatility | None:
    """Return the volatility that a clear form of question tells."""
    clear = {signal.volatility for signal in signals if signal.weight >= _CLEAR and not (signal.reason == KNOWN and _is_tied(message))}
    if any(signal.reason == KNOWN for signal in signals) and not _is_tied(message) and not LIVE_WORDS.search(message.ask):
        return Volatility.STABLE  # A protocol's own default has the form of a device's reading: "what is bgp's hold time".
    if Volatility.LIVE in clear and not any(
        s.weight >= _CLEAR and s.volatility is Volatility.STABLE and s.reason != KNOWN for s in signals
    ):
        return Volatility.LIVE
    return next((volatility for volatility in (Volatility.STABLE, Volatility.LIVE, Volatility.CONFIG) if volatility in clear), None)


def _by_words(message: Message, signals: Sequence[Signal]) -> Volatility:
    """Return the volatility that a terse question's own words hint at."""
    if LIVE_WORDS.search(message.ask) and not _GENERAL.search(message.ask):
        return Volatility.LIVE
    if _OWN_WAYS.search(message.ask):
        return Volatility.CONFIG
    if _GENERAL.search(message.ask) and not _is_tied(message):
        return Volatility.STABLE
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
    if (
        {OUTAGE, FAULT_PATTERN} <= reasons
        or (FIND in reasons and _TROUBLE.search(message.ask) and not _GENERAL.search(message.ask))
        or (not reasons & _OPEN and message.paste is Paste.LOG)
    ):
        return Volatility.LIVE
    kind = volatility_of_kind(message.ask) if message.words <= PADDED_WORDS and not reasons & _OPEN else None
    if kind is not None:
        return kind
    if _COMMAND_TO.search(message.ask) and not reasons & {CAUSE, FIND, PLAN, WRITE}:
        return _of_manual(message)
    planned = any(s.volatility is Volatility.CONFIG and s.reason != WOULD_HAPPEN for s in signals)
    if not planned and not faulty and not _is_tied(message) and reasons & {SPECIAL_CASE, WOULD_HAPPEN} and TECHNOLOGY.search(message.prose):
        return Volatility.STABLE
    config = max((s.weight for s in signals if s.volatility is Volatility.CONFIG), default=0)
    live = max((s.weight for s in signals if s.volatility is Volatility.LIVE), default=0)
    unknown = config == live == 0 and INSTANCE.search(message.ask) is not None and not RECORDED.search(message.ask)
    explained = _RATIONALE.search(message.ask) is not None and not INSTANCE.search(message.ask) and not _HARM.search(message.ask)
    settled = explained or (config >= min(live, 3) and not unknown) or PAST.search(message.prose) or is_recorded(message.ask)
    return Volatility.CONFIG if settled else Volatility.LIVE


def _is_tied(message: Message) -> bool:
    """Whether the question is about one team's own network rather than about networking."""
    return NAMED.search(message.prose) is not None or TEAM.search(message.prose) is not None
