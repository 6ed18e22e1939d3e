"""The words of routing: tiers, outcomes, queries, attempts and answers.

Errors:

    RouterError
    ├── PolicyError      the policy file cannot be used; the message is one line that names the key
    ├── ModelFailure     one call to one target gave no usable answer; carries the Outcome
    └── NoAnswer         every target of every permitted tier failed; carries the attempts

Money is `Decimal` US dollars, times are aware UTC datetimes, durations are milliseconds unless the name says otherwise.
"""

from collections.abc import Callable
from datetime import datetime

from router.types.answers import Answer, Attempt, Completion, Entry, Judgement, Match, Outcome, Purpose, Source
from router.types.failures import ModelFailure, NoAnswer, PolicyError, RouterError, Unfinished
from router.types.model import Model, Origin, Prompt
from router.types.money import UNKNOWN_COST, Cost, CostSource, Quote, Usage
from router.types.questions import Decision, Mode, Query, Scope, Tier, Turn, Visibility, Volatility

__all__ = [
    "UNKNOWN_COST",
    "Answer",
    "Attempt",
    "Clock",
    "Completion",
    "Cost",
    "CostSource",
    "Decision",
    "Entry",
    "Judgement",
    "Match",
    "Mode",
    "Model",
    "ModelFailure",
    "NoAnswer",
    "Origin",
    "Outcome",
    "PolicyError",
    "Prompt",
    "Purpose",
    "Query",
    "Quote",
    "RouterError",
    "Scope",
    "Source",
    "Tier",
    "Turn",
    "Unfinished",
    "Usage",
    "Visibility",
    "Volatility",
]

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime; injected so that tests own the time."""
