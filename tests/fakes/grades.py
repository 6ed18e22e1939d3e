"""Makes graded answers for tests."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal

from bot.evals.types import Drawn, Fault, Grade, Review, Stratum, Unit, Verdict, Why
from router.types import Tier

_NUMBERS = itertools.count(1)
AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SAID = {"a": Verdict.ACCEPTABLE, "n": Verdict.NOT_ACCEPTABLE, "c": Verdict.CANNOT_TELL}


def make_grade(
    said: str = "",
    *,
    tier: Tier = Tier.SMALL,
    kind: str = "status",
    weight: float = 1.0,
    week: str = "2026-W48",
    why: Why = Why.RANDOM,
    text: str = "is cr1 up?",
    decided: Tier | None = None,
    asker: str = "U1",
    flaggers: tuple[str, ...] = (),
    audited: bool = False,
    fault: Fault | None = None,
    earlier: str = "",
    similarity: float | None = None,
    usd: str = "0.001",
    target: str = "",
) -> Grade:
    """Make an answer on which reviewers have said: `a`cceptable, `n`ot, or `c`annot tell."""
    question_id = f"q_{next(_NUMBERS):06}"
    reviews = tuple(
        Review(question_id, f"reviewer {number}", SAID[one], AT, fault if one == "n" else None) for number, one in enumerate(said)
    )
    return Grade(
        week=week,
        drawn=Drawn(Unit(question_id, Stratum(tier, kind, "C1")), why, weight if why is Why.RANDOM else 0.0),
        reviews=reviews,
        asker=asker,
        text=text,
        answer="Up.",
        model=f"{tier}-1",
        decided=decided or (Tier.FRONTIER if tier is Tier.FRONTIER else Tier.SMALL),
        usd=Decimal(usd),
        flaggers=flaggers,
        audited=audited,
        earlier=earlier,
        similarity=similarity,
        target=target,
    )
