"""Proposes a threshold: tries values of the policy's keys on the labelled set, and writes a diff where the evidence supports one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.evals.choosing import Bounds, Candidate, Finding, Judged, best, judge_all
from bot.evals.evidence import Yardstick
from bot.evals.flagging import Flagger
from bot.evals.labelled import Labelled, costs
from bot.evals.policy_text import diff, with_key
from bot.evals.reading import error_of
from router.policy import parse_policy
from router.types import Tier

GRID: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("cache.similarity", tuple(step / 20 for step in range(1, 20))),
    ("routing.margin", (0, 1, 2, 3, 4)),
    ("routing.short_words", (0, 4, 6, 8, 10, 12, 14, 16, 20)),
    ("routing.max_small_words", (15, 25, 35, 45, 60, 80)),
)
"""The keys that are tuned, and the values that are tried."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the evidence says of each key. `proposed` and `diff` are None and empty where no change is supported.

    `findings` holds each key's most telling candidate, `kept` the keys of which no value changes who answers any case.
    """

    graded: int
    findings: tuple[Judged, ...]
    kept: tuple[str, ...]
    proposed: Judged | None
    diff: str
    flaggers: tuple[Flagger, ...]


def tune(labelled: Labelled, text: str, name: str, default_similarity: float) -> Tuning:
    """Try every value of every key in a policy's text; `name` is its file's. Raises PolicyError."""
    policy = parse_policy(text, name)
    bounds = Bounds(policy.evals.tolerance, policy.evals.min_reviews)
    before = labelled.tiers(policy, default_similarity, by_channel=False)
    by = Yardstick(error_of(policy.evals), costs(policy, labelled))
    candidates = [_candidate(labelled, text, key, value, default_similarity) for key, value in _tried()]
    judged = judge_all(labelled.cases, before, candidates, by, bounds)
    chosen = best(judged) if labelled.graded >= bounds.min_reviews else None
    telling = [one for key, _ in GRID if (one := _most_telling(judged, key))]
    return Tuning(
        graded=labelled.graded,
        findings=tuple(telling),
        kept=tuple(key for key, _ in GRID if all(one.candidate.key != key for one in judged)),
        proposed=chosen,
        diff=diff(text, _changed(text, chosen.candidate), name) if chosen else "",
        flaggers=labelled.flaggers,
    )


def _tried() -> Iterator[tuple[str, float]]:
    yield from ((key, value) for key, values in GRID for value in values)


def _candidate(labelled: Labelled, text: str, key: str, value: float, default_similarity: float) -> Candidate:
    changed = with_key(text, key, value)
    after: tuple[Tier, ...] = labelled.tiers(parse_policy(changed, key), default_similarity, by_channel=False)
    return Candidate(key, value, after)


def _changed(text: str, candidate: Candidate) -> str:
    return with_key(text, candidate.key, candidate.value)


def _most_telling(judged: Sequence[Judged], key: str) -> Judged | None:
    """Return the candidate of a key of which there is most to say: a supported one, else the one that lacks least."""
    mine = [one for one in judged if one.candidate.key == key]
    thin = [one for one in mine if one.finding is Finding.THIN]
    return best(mine) or min(thin, key=lambda one: (one.missing, -one.effect.gain), default=None) or (mine[0] if mine else None)
