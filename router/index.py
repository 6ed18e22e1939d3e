"""The vector index: what it remembers of an answer, how it is asked, and how it fails."""

import hashlib
import math
import re
import string
import uuid
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from router.types import RouterError

SCHEMA = 2
"""The version of a point's payload. It is part of every point and of the collection's name: another version is another collection."""

NAME_CHARS = 60
DETAIL_CHARS = 200
FOREVER = 2.0**53
"""The latest expiry that is stored: infinity has no form in a JSON payload."""

ID_CHARS = 24
_ALPHABET = string.digits + string.ascii_lowercase + "_-"
_DIGITS = {char: value for value, char in enumerate(_ALPHABET, 1)}
_BASE = len(_ALPHABET) + 1
"""No digit is 0: ids of different lengths are different numbers. 24 digits are less than the 128 bits of a UUID."""

Vector = Sequence[float]
"""The embedding of a text, of the embedder's size."""


class Reason(StrEnum):
    """Why the index could not do its part."""

    DOWN = "down"
    SLOW = "slow"
    LOCKED = "locked"
    """Another process owns the folder."""
    WRONG_SIZE = "wrong_size"
    """A vector or the stored collection has another size than the embedder's."""
    FULL = "full"
    BROKEN = "broken"
    """The stored data or the answer cannot be used; `clear` and a rebuild from SQL mend stored data."""


class IndexFailure(RouterError):  # noqa: N818 (a failure is expected: the question is answered by a model instead)
    """The index did not answer. The message is one line for the log; it holds no text of a question."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        line = " ".join(detail.split())[:DETAIL_CHARS]
        super().__init__(f"vector index {reason.value}: {line}" if line else f"vector index {reason.value}")
        self.reason = reason
        self.detail = line


@dataclass(frozen=True, slots=True)
class Point:
    """One remembered answer.

    `id` is the question's. `scope` and `entities` are matched exactly: `entities` is the whole set of entity keys
    (type:value:role) in canonical order, empty when there are none; `entity_keys` are the same one by one. `expires_at`
    is in unix seconds: the point is found while it lies after the asker's `now`, so that the default is never found.
    """

    id: str
    vector: Vector
    scope: str
    entities: str
    entity_keys: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    expires_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Near:
    """A remembered answer and the cosine similarity, in [-1, 1], of its vector to the one asked for."""

    id: str
    similarity: float


class VectorIndex(Protocol):
    """Finds remembered answers by likeness. Every method raises IndexFailure, nothing else.

    A cancelled call (its caller's deadline passed) leaves the index as usable as it was.
    """

    async def nearest(self, vector: Vector, scope: str, entities: str, *, now: float, limit: int) -> tuple[Near, ...]:
        """Return the most similar points of exactly this scope and these entities that expire after `now`, nearest first."""

    async def put(self, points: Sequence[Point]) -> None:
        """Remember points; one with a known id replaces the earlier one."""

    async def remove(self, ids: Sequence[str]) -> None:
        """Forget these points; unknown ids do not matter."""

    async def count(self) -> int:
        """Return how many points are remembered, expired ones included."""

    async def clear(self) -> None:
        """Forget everything and start anew; also mends stored data that is broken."""

    async def close(self) -> None:
        """Write what is not yet on disk and let go; calls after it fail with `down`."""


class IndexUpkeep(Protocol):
    """Forgets by content. Both methods raise IndexFailure, nothing else."""

    async def remove_about(self, keys: Sequence[str]) -> None:
        """Forget every point that has one of `keys` among its entity keys or tags."""

    async def remove_expired(self, now: float) -> None:
        """Forget every point that no longer lies after `now`, in unix seconds."""


def collection_name(embedder: str, size: int) -> str:
    """Name the collection of an embedder's vectors: two embedders, sizes or schemas never share one.

    The readable part is made of letters, digits and dashes; the digest keeps apart names that read alike.
    """
    readable = re.sub(r"[^a-z0-9]+", "-", embedder.lower()).strip("-")[:NAME_CHARS]
    digest = hashlib.sha256(embedder.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"switchboard-{readable}-{digest}-{size}-v{SCHEMA}"


def point_uuid(question_id: str) -> str:
    """Return the id under which Qdrant, which takes UUIDs and numbers alone, keeps a question's point.

    It is the question's id, read as a number, so that a search need not open what is stored with each point to tell whose it is.
    Raises IndexFailure for what is no id: one has up to 24 characters of `a-z`, `0-9`, `_` and `-`.
    """
    if not 0 < len(question_id) <= ID_CHARS or not _DIGITS.keys() >= set(question_id):
        raise IndexFailure(Reason.BROKEN, "a question has an id that the index cannot keep")
    number = 0
    for char in question_id:
        number = number * _BASE + _DIGITS[char]
    return str(uuid.UUID(int=number))


def question_of(point_id: str) -> str:
    """Return the question whose point has this id. Raises IndexFailure for what is no UUID: somebody else's point."""
    try:
        number, chars = uuid.UUID(point_id).int, ""
    except ValueError as error:
        raise IndexFailure(Reason.BROKEN, "the collection holds points that are not ours") from error
    while number:
        number, digit = divmod(number, _BASE)
        chars = _ALPHABET[digit - 1] + chars
    return chars


def within(scope: str, entities: str) -> str:
    """Return the one key of a scope and a set of entities.

    One condition on each point in place of two halves what a search costs where a question names nothing and the filter leaves most.
    """
    return hashlib.sha256(f"{len(scope)}:{scope}{entities}".encode("utf-8", "surrogatepass")).hexdigest()


def payload_of(point: Point) -> dict[str, object]:
    """Return what is stored with a point; nothing is searched by `scope` and `entities`, which are there to be read."""
    return {
        "id": point.id,
        "schema": SCHEMA,
        "scope": point.scope,
        "entities": point.entities,
        "within": within(point.scope, point.entities),
        "about": [*point.entity_keys, *point.tags],
        "expires_at": min(point.expires_at, FOREVER),
    }


def single(vector: Vector, size: int) -> "array[float]":
    """Return the vector in single precision, as the engine stores it.

    Raises IndexFailure unless it has `size` finite numbers: the engine itself would store NaN without a word.
    """
    numbers = array("f", vector)
    if len(numbers) != size:
        raise IndexFailure(Reason.WRONG_SIZE, f"the vector has {len(numbers)} numbers, the index {size}")
    if not all(map(math.isfinite, numbers)):
        raise IndexFailure(Reason.BROKEN, "the vector holds a value that is no finite number")
    return numbers


def cosine(score: float) -> float:
    """Return a score of the engine as a similarity: single precision may carry it a little past 1."""
    return min(1.0, max(-1.0, score))
