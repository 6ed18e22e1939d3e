"""Runs rows through the router, one after the other."""

import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from bot.assistant import scope_of
from bot.replay.judge import Replayed, Summary, judge
from bot.replay.rows import Row
from bot.replay.stack import Stack, open_stack, replayable
from bot.store.record_rows import total_cost
from bot.store.result import Result
from bot.types import Conversation, Kind, Platform, Question
from router.policy import Policy
from router.types import Answer, Prompt, Tier

TENANT = "replay"

Report = Callable[[int], None]
"""Told how many rows are done."""


async def replay(rows: Sequence[Row], policy: Policy, report: Report) -> tuple[tuple[Replayed, ...], Summary]:
    """Answer rows, at least one and in the order of their time, and judge the answers by their labels.

    Each row is asked and answered at its own time: the store, the cache and the budgets live by that clock, and the answers
    expire by it. An answer is there for the next row at once: in production, a question that comes while the same one is
    being answered waits for that answer. Every part is the deployment's but for these: the models are simulated (see
    `StandIn`), store and index live in a temporary folder, and no hit is audited. Raises StoreUnavailable, IndexFailure.
    """
    policy = replayable(policy)
    async with open_stack(policy) as stack:
        running = _Run(stack, policy)
        for done, row in enumerate(rows, 1):
            await running.answer(row)
            report(done)
        spent = await stack.store.spending.total(rows[0].at)
    return tuple(running.done), judge(running.done, policy.ttl, spent)


class _Run:
    """The rows that are done so far; a row's question is named by its number, for a row's id may be anything."""

    def __init__(self, stack: Stack, policy: Policy) -> None:
        self._stack = stack
        self._policy = policy
        self._rows: dict[str, Row] = {}
        self.done: list[Replayed] = []

    async def answer(self, row: Row) -> None:
        """Take one row the way that a worker takes a question: inbox, assistant, record, index."""
        stack = self._stack
        stack.clock.begin(row.at)
        question = _question(row, f"r{len(self._rows)}")
        claim = await stack.store.inbox.add_claimed(question)
        started = time.perf_counter()
        result = await stack.assistant.answer(question)
        seconds = time.perf_counter() - started + stack.clock.waited_s
        await stack.store.records.keep(claim, result, at=row.at, expires_at=row.at)
        if stack.remembering:
            # Whoever has not landed is waited for, and this clock stands still: the next row would wait for ever.
            await stack.remembering.landed(question)
            if result.answer:
                await stack.remembering.delivered(question, result.answer)
        await stack.store.inbox.finish(claim)
        self._rows[question.id] = row
        self.done.append(self._replayed(question, row, result, seconds))

    def _replayed(self, question: Question, row: Row, result: Result, seconds: float) -> Replayed:
        answer = result.answer
        match = answer.match if answer and answer.tier is Tier.CACHE else None
        return Replayed(
            row=row,
            scope=scope_of(question, self._policy.scopes.public).key,
            tier=answer.tier if answer else None,
            volatility=row.volatility or (result.decision.volatility if result.decision else None),
            source=self._rows[match.question_id] if match else None,
            similarity=match.similarity if match else None,
            model=answer.model if answer else "",
            usd=total_cost(result.attempts).usd,
            frontier_usd=self._frontier_usd(row, result),
            latency_ms=seconds * 1000,
            reasons=_reasons(result, answer),
        )

    def _frontier_usd(self, row: Row, result: Result) -> Decimal | None:
        """Return what the frontier model would have charged; nothing for a question that the deployment declines unasked."""
        if result.answer is None and not result.attempts:
            return Decimal(0)
        return self._stack.frontier.price(Prompt(self._policy.instructions, row.text)).usd


def _question(row: Row, question_id: str) -> Question:
    """Return a row as it would come from a platform, outside any thread."""
    return Question(
        id=question_id,
        kind=Kind.ASK,
        delivery_key=question_id,
        logical_key=question_id,
        conversation=Conversation(Platform.SLACK, TENANT, row.channel, "", row.visibility),
        user=row.user,
        text=row.text,
        asked_at=row.at,
    )


def _reasons(result: Result, answer: Answer | None) -> tuple[str, ...]:
    """Return why this tier answered: why an earlier answer fits, then the router's reasons; or why nobody answered."""
    if answer is None:
        return (result.failure.text if result.failure else "",)
    if answer.tier is Tier.CACHE and answer.match:
        return (answer.match.reason, *answer.decision.reasons)
    return answer.decision.reasons
