"""Network entities in a text: what it names, in one notation, with roles."""

from router.entities.finder import find_entities, folded
from router.entities.masks import canonical, canonical_of, masked
from router.entities.types import LEANINGS, Entity, EntityType, Role

__all__ = ["LEANINGS", "Entity", "EntityType", "Role", "canonical", "canonical_of", "find_entities", "folded", "masked"]
