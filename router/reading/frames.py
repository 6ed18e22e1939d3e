"""What a network team asks again and again, as frames: the words that together ask for one thing (pure; the frames are beside)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from router.entities import Entity
from router.reading.lexicon import lexicon
from router.reading.said import Senses

_ANY = "*"
_AS_ASKED = "="
_ASKING = frozenset(
    {"?why", "?who", "?when", "?where", "?count", "?duration", "?amount", "?often", "?difference", "?should", "?howto", "?yesno"}
)
"""Ways of putting a question that a frame must know of; `what` says nothing that a noun alone does not."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing asked for. A question that has all words of a core, and no word beyond `also` and `keep`, asks for it.

    `near` are types of entities of which one must be named, `without` those of which none may be; `keep` are words that stay
    beside the frame's name and have to be met by the other question, too (`*`: any); `drops` are entities that the frame implies;
    `op` is how the question is put after all (`=`: as it is).
    """

    name: str
    op: str
    cores: tuple[frozenset[str], ...]
    also: frozenset[str]
    keep: frozenset[str]
    near: tuple[frozenset[str], ...]
    without: frozenset[str]
    drops: frozenset[str]
    settled: bool
    """Whether it stays as it is until somebody changes it."""
    mutual: bool
    """Whether it is the same from either end: a distance is."""

    def stands_beside(self, types: frozenset[str]) -> bool:
        """Tell whether the entities named are those that the frame is about."""
        return all(types & group for group in self.near) and not types & self.without

    def explains(self, core: frozenset[str], found: Senses, ops: frozenset[str]) -> bool:
        """Tell whether no word and no way of asking is left over; where only the way of asking is the core, no light word either."""
        if self.op != _AS_ASKED and not ops <= core | self.also:
            return False
        if all(word.startswith("?") for word in core) and not found.weak <= lexicon().bland | self.also:
            return False
        return _ANY in self.keep or all(sense in core or sense in self.also or sense in self.keep for sense in found.strong)


@cache
def frame_names() -> frozenset[str]:
    """Return the names of all frames: what they stand for in a reading."""
    return frozenset(frame.name for cores in _frames().values() for _, frame, _ in cores if frame.op != _AS_ASKED)


@cache
def settled_names() -> frozenset[str]:
    """Return the names of the frames whose answers stay as they are until somebody changes them."""
    return frozenset(frame.name for cores in _frames().values() for _, frame, _ in cores if frame.settled)


@cache
def _frames() -> Mapping[str, tuple[tuple[int, Frame, frozenset[str]], ...]]:
    """Return the frames with each of their cores, by one word of the core, in the order of the file."""
    rows = tomllib.loads(files("router.reading").joinpath("frames.toml").read_text(encoding="utf-8"))["frame"]
    found: dict[str, list[tuple[int, Frame, frozenset[str]]]] = {}
    for number, row in enumerate(rows):
        frame = _frame(row)
        for core in frame.cores:
            first = min(core, key=lambda word: (word.startswith("?"), word))
            found.setdefault(first, []).append((number, frame, core))
    return {word: tuple(cores) for word, cores in found.items()}


def _frame(row: Mapping[str, str]) -> Frame:
    def listed(key: str) -> frozenset[str]:
        return frozenset(row.get(key, "").split())

    return Frame(
        name=row["name"],
        op=row.get("op", ""),
        cores=tuple(frozenset(line.split()) for line in row["cores"].strip().splitlines()),
        also=listed("also"),
        keep=listed("keep"),
        near=tuple(frozenset(group.split()) for group in row.get("near", "").split(",") if group.strip()),
        without=listed("without"),
        drops=listed("drops"),
        settled=row.get("age") == "config",
        mutual=row.get("mutual") == "yes",
    )


def fit(found: Senses, entities: Sequence[Entity]) -> None:
    """Put the frame that a question fits in the place of its words; one that fits none stays as it is."""
    types = frozenset(entity.type.value for entity in entities) | {entity.value for entity in entities}
    ops = frozenset(f"?{op}" for op in found.ops)
    present = {*found.strong, *found.weak, *ops}
    cores = sorted((each for word in present for each in _frames().get(word, ())), key=lambda each: each[0])
    for _, frame, core in cores:
        if core <= present and frame.stands_beside(types) and frame.explains(core, found, ops & _ASKING):
            _take_the_place(found, frame, core, entities)
            return


def _take_the_place(found: Senses, frame: Frame, core: frozenset[str], entities: Sequence[Entity]) -> None:
    kept = [sense for sense in found.strong if sense not in core and sense not in frame.also]
    found.strong = [frame.name, *kept]
    found.sources[frame.name] = frame.name
    found.weak -= core
    if frame.op != _AS_ASKED:
        found.ops = {frame.op} if frame.op else set()
    found.mutual = frame.mutual
    found.network = True
    found.implied = frozenset(entity.key for entity in entities if {entity.type.value, entity.value} & frame.drops)
    found.embedded = [entity.type.value for entity in entities if entity.key not in found.implied]
    found.embedded += [sense.replace("_", " ") for sense in found.strong]
