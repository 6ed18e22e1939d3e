"""What is read from a question, and the verdict on two."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What sameness needs of one text, computed once, so that stored questions are compared without reading them again.

    `entities` are sorted keys; `strong` the senses that another question must share, `weak` those that it may; `sources`
    the word that each sense was read from; `ops` how the question is put (`why`, `howto`, ...); `sequence` its words and
    entity keys in order; `leans` what follows `from`, `to` or `than`; `details` the domains of hosts; `network` tells
    whether it is about a network or about its team; `tense` and
    `mode` whether it asks what is, was, will be, should be or can be. When `standalone` is false, `reason` says why the text is never
    matched by itself.
    """

    text: str
    canonical: str
    entities: tuple[str, ...]
    masked: str
    strong: frozenset[str]
    weak: frozenset[str]
    sources: Mapping[str, str]
    ops: frozenset[str]
    sequence: tuple[str, ...]
    leans: Mapping[str, str]
    details: Mapping[str, str]
    network: bool
    tense: str
    mode: str
    standalone: bool
    reason: str

    @property
    def about(self) -> str:
        """Return the entities as one string, equal for two questions about the same things: what an index filters on."""
        return "|".join(self.entities)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the answer to the stored question answers the asked one; `score` in [0, 1] says how sure, `reason` why.

    `grey`: every hard condition holds and only the wording is unsettled, so that a judge may be asked.
    """

    same: bool
    score: float
    reason: str
    grey: bool = False
