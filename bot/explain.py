"""What `switchboard explain` does with text: decisions for questions, and the score of the rules on labelled questions (pure)."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.intervals import Rate, rate
from bot.lines import LineError, read_lines
from router.difficulty import decide
from router.policy import Routing
from router.types import Decision, Tier, Volatility
from router.vocabulary import TECHNOLOGY

NO_ROWS = "there is no labelled question in the file"


class _Asked(BaseModel):
    """One line of `explain -`."""

    model_config = ConfigDict(strict=True, frozen=True)
    id: str | int
    text: str


class _Labelled(BaseModel):
    """One line of a labelled file; `volatility` and `kind` may be left out."""

    model_config = ConfigDict(strict=True, frozen=True)
    text: str
    tier: Literal["small", "frontier"]
    volatility: Literal["live", "config", "stable"] | None = None
    kind: str = Field(default="")


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many answers labelled `labelled` were taken for `decided`."""

    labelled: str
    decided: str
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """The errors among some of the questions. Under-routed: a frontier question sent to small; over-routed: the reverse."""

    name: str
    questions: int
    under_routed: Rate
    over_routed: Rate


@dataclass(frozen=True, slots=True)
class Peer:
    """What another rule would do on the same questions; `random` is its expectation at the same share of small."""

    name: str
    under_routed: float
    over_routed: float


@dataclass(frozen=True, slots=True)
class RoutingScore:
    """The rules against labels. `volatility` counts right answers among the labelled ones; it is None without labels."""

    total: Part
    to_small: Rate
    volatility: Rate | None
    confusion: tuple[Confusion, ...]
    kinds: tuple[Part, ...]
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    row: _Labelled
    decision: Decision

    @property
    def hard(self) -> bool:
        return self.row.tier == "frontier"

    @property
    def small(self) -> bool:
        return self.decision.tier is Tier.SMALL


def explain_lines(lines: Iterable[str], routing: Routing) -> Iterator[str]:
    """Decide each JSON line {"id", "text"} and yield {"id", "tier", "volatility", "reasons"}, in order; blank lines are skipped.

    Raises LineError at the first line that cannot be used; what came before it has been yielded.
    """
    for asked in read_lines(lines, _Asked):
        decision = decide(asked.text, routing)
        yield json.dumps({"id": asked.id, "tier": decision.tier, "volatility": decision.volatility, "reasons": decision.reasons})


def score(rows: Iterable[str], routing: Routing) -> RoutingScore:
    """Judge the rules on JSON lines {"text", "tier"} with optional "volatility" and "kind". Raises LineError."""
    judged = [_Judged(row, decide(row.text, routing)) for row in read_lines(rows, _Labelled)]
    if not judged:
        raise LineError(NO_ROWS)
    kinds = sorted({one.row.kind for one in judged} - {""})
    aged = [one for one in judged if one.row.volatility is not None]
    pairs = Counter((str(one.row.volatility), str(one.decision.volatility)) for one in aged)
    return RoutingScore(
        total=_part("all", judged),
        to_small=rate(sum(one.small for one in judged), len(judged)),
        volatility=rate(sum(one.row.volatility == one.decision.volatility for one in aged), len(aged)) if aged else None,
        confusion=tuple(Confusion(right, got, pairs[right, got]) for right in Volatility for got in Volatility if (right, got) in pairs),
        kinds=tuple(_part(kind, [one for one in judged if one.row.kind == kind]) for kind in kinds),
        peers=_peers(judged, routing),
    )


def to_json(scored: RoutingScore) -> str:
    """Return the score as one JSON object, with the fields of RoutingScore."""
    return json.dumps(asdict(scored), indent=2)


def render(scored: RoutingScore) -> str:
    """Return the score as text for a terminal."""
    total = scored.total
    lines = [
        f"{total.questions} questions, {scored.to_small.share:.1%} to the small model",
        f"  under-routed (frontier questions sent to small)  {_with_interval(total.under_routed)}",
        f"  over-routed (small questions sent to frontier)   {_with_interval(total.over_routed)}",
    ]
    if scored.volatility is not None:
        lines += [f"  volatility right                                 {_with_interval(scored.volatility)}"]
        lines += [
            f"    {one.labelled:>6} taken for {one.decided:<6} {one.count:5}" for one in scored.confusion if one.labelled != one.decided
        ]
    lines += ["", f"{'the same questions by':<28}{'under-routed':>14}{'over-routed':>14}"]
    peers = (Peer("these rules", total.under_routed.share, total.over_routed.share), *scored.peers)
    lines += [f"{peer.name:<28}{peer.under_routed:>14.1%}{peer.over_routed:>14.1%}" for peer in peers]
    if scored.kinds:
        lines += ["", f"{'kind':<28}{'questions':>10}{'under-routed':>14}{'over-routed':>14}"]
        lines += [
            f"{part.name:<28.28}{part.questions:>10}{_fraction(part.under_routed):>14}{_fraction(part.over_routed):>14}"
            for part in scored.kinds
        ]
    return "\n".join(lines)


def _part(name: str, judged: list[_Judged]) -> Part:
    hard = [one for one in judged if one.hard]
    easy = [one for one in judged if not one.hard]
    under = rate(sum(one.small for one in hard), len(hard))
    return Part(name, len(judged), under, rate(sum(not one.small for one in easy), len(easy)))


def _peers(judged: list[_Judged], routing: Routing) -> tuple[Peer, ...]:
    """Return the simple rules to compare with; the first is the first design's: short and without jargon is small."""
    mix = sum(one.small for one in judged) / len(judged)
    return (
        _peer("short and without jargon", judged, lambda text: _is_short_and_plain(text, routing)),
        _peer("all small", judged, lambda _: True),
        _peer("all frontier", judged, lambda _: False),
        Peer("random at the same mix", mix, 1 - mix),
    )


def _peer(name: str, judged: list[_Judged], is_small: Callable[[str], bool]) -> Peer:
    hard = [is_small(one.row.text) for one in judged if one.hard]
    easy = [is_small(one.row.text) for one in judged if not one.hard]
    return Peer(name, sum(hard) / len(hard) if hard else 0.0, easy.count(False) / len(easy) if easy else 0.0)


def _is_short_and_plain(text: str, routing: Routing) -> bool:
    words = text.lower()
    jargon = TECHNOLOGY.search(words) is not None or any(term.lower() in words for term in routing.jargon if term)
    return len(words.split()) <= routing.short_words and not jargon


def _fraction(rate: Rate) -> str:
    return f"{rate.count}/{rate.of}" if rate.of else "-"


def _with_interval(rate: Rate) -> str:
    if not rate.of:
        return "-"
    return f"{_fraction(rate):>9} {rate.share:>6.1%}  [{rate.low:.1%}, {rate.high:.1%}]"
