"""Judges replayed answers by their rows' labels, and adds them up (pure)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.replay.rows import Row
from router.policy import Ttl
from router.types import Tier, Volatility


@dataclass(frozen=True, slots=True)
class Replayed:
    """A row and what became of it.

    `tier` is None when nobody answered. `volatility` is the row's label, else the router's decision. `source` and
    `similarity` are those of a cache hit. `usd` is what its model calls cost, `frontier_usd` what the frontier model alone would
    have; None is unknown. `latency_ms` is the real time of decision and look-up plus the natural latency of the models.
    """

    row: Row
    scope: str
    tier: Tier | None
    volatility: Volatility | None
    source: Row | None
    similarity: float | None
    model: str
    usd: Decimal | None
    frontier_usd: Decimal | None
    latency_ms: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that half, and 19 of 20, of a tier's answers did not exceed; None where the tier did not answer."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a replay; one for which no row has a label is None.

    `served`: answers by the tier that gave them; what is missing to `questions` was declined or failed.
    `false_hits`: cache hits whose source row has another key.
    `missed_hits`: rows that a model answered although one had answered an earlier row of the same key and scope, and that
    answer's time to live had not run out: what an ideal cache with these TTLs would have served. The time to live goes by the
    earlier row's volatility, and a hit does not renew it.
    `under_routed`: labelled frontier, but the small model answered; `over_routed`: the reverse. A cache hit is neither.
    `cost_usd`: every attempt in the ledger. `all_frontier_cost_usd`: each question that was not declined, cached ones
    included, asked of the frontier tier's first model: its own prompt, the tokens of that model's own answer to it, no cache.
    """

    questions: int
    served: Mapping[Tier, int]
    false_hits: int | None
    missed_hits: int | None
    under_routed: int | None
    over_routed: int | None
    cost_usd: Decimal
    all_frontier_cost_usd: Decimal
    latency_ms: Mapping[Tier, Latency]


def judge(done: Sequence[Replayed], ttl: Ttl, cost_usd: Decimal) -> Summary:
    """Return the summary of rows in the order in which they were replayed; `cost_usd` is the ledger's."""
    served = Counter(one.tier for one in done)
    keyed = any(one.row.key is not None for one in done)
    tiered = any(one.row.tier is not None for one in done)
    return Summary(
        questions=len(done),
        served={tier: served[tier] for tier in Tier},
        false_hits=sum(map(is_false, done)) if keyed else None,
        missed_hits=sum(source is not None for source in missed(done, ttl)) if keyed else None,
        under_routed=_routed(done, Tier.FRONTIER, Tier.SMALL) if tiered else None,
        over_routed=_routed(done, Tier.SMALL, Tier.FRONTIER) if tiered else None,
        cost_usd=cost_usd,
        all_frontier_cost_usd=sum((one.frontier_usd or Decimal(0) for one in done), Decimal(0)),
        latency_ms={tier: _latency(one.latency_ms for one in done if one.tier is tier) for tier in Tier},
    )


def is_false(one: Replayed) -> bool:
    """Whether a hit served the answer to a question of another key; without both keys nobody can tell."""
    if one.source is None or None in (one.row.key, one.source.key):
        return False
    return one.source.key != one.row.key


def missed(done: Sequence[Replayed], ttl: Ttl) -> tuple[Row | None, ...]:
    """Return for each row the one whose answer an ideal cache would have served where a model was asked; None for the others."""
    standing: dict[tuple[str, str], tuple[datetime, Row]] = {}
    found: list[Row | None] = []
    for one in done:
        could = _could(one, standing)
        found.append(could)
        if one.row.key is None or one.volatility is None or one.tier not in (Tier.SMALL, Tier.FRONTIER):
            continue
        until = one.row.at + timedelta(seconds=ttl.of(one.volatility))
        place = (one.scope, one.row.key)
        if place not in standing or until > standing[place][0]:
            standing[place] = (until, one.row)
    return tuple(found)


def _could(one: Replayed, standing: Mapping[tuple[str, str], tuple[datetime, Row]]) -> Row | None:
    if one.row.key is None or one.tier in (Tier.CACHE, None):
        return None
    until, source = standing.get((one.scope, one.row.key), (one.row.at, one.row))
    return source if until > one.row.at else None


def _routed(done: Sequence[Replayed], labelled: Tier, answered: Tier) -> int:
    return sum(one.row.tier == labelled and one.tier is answered for one in done)


def _latency(milliseconds: Iterable[float]) -> Latency:
    ordered = sorted(milliseconds)
    return Latency(_at(ordered, 0.5), _at(ordered, 0.95))


def _at(ordered: Sequence[float], share: float) -> float | None:
    """Return the value that this share does not exceed, by nearest rank."""
    return round(ordered[math.ceil(share * len(ordered)) - 1], 3) if ordered else None
