"""A vector index in memory: exact filters, cosine by arithmetic, and failures on demand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

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
