"""A made-up month of a team's questions, to measure and to look at: by day and night, by tier, with hits, audits and flags."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.bench.questions import question
from bot.store.bulk_history import Past
from bot.types import Conversation, FlagReason, Kind, Platform, Question
from router.types import Tier, Visibility, Volatility

DAYS = 30
PEOPLE, CHANNELS = 150, 12
HIT, SMALL = 0.3, 0.62
"""The share of questions that the cache answers, and that it or the small model does."""
AUDITED, FLAGGED, LESSER = 0.02, 0.01, 0.01
ANSWER = "Check the interface counters twice, a minute apart, and compare what grows with the change log. " * 6
MODELS = {Tier.CACHE: "", Tier.SMALL: "simulated/small", Tier.FRONTIER: "simulated/frontier"}
USD = {Tier.CACHE: 0.0, Tier.SMALL: 0.0004, Tier.FRONTIER: 0.012}
MEDIAN_MS = {Tier.CACHE: 40, Tier.SMALL: 900, Tier.FRONTIER: 3200}
REASONS = {Tier.SMALL: "asks for one fact: look-up", Tier.FRONTIER: "asks for a cause"}
FLAGS = (FlagReason.WRONG, FlagReason.OUTDATED, FlagReason.INCOMPLETE, FlagReason.OTHER)
WEEKEND, NIGHT = 0.25, 0.15
"""How much of a working day's questions is asked on a day of the weekend, and in an hour of the night."""


@dataclass(frozen=True, slots=True)
class History:
    """So many questions up to a moment, the same for the same seed."""

    size: int
    until: datetime
    seed: int = 1

    def batches(self, batch: int = 5_000) -> Iterator[list[Past]]:
        """Yield the questions in the order in which they were asked."""
        draw = random.Random(self.seed)  # noqa: S311 (no secret)
        moments = sorted(self._moment(draw) for _ in range(self.size))
        answered: list[str] = []
        for first in range(0, self.size, batch):
            past = []
            for number in range(first, min(first + batch, self.size)):
                one = _past(draw, number, moments[number], answered)
                past.append(one)
                if one.tier is not Tier.CACHE and one.question.kind is Kind.ASK:
                    answered.append(one.question.id)
            yield past

    def _moment(self, draw: random.Random) -> datetime:
        while True:
            at = self.until - timedelta(days=DAYS * draw.random())
            busy = (WEEKEND if at.weekday() > 4 else 1.0) * (1.0 if 7 <= at.hour < 19 else NIGHT)  # noqa: PLR2004 (Friday; office hours)
            if draw.random() < busy:
                return at


def _past(draw: random.Random, number: int, at: datetime, answered: list[str]) -> Past:
    chance = draw.random()
    tier = Tier.CACHE if answered and chance < HIT else Tier.SMALL if chance < SMALL else Tier.FRONTIER
    audit = tier is Tier.SMALL and draw.random() < AUDITED
    key = f"q_{number:012}"
    place = Conversation(Platform.SLACK, "T0MONTH", f"C{number % CHANNELS:04}", "", Visibility.PUBLIC)
    parent = draw.choice(answered) if audit and answered else ""
    kind = Kind.AUDIT if parent else Kind.ASK
    asked = Question(key, kind, key, key, place, f"U{draw.randrange(PEOPLE):04}", question(number).first, at, parent=parent)
    usd, dearest = _around(draw, USD[tier]), _around(draw, USD[Tier.FRONTIER])
    return Past(
        question=asked,
        tier=tier,
        answer=ANSWER,
        model=MODELS[tier],
        volatility=draw.choice((Volatility.CONFIG, Volatility.STABLE)),
        reasons=(REASONS.get(tier, REASONS[Tier.SMALL]),),
        latency_ms=max(1, round(MEDIAN_MS[tier] * math.exp(draw.gauss(0, 0.5)))),
        usd=usd,
        frontier_usd=usd if tier is Tier.FRONTIER else dearest,
        saved_usd=dearest if tier is Tier.CACHE else None,
        best_effort=tier is Tier.SMALL and draw.random() < LESSER,
        source=draw.choice(answered) if tier is Tier.CACHE else "",
        flag=draw.choice(FLAGS) if kind is Kind.ASK and draw.random() < FLAGGED else None,
    )


def _around(draw: random.Random, usd: float) -> Decimal:
    return Decimal(round(usd * math.exp(draw.gauss(0, 0.4)) * 1e6)) / 1_000_000
