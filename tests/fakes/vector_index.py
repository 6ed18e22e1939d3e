"""A vector index in memory: exact filters, cosine by arithmetic, and failures on demand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import mul

from router.index import IndexFailure, Near, Point, Vector


@dataclass
class FakeIndex:
    """Holds points by id. With `failure` every call fails; `delay_s` makes each search slow."""

    points: dict[str, Point] = field(default_factory=dict)
    failure: IndexFailure | None = None
    delay_s: float = 0.0
    searches: int = 0

    async def nearest(self, vector: Vector, scope: str, entities: str, *, now: float, limit: int) -> tuple[Near, ...]:
        self._check()
        self.searches += 1
        await asyncio.sleep(self.delay_s)
        fitting = [
            Near(point.id, sum(a * b for a, b in zip(vector, point.vector, strict=True)))
            for point in self.points.values()
            if (point.scope, point.entities) == (scope, entities) and point.expires_at > now
        ]
        return tuple(sorted(fitting, key=lambda near: -near.similarity)[:limit])

    async def put(self, points: Sequence[Point]) -> None:
        self._check()
        self.points |= {point.id: point for point in points}

    async def remove(self, ids: Sequence[str]) -> None:
        self._check()
        for question_id in ids:
            self.points.pop(question_id, None)

    async def remove_about(self, keys: Sequence[str]) -> None:
        self._check()
        self.points = {name: point for name, point in self.points.items() if not {*point.entity_keys, *point.tags} & set(keys)}

    async def remove_expired(self, now: float) -> None:
        self._check()
        self.points = {name: point for name, point in self.points.items() if point.expires_at > now}

    async def count(self) -> int:
        self._check()
        return len(self.points)

    async def clear(self) -> None:
        self._check()
        self.points.clear()

    async def close(self) -> None:
        """Nothing to close."""

    def _check(self) -> None:
        if self.failure:
            raise self.failure


@dataclass
class BucketIndex(FakeIndex):
    """A FakeIndex for many points: it looks at those of one scope and one set of entities alone.

    With `ignores_scope` its filter is broken: it finds what belongs to others as well.
    """

    ignores_scope: bool = False
    buckets: dict[tuple[str, str], dict[str, Point]] = field(default_factory=dict)

    async def nearest(self, vector: Vector, scope: str, entities: str, *, now: float, limit: int) -> tuple[Near, ...]:
        bucket = self.buckets.get(self._key(scope, entities), {}).values()
        fitting = [Near(point.id, sum(map(mul, vector, point.vector))) for point in bucket if point.expires_at > now]
        return tuple(sorted(fitting, key=lambda near: -near.similarity)[:limit])

    async def put(self, points: Sequence[Point]) -> None:
        await super().put(points)
        for point in points:
            self.buckets.setdefault(self._key(point.scope, point.entities), {})[point.id] = point

    async def remove(self, ids: Sequence[str]) -> None:
        for point in [self.points[name] for name in ids if name in self.points]:
            self.buckets[self._key(point.scope, point.entities)].pop(point.id, None)
        await super().remove(ids)

    async def clear(self) -> None:
        self.buckets.clear()
        await super().clear()

    def _key(self, scope: str, entities: str) -> tuple[str, str]:
        return ("" if self.ignores_scope else scope, entities)
