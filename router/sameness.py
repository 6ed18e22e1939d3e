"""May the answer to one question be served for another? The verdict, with its reason (pure)."""

from dataclasses import replace

from router.entities import LEANINGS, Entity, EntityType, Role, canonical_of, find_entities, folded
from router.reading.clauses import core
from router.reading.differences import hard_difference
from router.reading.mood import mode_of, tense_of
from router.reading.senses import senses
from router.reading.standalone import outside
from router.reading.tokens import Kind, tokenise
from router.reading.types import Reading, Verdict
from router.reading.wordings import SAME_TEXT, settle

__all__ = ["Reading", "Verdict", "compare", "read"]

LONGEST = 2000
"""Characters of a message that is read as one question, so that reading never holds a loop up for 20 ms."""
TOO_LONG = "too long to be one question"
_EVERYDAY = frozenset({EntityType.NUMBER, EntityType.QUANTITY, EntityType.TIME, EntityType.VERSION, EntityType.SITE, EntityType.NAME})
"""Entities that any question may name; with the others it is about a network."""
_EVERYDAY_SERVICES = frozenset({"22/tcp", "80/tcp", "443/tcp", "2049/tcp", "5432/tcp", "3306/tcp", "6379/tcp", "27017/tcp", "1433/tcp"})
_EVERYDAY_SYSTEMS = frozenset({"linux", "windows", "macos", "ubuntu", "debian", "rhel"})


def read(text: str) -> Reading:
    """Return the reading of a question; any text has one. What is longer than `LONGEST` is pasted rather than asked."""
    if len(text) > LONGEST:
        return _unread(text)
    lower = folded(text)
    entities = find_entities(text)
    whole = tokenise(lower, entities)
    tokens = core(whole)
    said = senses(tokens)
    named = [token.entity for token in tokens if token.entity is not None and token.entity.key not in said.implied]
    if said.mutual:
        named = [replace(entity, role=Role.NONE) for entity in named]
    reason = outside(lower, whole)
    leans = said.leans | {f"{entity.type}:{entity.value}": entity.role.value for entity in named if entity.role in LEANINGS}
    return Reading(
        text=text,
        canonical=canonical_of(lower, entities),
        entities=tuple(sorted({entity.key for entity in named})),
        masked=" ".join(said.embedded) or " ".join(token.surface for token in tokens if token.kind is not Kind.BREAK),
        strong=frozenset(said.strong),
        weak=frozenset(said.weak),
        sources=said.sources,
        ops=frozenset(said.ops),
        sequence=() if said.mutual else tuple(said.sequence),
        leans=leans,
        details={entity.key: entity.detail for entity in named if entity.detail},
        network=said.network or said.ours or any(_bears(entity) for entity in named),
        tense=tense_of(said.spoken),
        mode=mode_of(said.spoken),
        standalone=not reason,
        reason=reason,
    )


def _unread(text: str) -> Reading:
    nothing: frozenset[str] = frozenset()
    return Reading(
        text=text,
        canonical=text,
        entities=(),
        masked="",
        strong=nothing,
        weak=nothing,
        sources={},
        ops=nothing,
        sequence=(),
        leans={},
        details={},
        network=True,
        tense="",
        mode="",
        standalone=False,
        reason=TOO_LONG,
    )


def _bears(entity: Entity) -> bool:
    """Tell whether an entity makes a question one about a network: a host does, a number, a city or Windows does not."""
    if entity.type in {EntityType.SITE, EntityType.NAME}:
        return any(char.isdigit() for char in entity.value)
    return entity.type not in _EVERYDAY and entity.value not in _EVERYDAY_SYSTEMS | _EVERYDAY_SERVICES


def compare(stored: Reading, asked: Reading, similarity: float, threshold: float) -> Verdict:
    """Return the verdict, cheapest condition first; `similarity` is that of the masked texts, `threshold` the embedder's."""
    for reading in (stored, asked):
        if not reading.standalone:
            return Verdict(same=False, score=0.0, reason=reading.reason)
    if stored.canonical == asked.canonical:
        return Verdict(same=True, score=1.0, reason=SAME_TEXT)
    if different := hard_difference(stored, asked):
        return Verdict(same=False, score=0.0, reason=different)
    return settle(stored, asked, similarity, threshold)
