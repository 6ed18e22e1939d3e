"""What the worker and the process that owns a Qdrant Edge folder say to each other."""

import pickle
import struct
from array import array
from dataclasses import dataclass

from router.index import Near, Point, Reason

HEAD = struct.Struct("<I")
"""A message's length in bytes comes before it."""


@dataclass(frozen=True, slots=True)
class Open:
    """Open the folder, and nothing else."""


@dataclass(frozen=True, slots=True)
class Search:
    """See `VectorIndex.nearest`; the vector travels in single precision, as the engine stores it."""

    vector: "array[float]"
    scope: str
    entities: str
    now: float
    limit: int


@dataclass(frozen=True, slots=True)
class Put:
    """Remember points."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """Forget by question id."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveAbout:
    """Forget by entity key or tag."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveExpired:
    """Forget what expired by `now`, in unix seconds."""

    now: float


@dataclass(frozen=True, slots=True)
class Count:
    """Count the points."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Drop the folder and create it anew."""


Request = Open | Search | Put | Remove | RemoveAbout | RemoveExpired | Count | Clear


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; `count` answers Count and is the number of points touched otherwise."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to Search."""

    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not done, and why."""

    reason: Reason
    detail: str


Reply = Done | Found | Refused


def pack(message: Request | Reply) -> bytes:
    """Turn a message into its length and its bytes."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body)) + body


def unpack_request(body: bytes) -> Request:
    """Read what the worker sent."""
    message: Request = pickle.loads(body)  # noqa: S301 (both ends of this private pipe are this program)
    return message


def unpack_reply(body: bytes) -> Reply:
    """Read what the owner of the folder answered."""
    message: Reply = pickle.loads(body)  # noqa: S301 (the same)
    return message
