"""Golden questions: what a change of the policy must not get wrong."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from bot.evals.types import Golden
from bot.store.database import Database
from bot.store.eval_tables import golden
from router.types import Clock

BATCH = 200


class GoldenQuestions:
    """Keeps golden questions by id. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, questions: Sequence[Golden]) -> None:
        """Keep questions of distinct ids; one of an id that is there already replaces it."""
        rows = [asdict(one) | {"imported_at": self._clock()} for one in questions]

        def put(connection: Connection) -> None:
            connection.execute(delete(golden).where(golden.c.id.in_([one.id for one in questions])))
            connection.execute(insert(golden), rows)

        if rows:
            await self._database.write(put)

    async def all(self) -> tuple[Golden, ...]:
        """Return every golden question, by id."""
        columns = [golden.c[name] for name in Golden.__dataclass_fields__]
        rows = await self._database.rows(select(*columns).order_by(golden.c.id))
        return tuple(Golden(**row) for row in rows)
