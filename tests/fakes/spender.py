"""A worker's part in money, as a process of its own: many questions at once under a cap, each with its purse and its record."""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.budgets import Budgets
from bot.store.database import Database
from bot.store.ledger import Payer
from bot.store.result import Result
from bot.store.store import Store, make_store
from router.caps import Cap, Span, Whose
from router.types import Attempt, Cost, CostSource, Mode, Outcome, Tier
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
POLICY = make_policy('[budgets]\ntenant_usd_per_day = 1.0\nover = "refuse"\n')
CAP = Cap(Whose.TENANT, Span.DAY, Decimal(1))
PAYER = Payer("T1", "C1", "U1")
WORST = Decimal("0.03")
COST = Decimal("0.0275")
COUNT = 500


def now() -> datetime:
    """Return the one moment at which everything happens."""
    return NOW


async def ask(store: Store, name: str, *, reserve: bool) -> None:
    """Reserve, make the call, and record it, if there is room."""
    question = replace(make_question(question_id=name, key=name), delivery_key=name)
    claim = await store.inbox.add_claimed(question)
    purse = Budgets(store, POLICY, now).purse(question)
    if (
        await purse.reserve(Tier.FRONTIER, WORST)
        if reserve
        else CAP.admits(Tier.FRONTIER, await store.spending.used(PAYER, CAP.whose, CAP.span, NOW))
    ):
        await asyncio.sleep(0.01)
        attempt = Attempt(Tier.FRONTIER, "a/b", Outcome.ANSWERED, 10, NOW, "b", cost=Cost(COST, CostSource.REPORTED))
        await store.records.keep(claim, Result(Mode.ON, None, (attempt,), None), at=NOW, expires_at=NOW)


async def main(url: str, name: str, *, reserve: bool) -> None:
    """Ask at the same time as the other process: both wait for a line on the standard input."""
    database = Database(url, durable=False)
    store = make_store(database, now, owner=name)
    await store.inbox.counts()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    await asyncio.gather(*(ask(store, f"{name}-{number}", reserve=reserve) for number in range(COUNT)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], reserve=sys.argv[3] == "reserve"))
