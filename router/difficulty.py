"""The tier a question needs, how fast its answer ages, and the reasons in words (pure rules).

A question is taken apart (`wording`), the signals of both sides are looked for in the part that asks, and the stronger
side wins. On a tie, or when no rule recognises it, the frontier model answers: sending a hard question to the small
model costs more than the reverse.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from router.frontier_signals import FAULT_BESIDE_THE_QUESTION, FRONTIER_SIGNALS
from router.policy import Routing
from router.signals import Signal
from router.small_signals import NOT_PLAIN, SAYS_TOO_LITTLE, SHORT_SIGNALS, SMALL_SIGNALS
from router.types import Decision, Tier, Volatility
from router.vocabulary import CONSTRAINT, PERSONAL, TECHNOLOGY
from router.volatility import volatility_of_frontier, volatility_of_small
from router.wording import PADDED_WORDS, Message, Paste, read_message

NO_RULE = "no rule recognises it, so the frontier model"
NO_RULE_IN_THREAD = "it leans on its thread and no rule recognises it, so the frontier model"
OUTWEIGHED = "that outweighs that it {reason}"
ROUTINE = "is routine by your policy: {phrase}"
HARD = "is hard by your policy: {phrase}"
JARGON = "uses jargon of your policy: {phrase}"
AGES = {
    Volatility.LIVE: "its answer is live state",
    Volatility.CONFIG: "its answer holds until something is changed",
    Volatility.STABLE: "its answer is general knowledge",
}
MAX_REASONS = 3
"""How many reasons of the winning side are named; more do not help a reader."""

_ANYTHING = re.compile("")
_CHATTY_SHARE = 20
"""One word in so many about persons makes a long message talk around a question."""


def decide(text: str, routing: Routing, *, has_context: bool = False) -> Decision:
    """Return the cheapest tier expected to answer well, the volatility of the answer, and the reasons, strongest first.

    `has_context`: the question was asked inside a thread, so that what is merely short may lean on earlier words.
    Never raises, whatever the text.
    """
    message = read_message(text)
    small = _strongest_first(_small_side(message, routing, has_context=has_context))
    frontier = _strongest_first(_frontier_side(message, routing))
    if _strength(small) > _strength(frontier) + routing.margin:
        volatility = volatility_of_small(message, small)
        return Decision(Tier.SMALL, volatility, _reasons(small, frontier, volatility, NO_RULE))
    volatility = volatility_of_frontier(message, frontier)
    nothing = NO_RULE_IN_THREAD if has_context else NO_RULE
    return Decision(Tier.FRONTIER, volatility, _reasons(frontier, small, volatility, nothing))


def leaning(text: str, routing: Routing) -> int:
    """Return how clearly a question is routine (above 0) or hard (0 and below): the strength of the one side's signs over the other's."""
    message = read_message(text)
    small, frontier = _small_side(message, routing, has_context=False), _frontier_side(message, routing)
    return _strength(_strongest_first(small)) - _strength(_strongest_first(frontier))


def _small_side(message: Message, routing: Routing, *, has_context: bool) -> Iterator[Signal]:
    """Yield what speaks for the small model: the forms of routine questions, the policy's phrases, and being short."""
    if message.text_job:
        yield Signal("asks to reword or shorten a given text", Tier.SMALL, 4, _ANYTHING, volatility=Volatility.STABLE)
    yield from (signal for signal in SMALL_SIGNALS if signal.speaks(message.ask))
    yield from (_team_signal(ROUTINE, phrase, Tier.SMALL, 4) for phrase in _found(routing.small_phrases, message.prose))
    if has_context:
        return
    if message.paste is None and SAYS_TOO_LITTLE.speaks(message.ask):
        yield SAYS_TOO_LITTLE
    if message.paste is None and message.words <= routing.short_words:
        yield from (signal for signal in SHORT_SIGNALS if signal.speaks(message.ask))
        if not NOT_PLAIN.search(message.ask) and not _found(routing.jargon, message.prose):
            yield Signal("is short and plain", Tier.SMALL, 1, _ANYTHING)


def _frontier_side(message: Message, routing: Routing) -> Iterator[Signal]:
    """Yield what speaks for the frontier model: the forms of hard questions, the policy's phrases, and what the message carries."""
    yield from (signal for signal in FRONTIER_SIGNALS if signal.speaks(message.ask))
    yield from (_team_signal(HARD, phrase, Tier.FRONTIER, 6) for phrase in _found(routing.frontier_phrases, message.prose))
    yield from (_team_signal(JARGON, phrase, Tier.FRONTIER, 2) for phrase in _found(routing.jargon, message.prose))
    if message.paste is not None and not message.text_job:
        weight = 3 if message.paste is Paste.CONFIG else 2
        yield Signal(f"comes with pasted {message.paste.value}", Tier.FRONTIER, weight, _ANYTHING)
    bounds = len(CONSTRAINT.findall(message.ask))
    if bounds > 1:
        yield Signal("sets several constraints", Tier.FRONTIER, 1 if bounds == 2 else 3, _ANYTHING)  # noqa: PLR2004 (two are few)
    if message.asks > 2:  # noqa: PLR2004 (two short questions in one message are common)
        yield Signal("asks several things at once", Tier.FRONTIER, 1, _ANYTHING)
    yield from _weight_of_detail(message, routing)


def _weight_of_detail(message: Message, routing: Routing) -> Iterator[Signal]:
    """Yield what a long message says beside its question, unless that is talk around an easy one."""
    words = len(message.prose.split())
    dense = words > PADDED_WORDS and len(PERSONAL.findall(message.prose)) * _CHATTY_SHARE < words
    if len(set(TECHNOLOGY.findall(message.prose))) >= (3 if dense else 4):
        yield Signal("brings several technologies together", Tier.FRONTIER, 2, _ANYTHING)
    if not dense or message.text_job:
        return
    yield Signal("gives much detail", Tier.FRONTIER, 3 if words <= routing.max_small_words else 4, _ANYTHING)
    if FAULT_BESIDE_THE_QUESTION.speaks(message.prose):
        yield FAULT_BESIDE_THE_QUESTION


def _found(phrases: tuple[str, ...], prose: str) -> tuple[str, ...]:
    """Return which of a team's phrases stand in the prose as whole words."""
    return tuple(phrase for phrase in phrases if phrase.strip() and _whole_words(phrase).search(prose))


@lru_cache(maxsize=1024)
def _whole_words(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(phrase.strip().lower())}(?!\w)")


def _team_signal(reason: str, phrase: str, tier: Tier, weight: int) -> Signal:
    return Signal(reason.format(phrase=phrase), tier, weight, _ANYTHING)


def _strongest_first(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return one signal for each reason, the strongest one, in the order of their weights."""
    best: dict[str, Signal] = {}
    for signal in signals:
        if signal.reason not in best or best[signal.reason].weight < signal.weight:
            best[signal.reason] = signal
    return tuple(sorted(best.values(), key=lambda signal: -signal.weight))


def _strength(signals: tuple[Signal, ...]) -> int:
    """Return the weight of the strongest signal, and one more when another confirms it: many hints make no proof."""
    return signals[0].weight + min(len(signals) - 1, 1) if signals else 0


def _reasons(winners: tuple[Signal, ...], losers: tuple[Signal, ...], volatility: Volatility, nothing: str) -> tuple[str, ...]:
    named = [signal.reason for signal in winners[:MAX_REASONS]] or [nothing]
    if winners and losers:
        named.append(OUTWEIGHED.format(reason=losers[0].reason))
    return (*named, AGES[volatility])
